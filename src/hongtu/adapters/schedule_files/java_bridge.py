"""Starts the Java worker with a time limit and a bounded heap, and turns its answer into ours."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import refuse
from .limits import Limits

WORKER = Path(__file__).with_name("java_worker.py")


def mpp_to_mspdi(data: bytes, *, file: str, limits: Limits) -> bytes:
    """Microsoft Project XML made of a `.mpp` file by MPXJ in a process of its own.

    Refuses when Java or the extra is missing, on damage, password, time or memory.
    """
    with tempfile.TemporaryDirectory(prefix="hongtu-mpp-") as folder:
        source, target = Path(folder, "in.mpp"), Path(folder, "out.xml")
        source.write_bytes(data)
        _run(["convert", str(source), str(target)], file=file, limits=limits)
        if not target.exists() or target.stat().st_size > limits.file_bytes * 8:
            raise refuse("schedule-file.conversion-failed", file=file, detail="no usable result")
        return target.read_bytes()


def oracle_dates(paths: Sequence[Path], limits: Limits | None = None) -> dict[Path, dict[str, Any]]:
    """Per file the scheduler's name and its tasks' dates, as saved and as MPXJ has them, or an `error`."""
    names = [str(path.resolve()) for path in paths]
    answer = _run(["schedule", *names], file=paths[0].name, limits=limits or Limits())
    return {path: answer["files"][name] for path, name in zip(paths, names, strict=True)}


def _run(arguments: list[str], *, file: str, limits: Limits) -> dict[str, Any]:
    # -I: the worker sees neither our environment's import paths nor the current folder.
    command = [sys.executable, "-I", str(WORKER), str(limits.worker_megabytes), *arguments]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=limits.worker_seconds, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise refuse(
            "schedule-file.conversion-timeout", file=file, seconds=f"{limits.worker_seconds:g}"
        ) from fault
    try:
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        answer = {"detail": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]}
        if "OutOfMemory" in done.stderr:
            raise refuse(
                "schedule-file.conversion-memory", file=file, megabytes=limits.worker_megabytes
            ) from None
        raise refuse("schedule-file.conversion-failed", file=file, detail=answer["detail"][:300]) from None
    match done.returncode:
        case 0:
            return answer
        case 3:
            raise refuse("schedule-file.extra-missing", file=file, detail=answer["detail"])
        case 4:
            raise refuse("schedule-file.java-missing", file=file, detail=answer["detail"][:200])
        case 6:
            raise refuse("schedule-file.conversion-memory", file=file, megabytes=limits.worker_megabytes)
        case _:
            raise refuse("schedule-file.conversion-failed", file=file, detail=str(answer.get("detail"))[:300])
