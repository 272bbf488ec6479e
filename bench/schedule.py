"""Speed of the schedule engine beside networkx, igraph and a plain compiled pass. One line per ratio.

python bench/schedule.py          100,000 activities against networkx, a million otherwise
python bench/schedule.py --full   a million activities against networkx as well (minutes)
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

import igraph
import networkx
import numba
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from hongtu.engines.schedule.bulk import BulkPlan
from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.cpm import Planner
from hongtu.engines.schedule.model import Activity, Duration, Network, Relation, RelationType
from hongtu.engines.schedule.scenarios import ScenarioPlan

Arrays = dict[str, NDArray[np.int32]]


def network(count: int, relations: int, seed: int = 1) -> Arrays:
    """A random network whose activities are numbered in no useful order; all four types, lags -2..4."""
    rng = np.random.default_rng(seed)
    head = rng.integers(1, count, relations)
    tail = np.maximum(head - rng.geometric(1 / 200, relations), 0)
    names = rng.permutation(count)
    pairs = np.unique(np.stack([names[tail], names[head]]), axis=1)
    rng.shuffle(pairs, axis=1)
    kinds = rng.integers(0, 4, pairs.shape[1])
    return {
        "tail": pairs[0].astype(np.int32),
        "head": pairs[1].astype(np.int32),
        "from_finish": np.array([1, 0, 1, 0], np.int32)[kinds],
        "to_finish": np.array([0, 0, 1, 1], np.int32)[kinds],
        "lag": rng.integers(-2, 5, pairs.shape[1]).astype(np.int32),
        "duration": rng.integers(1, 30, count).astype(np.int32),
    }


def best(function: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Shortest of several runs, and the last result."""
    shortest, result = float("inf"), None
    for _ in range(times):
        begun = time.perf_counter()
        result = function()
        shortest = min(shortest, time.perf_counter() - begun)
    return shortest, result


def by_networkx(net: Arrays) -> tuple[list[int], list[int]]:
    """The same two passes on a networkx graph, the way its documentation leads one to write them."""
    graph = networkx.DiGraph()
    duration = net["duration"].tolist()
    graph.add_nodes_from(range(len(duration)))
    columns = (net[name].tolist() for name in ("tail", "head", "from_finish", "to_finish", "lag"))
    graph.add_edges_from(
        (a, b, {"f": f, "t": t, "lag": lag}) for a, b, f, t, lag in zip(*columns, strict=True)
    )
    order = list(networkx.topological_sort(graph))
    early = [0] * len(duration)
    for i in order:
        start = 0
        for p, data in graph.pred[i].items():
            bound = early[p] + data["lag"] + (duration[p] if data["f"] else 0)
            start = max(start, bound - (duration[i] if data["t"] else 0))
        early[i] = start
    finish = max(e + d for e, d in zip(early, duration, strict=True))
    late = [0] * len(duration)
    for i in reversed(order):
        start = finish - duration[i]
        for s, data in graph.succ[i].items():
            bound = late[s] + (duration[s] if data["t"] else 0) - data["lag"]
            start = min(start, bound - (duration[i] if data["f"] else 0))
        late[i] = start
    return early, late


@numba.njit
def single_pass(
    order: Any,
    pointer: Any,
    tail: Any,
    source: Any,
    target: Any,
    lag: Any,
    duration: Any,
    early: Any,
    late: Any,
) -> None:
    """A straightforward compiled forward and backward pass over predecessor lists in topological order."""
    finish = 0
    for at in range(len(order)):
        i = order[at]
        start = 0
        for k in range(pointer[at], pointer[at + 1]):
            p = tail[k]
            bound = early[p] + lag[k]
            if source[k]:
                bound += duration[p]
            if target[k]:
                bound -= duration[i]
            if bound > start:
                start = bound
        early[i] = start
        finish = max(finish, start + duration[i])
    for i in range(len(duration)):
        late[i] = finish - duration[i]
    for at in range(len(order) - 1, -1, -1):
        i = order[at]
        for k in range(pointer[at], pointer[at + 1]):
            p = tail[k]
            bound = late[i] - lag[k]
            if target[k]:
                bound += duration[i]
            if source[k]:
                bound -= duration[p]
            if bound < late[p]:
                late[p] = bound


def plan_of(net: Arrays) -> BulkPlan:
    """Our plan of a network: what a cold start has to do before the passes."""
    return BulkPlan(
        len(net["duration"]), net["tail"], net["head"], net["lag"], net["from_finish"], net["to_finish"]
    )


def against_networkx(table: Table, count: int) -> None:
    """Cold and warm against networkx on one network; dates compared."""
    net = network(count, count * 3 // 2)
    theirs, (early, late) = best(lambda: by_networkx(net), 1)
    cold, _ = best(lambda: plan_of(net).run(net["duration"]), 3)
    plan = plan_of(net)
    warm, result = best(lambda: plan.run(net["duration"]), 20)
    assert result.in_order(result.early_start).tolist() == early
    assert result.in_order(result.late_start).tolist() == late
    size = f"{count:,} activities, {len(net['tail']):,} relations"
    table.add_row(
        "cold: layout and both passes", size, _ms(cold), "networkx", _ms(theirs), _x(theirs / cold), "30x"
    )
    table.add_row(
        "warm: both passes, layout kept", size, _ms(warm), "networkx", _ms(theirs), _x(theirs / warm), "300x"
    )


def against_compiled(table: Table, count: int) -> None:
    """Cold against igraph's topological order alone, warm against a compiled pass and a copy."""
    net = network(count, count * 3 // 2)
    cold, plan = best(lambda: plan_of(net), 3)
    warm, result = best(lambda: plan.run(net["duration"]), 20)
    size = f"{count:,} activities, {len(net['tail']):,} relations"

    def by_igraph() -> list[int]:
        edges = np.stack([net["tail"], net["head"]], axis=1)
        return igraph.Graph(n=count, edges=edges, directed=True).topological_sorting()

    graph, _ = best(by_igraph, 1)
    table.add_row(
        "cold: layout and both passes",
        size,
        _ms(cold + warm),
        "igraph: order only",
        _ms(graph),
        _x(graph / (cold + warm)),
        "",
    )
    shape = plan.layout
    early, late = np.empty(count, np.int32), np.empty(count, np.int32)
    columns = [net[name][shape.slots] for name in ("tail", "from_finish", "to_finish", "lag")]
    arguments = (shape.order, shape.pointer, *columns, net["duration"], early, late)
    single_pass(*arguments)
    plain, _ = best(lambda: single_pass(*arguments), 10)
    assert (result.in_order(result.late_start) == late).all()
    table.add_row(
        "warm: both passes, all five results",
        size,
        _ms(warm),
        "numba: plain pass, starts only",
        _ms(plain),
        _x(plain / warm),
        "1/3x",
    )
    arrays = [plan.tail, plan.head, plan.code, plan.weight, net["duration"], *plan.columns]
    copied, _ = best(lambda: [array.copy() for array in arrays], 10)
    table.add_row(
        "warm against one copy of its arrays",
        size,
        _ms(warm),
        "numpy: copy",
        _ms(copied),
        f"{warm / copied:.1f} copies",
        "10, stretch 3",
    )


def portfolio(count: int = 1200) -> Network:
    """Chains of ten on a statutory and a site calendar, tied together here and there."""
    rng = random.Random(1)
    office = Calendar.statutory(
        "office", holidays=[date(2026, 10, d) for d in range(1, 8)], make_up_days=[date(2026, 10, 10)]
    )
    site = Calendar.working_week("site", days=range(6), shifts=((0, 1440),))
    activities = [
        Activity(f"s{i}", duration=Duration.days(rng.randint(2, 30)), calendar=rng.choice(("office", "site")))
        for i in range(count)
    ]
    relations = [Relation(f"s{i - 1}", f"s{i}") for i in range(1, count) if i % 10]
    for _ in range(count // 2):
        a, b = sorted(rng.sample(range(count), 2))
        kind = rng.choice(list(RelationType))
        relations.append(Relation(f"s{a}", f"s{b}", kind, Duration.days(rng.randint(0, 5))))
    return Network(activities, relations, date(2026, 1, 5), calendars=(office, site))


def everyday(table: Table) -> None:
    """The portfolio of 120 chains: one recomputation, and ten thousand futures."""
    plan = portfolio()
    planner = Planner(plan)
    planner.run()
    again, _ = best(planner.run, 50)
    size = f"{len(plan.activities):,} items, {len(plan.relations):,} relations, 2 calendars"
    table.add_row("recomputed: all dates, float, driving", size, _ms(again), "limit", "1 ms", "", "1 ms")
    scenarios = ScenarioPlan(plan)
    rng = np.random.default_rng(1)
    runs = 10_000
    spread = rng.lognormal(0, 0.3, (len(scenarios.ids), runs))
    lengths = np.rint(scenarios.base_duration[:, None] * spread).astype(np.int32)
    futures, _ = best(lambda: scenarios.run(lengths), 3)
    judged, _ = best(lambda: scenarios.run(lengths, criticality=True), 3)
    one_by_one, _ = best(lambda: [planner.run() for _ in range(100)], 1)
    table.add_row(
        "10,000 futures with calendars",
        size,
        _ms(futures),
        "one by one",
        _ms(one_by_one * 100),
        _x(one_by_one * 100 / futures),
        "0.3 s",
    )
    table.add_row(
        "10,000 futures and criticality",
        size,
        _ms(judged),
        "one by one",
        _ms(one_by_one * 100),
        _x(one_by_one * 100 / judged),
        "",
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.2f} ms"


def _x(ratio: float) -> str:
    return f"{ratio:,.1f}x"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million activities against networkx too")
    full = parser.parse_args().full
    table = Table(
        "measured", "size", "Hongtu", "peer", "peer's time", "ratio", "aim", title="engines/schedule"
    )
    against_networkx(table, 1_000_000 if full else 100_000)
    against_compiled(table, 1_000_000)
    everyday(table)
    Console(width=190).print(table)


if __name__ == "__main__":
    main()
