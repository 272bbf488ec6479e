"""A worker to be killed while it sends notices; see tests/mortal_workers.py.

The statement that follows a request to the gateway is the one that would keep its success, so that kills fall
between sending and keeping, too.
"""

from tests.mortal_workers import Hourglass, fork_workers, work_off


def work(fatal: int) -> None:
    from hongtu.kernel.notices import actions

    glass = Hourglass(fatal)
    actions.drain = glass.around(actions.drain)
    work_off("notices", glass)


if __name__ == "__main__":
    import django

    django.setup()
    import hongtu.boards.jobs  # noqa: F401

    fork_workers(work)
