"""The long search for joint schedules, outside any transaction: progress shown, stopped when asked."""

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from typing import Any

from hongtu.domains.projects import vocab
from hongtu.domains.projects.actions.faces import finish_joint_schedule, report_progress
from hongtu.domains.projects.models import JointRun
from hongtu.engines.schedule.worksite import Limits, Progress, WorksiteError, plan, report_of, scene_of

_LOOK = 0.4  # seconds between two looks at the stop flag
_OPEN = (vocab.RunState.QUEUED, vocab.RunState.RUNNING)


def solve_run(run_id: int) -> str:
    """Search for a queued run and keep what was found; its state. Safe to run twice.

    The engine works in a thread of its own and never touches the database; this thread writes its progress
    and reads the stop flag.
    """
    run = JointRun.objects.get(pk=run_id)
    if run.state not in _OPEN:
        return run.state
    seen: list[Progress] = []
    stop: list[bool] = []
    limits = Limits(seconds=float(run.seconds), should_stop=lambda: bool(stop), on_progress=seen.append)
    begun = time.monotonic()
    report_progress(run, state=vocab.RunState.RUNNING.value)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(_search, run.scene, limits)
        while True:
            try:
                report, faults = future.result(timeout=_LOOK)
                break
            except StillRunning:
                known: dict[str, Any] = {"elapsed": time.monotonic() - begun}
                if seen:
                    last = seen[-1]
                    known |= {"stage": last.stage, "objective": last.objective, "bound": last.bound}
                if report_progress(run, **known):
                    stop.append(True)
    state = vocab.RunState.STOPPED if stop else vocab.RunState.DONE
    if faults:
        state = vocab.RunState.FAILED
    report_progress(run, elapsed=time.monotonic() - begun)
    finish_joint_schedule(by=None, run=run, report=report, state=state.value, faults=faults)
    return state.value


def _search(document: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], list[Any]]:
    try:
        scene = scene_of(document)
        limits.begun = time.monotonic()
        return report_of(plan(scene, limits)), []
    except WorksiteError as error:
        return {}, [fault.as_dict() for fault in error.faults]
