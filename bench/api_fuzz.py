"""Twenty thousand cases that schemathesis makes out of our OpenAPI (and the GeoReport addresses): no 5xx.

    python bench/api_fuzz.py [--cases 20000] [--seed 1] [--full]

An empty test database with one record in every ledger, requests in this process, each rolled back. Prints
the answers by status, cases a second, and every fault; exit code 1 when there is one. Without arguments it
sends 1,000; --full sends 20,000.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")


class Enough(Exception):
    """Every operation had its turn, and there were as many cases as asked for."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--full", action="store_true")
    given = options.parse_args()
    import django

    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment(debug=False)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    setup_databases(verbosity=0, interactive=False, keepdb=True)  # all is rolled back: kept for the next run
    with TemporaryDirectory() as files, transaction.atomic():
        settings.MEDIA_ROOT = Path(files)
        faults = send(20_000 if given.full else given.cases, given.seed)
        transaction.set_rollback(True)
    return 1 if faults else 0


def send(cases: int, number: int) -> int:
    """Send them; how many faults there were."""
    from tests.contract.fuzz import Fuzz, operations
    from tests.contract.test_api_fuzz import populate
    from tests.contract.world import build

    world = build()
    populate(world)
    fuzz = Fuzz(world.wang, number)
    began = time.perf_counter()
    each = max(1, round(cases / (2 * len(operations()))))

    def step(label: str) -> None:
        seconds = time.perf_counter() - began
        line = f"{fuzz.outcome.cases:6,} cases {seconds:6.0f} s {len(fuzz.outcome.faults)} faults  {label}"
        print(line, file=sys.stderr, flush=True)
        if fuzz.number > number and fuzz.outcome.cases >= cases:
            raise Enough

    try:
        while fuzz.outcome.cases < cases:  # narrow operations have fewer different cases than asked for
            fuzz.run(each, step)
            fuzz.number += 1
    except Enough:
        pass
    except KeyboardInterrupt:
        print("stopped early", flush=True)
    finally:
        fuzz.close()
    seconds = time.perf_counter() - began
    outcome = fuzz.outcome
    print(f"{outcome.cases:,} cases over {len(operations())} operations in {seconds:.0f} s", flush=True)
    print("  " + ", ".join(f"{status}: {count:,}" for status, count in sorted(outcome.statuses.items())))
    print(f"  5xx or refused at commit: {len(outcome.faults)}")
    for fault in outcome.faults[:50]:
        print(f"\n{fault}")
    return len(outcome.faults)


if __name__ == "__main__":
    sys.exit(main())
