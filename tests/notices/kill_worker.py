"""A worker to be killed while it sends notices; how it is killed is said in tests/ledger/kill_worker.py.

For each number n on standard input a forked child works off the queue and kills itself with SIGKILL at its
n-th database statement inside the delivery; 0 lets it live. The statement that follows a request to the
gateway is the one that would keep its success, so that kills fall between sending and keeping, too.
"""

import os
import sys

from tests.ledger.kill_worker import Hourglass


def work(fatal: int) -> None:
    """Be the worker until the queue is empty."""
    from django.core.management import call_command
    from django.db.backends.signals import connection_created

    from hongtu.kernel.notices import actions

    glass = Hourglass(fatal)
    connection_created.connect(glass.watch, weak=False)
    drain = actions.drain

    def drained(*given: object) -> object:
        glass.inside = True
        told = drain(*given)
        glass.inside = False
        return told

    actions.drain = drained  # type: ignore[assignment]
    call_command("procrastinate", "worker", "--one-shot", "--queues=notices", verbosity=0)


def main() -> None:
    import django

    django.setup()
    import hongtu.boards.jobs  # noqa: F401

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
