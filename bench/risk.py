"""Schedule risk beside what people do in Python: run by run with networkx, or task by task with NumPy.

python bench/risk.py          1,200 tasks x 10,000 runs; peers timed on fewer runs and scaled
python bench/risk.py --full   the same, and P80 against a run of 1,000,000
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import networkx
import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.model import Activity, Duration, Network, Relation, RelationType
from hongtu.engines.schedule.risk import (
    Pert,
    Promise,
    RiskAnalysis,
    RiskEvent,
    RiskModel,
    RiskSettings,
    Triangular,
    Uncertainty,
)

RUNS = 10_000
CAUSES = ("weather", "approving office", "contractor", "neighbour")


def portfolio(count: int = 1_200) -> RiskModel:
    """120 chains of ten on two calendars, cross relations of four types, four causes, five events."""
    dice = random.Random(1)
    holidays = [date(2026, 10, d) for d in range(1, 8)]
    office = Calendar.statutory("office", holidays=holidays, make_up_days=[date(2026, 10, 10)])
    site = Calendar.working_week("site", days=range(6), shifts=((0, 1440),))
    days = [dice.randint(2, 30) for _ in range(count)]
    activities = [
        Activity(f"s{i}", duration=Duration.days(days[i]), calendar=dice.choice(("office", "site")))
        for i in range(count)
    ]
    relations = [Relation(f"s{i - 1}", f"s{i}") for i in range(1, count) if i % 10]
    for _ in range(count // 2):
        a, b = sorted(dice.sample(range(count), 2))
        lag = Duration.days(dice.randint(0, 5))
        relations.append(Relation(f"s{a}", f"s{b}", dice.choice(list(RelationType)), lag))
    uncertainties = [
        Uncertainty(f"s{i}", (Pert if i % 2 else Triangular)(d * 0.8, d, d * 1.7), {CAUSES[i % 4]: 0.6})
        for i, d in enumerate(days)
    ]
    events = [
        RiskEvent(f"e{k}", 0.2, {f"s{dice.randrange(count)}": Triangular(5, 10, 30) for _ in range(20)})
        for k in range(5)
    ]
    promises = [
        Promise(f"c{k}", date(2026, 12, 31), tuple(f"s{i}" for i in range(10 * k, 10 * k + 10)))
        for k in range(count // 10)
    ]
    network = Network(activities, relations, date(2026, 1, 5), calendars=(office, site))
    return RiskModel(network, uncertainties, events, promises=[*promises, Promise("all")])


def by_networkx(model: RiskModel, runs: int) -> float:
    """Seconds of one forward pass a run over a networkx graph: no calendars, what people write first."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(a.id for a in model.network.activities)
    graph.add_edges_from((r.predecessor, r.successor) for r in model.network.relations)
    low = {u.activity: u.duration for u in model.uncertainties}
    dice = random.Random(1)
    begun = time.perf_counter()
    for _ in range(runs):
        finish: dict[str, float] = {}
        for node in networkx.topological_sort(graph):
            d: Any = low[node]
            length = dice.triangular(d.low, d.high, d.likely)
            finish[node] = max((finish[p] for p in graph.predecessors(node)), default=0.0) + length
    return time.perf_counter() - begun


def by_numpy(model: RiskModel, runs: int) -> float:
    """Seconds of NumPy with all runs at once, activity by activity: independent triangular draws, no
    calendars."""
    into: dict[str, list[str]] = {a.id: [] for a in model.network.activities}
    graph = networkx.DiGraph()
    graph.add_nodes_from(into)
    for r in model.network.relations:
        into[r.successor].append(r.predecessor)
        graph.add_edge(r.predecessor, r.successor)
    order = list(networkx.topological_sort(graph))
    rng = np.random.default_rng(1)
    begun = time.perf_counter()
    finish: dict[str, Any] = {}
    spreads: dict[str, Any] = {u.activity: u.duration for u in model.uncertainties}
    for node in order:
        d = spreads[node]
        start = np.max([finish[p] for p in into[node]], axis=0) if into[node] else np.zeros(runs)
        finish[node] = start + rng.triangular(d.low, d.likely, d.high, runs)
    np.max(list(finish.values()), axis=0)
    return time.perf_counter() - begun


def best(function: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Shortest of several runs, and the last result."""
    shortest, result = float("inf"), None
    for _ in range(times):
        begun = time.perf_counter()
        result = function()
        shortest = min(shortest, time.perf_counter() - begun)
    return shortest, result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    model = portfolio()
    analysis = RiskAnalysis(model)
    bare = RiskSettings(RUNS, sensitivity=False, criticality=False)
    analysis.run(RiskSettings(100))
    lean, _ = best(lambda: analysis.run(bare), 5)
    whole, result = best(lambda: analysis.run(RiskSettings(RUNS)), 3)
    cold, _ = best(lambda: RiskAnalysis(model).run(bare), 3)
    graph = by_networkx(model, 20) * RUNS / 20
    arrays, _ = best(lambda: by_numpy(model, RUNS), 2)
    table = Table(title=f"Risk: {len(model.network.activities):,} tasks x {RUNS:,} runs, 120 promises")
    for heading in ("what", "seconds", "networkx by run", "NumPy by task", "aim"):
        table.add_column(heading)

    def row(what: str, seconds: float, aim: str) -> None:
        ratios = f"{graph:.1f} s: {graph / seconds:.0f}x", f"{arrays:.2f} s: {arrays / seconds:.1f}x"
        table.add_row(what, f"{seconds:.3f}", *ratios, aim)

    row("sampling, calendars, correlation, events, all dates", lean, "0.3 s")
    row("the same from a cold model (layout, tables, quantiles)", cold, "")
    row("with criticality and sensitivity of everything", whole, "")
    console = Console()
    console.print(table)
    console.print("The peers know no calendars, no correlation, no events, FS relations only.")
    if given.full:
        reference = analysis.run(RiskSettings(1_000_000, seed=99, sensitivity=False, criticality=False))
        moments = [
            np.array([np.quantile(r.promise(name).finish, 0.8, method="inverted_cdf")])
            for name in [p.name for p in model.promises]
            for r in (reference, result)
        ]
        gaps = [
            abs(float(analysis.working_days(a, b)[0]))
            for a, b in zip(moments[::2], moments[1::2], strict=True)
        ]
        console.print(
            f"P80 of 10,000 against 1,000,000 runs: worst of {len(gaps)} promises {max(gaps):.1f} working "
            f"days, mean {np.mean(gaps):.2f} (aim: within one)"
        )


if __name__ == "__main__":
    main()
