"""A worker of imports to be killed; see tests/mortal_workers.py.

It dies inside an import or a dry run, or, when that has fewer statements than its number, at once after it
committed and before the queue hears of it. A living one prints how many statements its job used.
"""

from tests.mortal_workers import Hourglass, fork_workers, work_off


def work(fatal: int) -> None:
    from hongtu.ledger.imports import run

    glass = Hourglass(fatal)
    run.run = glass.around(run.run, fatal_after=True)
    run.run_check = glass.around(run.run_check, fatal_after=True)
    work_off("imports", glass)
    print(f"statements {glass.seen}", flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    import hongtu.ledger.imports.run
    import hongtu.ledger.jobs  # noqa: F401

    fork_workers(work)
