"""A worker to be killed: for each number n on standard input it forks a child that is the worker as it runs
beside a server (`procrastinate worker`), told to end when the queue is empty.

The child kills itself with SIGKILL at its n-th database statement inside an import or a dry run, or, when
that has fewer, at once after it committed and before the queue hears of it; 0 lets it live. So the moments
are the same on a fast and on a slow machine. Forked, not started, so that seventy workers take seconds; the
parent opens no database connection. It prints how many statements a living child used, then `killed` or
`ended 0`.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any


class Hourglass:
    """Counts database statements while `inside`, and kills the process at the one it was set to."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.seen, self.inside = fatal, 0, False

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            self.inside = True
            result = work(*given, **named)
            self.inside = False
            if self.fatal:
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


def work(fatal: int) -> None:
    """Be the worker until the queue is empty."""
    from django.core.management import call_command
    from django.db.backends.signals import connection_created

    from hongtu.ledger.imports import run

    glass = Hourglass(fatal)
    connection_created.connect(glass.watch, weak=False)
    run.run, run.run_check = glass.around(run.run), glass.around(run.run_check)
    call_command("procrastinate", "worker", "--one-shot", "--queues=imports", verbosity=0)
    print(f"statements {glass.seen}", flush=True)


def main() -> None:
    import django

    django.setup()
    import hongtu.ledger.imports.run
    import hongtu.ledger.jobs  # noqa: F401

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


if __name__ == "__main__":
    main()
