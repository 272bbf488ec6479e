"""Workers to be killed, for the tests that kill fifty of them.

A script (`kill_worker.py` of a room's tests) calls `fork_workers(work)`: for each number n on standard input
it forks a child that is the worker as it runs beside a server (`procrastinate worker`), told to end when the
queue is empty. The child kills itself with SIGKILL at its n-th database statement inside the job (see
Hourglass); 0 lets it live. So the moments are the same on a fast and on a slow machine. Forked, not started,
so that seventy workers take seconds; the parent opens no database connection. It prints what the child
printed, then `killed` or `ended 0`.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


class Hourglass:
    """Counts database statements while `inside`, and kills the process at the one it was set to."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.seen, self.inside = fatal, 0, False

    def around(self, work: Callable[..., Any], *, fatal_after: bool = False) -> Callable[..., Any]:
        """`work`, counted. fatal_after: a worker that outlives its number dies at once after the work."""

        def wrapped(*given: Any, **named: Any) -> Any:
            self.inside = True
            result = work(*given, **named)
            self.inside = False
            if fatal_after and self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    def execute(self, execute: Any, *given: Any) -> Any:
        if self.inside:
            self.seen += 1
            if self.seen == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(*given)

    def watch(self, connection: Any, **_signal: Any) -> None:
        connection.execute_wrappers.append(self.execute)


def work_off(queue: str, glass: Hourglass) -> None:
    """Be the worker of a queue until it is empty."""
    from django.core.management import call_command
    from django.db.backends.signals import connection_created

    connection_created.connect(glass.watch, weak=False)
    call_command("procrastinate", "worker", "--one-shot", f"--queues={queue}", verbosity=0)


def fork_workers(work: Callable[[int], None]) -> None:
    """The main loop of a script; see above."""
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                work(int(line))
                code = 0
            finally:
                os._exit(code)
        _pid, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}", flush=True)


def database_url() -> str:
    """The address of the database the test is on."""
    known = connection.settings_dict
    user, password = quote(known["USER"] or ""), quote(known["PASSWORD"] or "")
    host = quote(known["HOST"] or "", safe="")
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    return f"postgresql://{user}:{password}@/{known['NAME']}?host={host}{port}"


def forget_jobs() -> None:
    """Empty the queue: other tests queue jobs that nobody works off."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def heartbeats_stop() -> None:
    """As if half a minute had passed since the dead workers' last heartbeat."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")


class Workers:
    """One worker process after the other, out of a script."""

    def __init__(self, script: Path, home: Path, settings: Mapping[str, str] | None = None) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "HONGTU_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "hongtu.site.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            **(settings or {}),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(script)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def run(self, fatal: int) -> tuple[bool, list[str]]:
        """A worker that is to die at this statement (0: never): was it killed, and what it printed."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{fatal}\n")
        printed = []
        while (line := self._line()) not in ("killed", "ended 0"):
            assert line and not line.startswith("ended"), "the worker failed"
            printed.append(line)
        return line == "killed", printed

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)
