"""The engine against MPXJ's Primavera scheduler on random networks: how many differ, and how fast each is.

python bench/schedule_oracle.py [--full]    1,000 networks, or all 10,000
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from hongtu.engines.schedule.cpm import schedule  # noqa: E402
from tests.engines.schedule.networks import random_network  # noqa: E402
from tests.engines.schedule.oracle import FIELDS, compare, oracle  # noqa: E402


def run(count: int, calendars: int) -> tuple[dict[str, int], int, int, int, float, float]:
    """Fields that differ, networks that differ, activities, negative ones, our seconds, the oracle's."""
    wrong = dict.fromkeys(FIELDS, 0)
    differing = activities = negative = 0
    ours = theirs = 0.0
    for seed in range(count):
        network = random_network(seed, calendars=calendars)
        begun = time.perf_counter()
        result = schedule(network)
        middle = time.perf_counter()
        expected = oracle(network)
        theirs += time.perf_counter() - middle
        ours += middle - begun
        found = compare(network, result, expected)
        differing += bool(found)
        activities += len(result.ids)
        negative += bool((result.total_float < 0).any())
        for line in found:
            wrong[line.split(":")[0].split(".")[1]] += 1
    return wrong, differing, activities, negative, ours, theirs


def main() -> None:
    """Print the agreement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="10,000 networks")
    count = 10_000 if parser.parse_args().full else 1_000
    table = Table(
        "networks", "activities", "with negative float", "networks that differ", *FIELDS, "ours", "oracle"
    )
    for calendars, share in ((1, count), (2, count // 10)):
        wrong, differing, activities, negative, ours, theirs = run(share, calendars)
        agree = [f"{1 - wrong[field] / activities:.3%}" for field in FIELDS]
        kind = f"{share:,} ({'one calendar' if calendars == 1 else 'two calendars'})"
        table.add_row(
            kind, f"{activities:,}", str(negative), str(differing), *agree, f"{ours:.1f} s", f"{theirs:.1f} s"
        )
    console = Console(width=170)
    console.print(table)
    console.print(
        "With two calendars the oracle rounds moments in free time case by case (zero lags to the nearest "
        "side, others forward); the engine has one rule. That row is for information."
    )


if __name__ == "__main__":
    main()
