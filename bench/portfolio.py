"""The district's 120 chains of 1,200 steps recomputed through the database: read, all dates, written back.

The peer is the same work a chain at a time, as a page that saves one chain does it.
"""

import argparse
import statistics
import time
from collections.abc import Callable

AIM = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--full", action="store_true", help="31 times each")
    given = parser.parse_args()
    runs = 31 if given.full else given.runs
    from _district import demonstration_district  # found beside the script, not by who imports a part of it

    with demonstration_district():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from hongtu.kernel.chains.models import Chain, Step
        from hongtu.kernel.chains.scheduling import compute
        from hongtu.kernel.chains.store import write_dates
        from hongtu.kernel.profile.models import today

        def at_once() -> None:
            write_dates(compute(list(Chain.objects.all()), today()))

        def one_by_one() -> None:
            for chain in Chain.objects.all():
                write_dates(compute([chain], today()))

        at_once()
        with CaptureQueriesContext(connection) as asked:
            ours = median(at_once, runs)
        queries, peer = len(asked) // runs, median(one_by_one, min(runs, 5))
        print(f"{Chain.objects.count()} chains, {Step.objects.count():,} steps")
        print(f"all at once: median {ours:6.1f} ms, {queries} queries (aim {AIM} ms)")
        print(f"one by one:  median {peer:6.1f} ms, {peer / ours:.1f} x our time")


def median(work: Callable[[], None], runs: int) -> float:
    """Median wall-clock milliseconds."""
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1e3)
    return statistics.median(found)


if __name__ == "__main__":
    main()
