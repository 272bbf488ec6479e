"""A worker to be killed: for each import number on standard input it forks a child that carries it out.

Forked, not started, so that fifty kills take seconds. The parent opens no database connection. It prints
the child's process number, and `ended` once the child is gone.
"""

import os
import sys


def main() -> None:
    import django

    django.setup()
    from hongtu.ledger.imports.run import run

    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run(int(line))
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)
        _pid, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}", flush=True)


if __name__ == "__main__":
    main()
