"""Random levelling problems, and an optimum found by trying every start: shared by the tests of this
folder."""

from __future__ import annotations

from hypothesis import strategies as st

from hongtu.engines.schedule.levelling import Budget, Problem, Relation, RelationKind, Resource, Task


@st.composite
def problems(draw: st.DrawFn, most: int = 7, longest: int = 4, plain: bool = False) -> Problem:
    """Small problems; unless `plain` with all relation types, leads, releases, capacity changes and a
    budget."""
    count = draw(st.integers(1, most))
    kinds = draw(st.integers(1, 3))
    capacities = [draw(st.integers(2, 5)) for _ in range(kinds)]
    tasks = []
    for k in range(count):
        demands = {f"R{r}": draw(st.integers(0, min(3, capacities[r]))) for r in range(kinds)}
        if not plain:
            demands["money"] = draw(st.integers(0, 2))
        release = 0 if plain else draw(st.sampled_from([0, 0, 0, 2]))
        tasks.append(Task(f"t{k}", draw(st.integers(0 if k else 1, longest)), demands, release))
    relations = []
    for b in range(1, count):
        for a in draw(st.sets(st.integers(0, b - 1), max_size=2)):
            kind = RelationKind.FINISH_START if plain else draw(st.sampled_from(list(RelationKind)))
            relations.append(Relation(f"t{a}", f"t{b}", kind, 0 if plain else draw(st.integers(-2, 2))))
    resources = []
    for r, capacity in enumerate(capacities):
        changed = () if plain or draw(st.booleans()) else ((2, draw(st.integers(0, capacity))), (5, capacity))
        resources.append(Resource(f"R{r}", capacity, changed))
    budgets = (
        () if plain else (Budget("money", (0, 4, 8), (draw(st.integers(2, 8)), draw(st.integers(2, 8)))),)
    )
    return Problem(tuple(tasks), tuple(relations), tuple(resources), budgets)


def least_finish(problem: Problem) -> int:
    """The optimum by depth-first trial of every start of every task; for a handful of tasks only."""
    end = 0
    while not _possible(problem, end):
        end += 1
    return end


def _possible(problem: Problem, end: int) -> bool:
    tasks = {task.id: task for task in problem.tasks}
    order = list(tasks)
    starts: dict[str, int] = {}

    def held(name: str) -> bool:
        for relation in problem.relations:
            if relation.successor != name:
                continue
            a, b = tasks[relation.predecessor], tasks[name]
            first = starts[a.id] + (a.duration if relation.kind.value[0] == "F" else 0)
            second = starts[b.id] + (b.duration if relation.kind.value[1] == "F" else 0)
            if second < first + relation.lag:
                return False
        return True

    def affordable() -> bool:
        running = [(tasks[name], start) for name, start in starts.items()]
        for time in range(end):
            busy = [task for task, start in running if start <= time < start + task.duration]
            for resource in problem.resources:
                if sum(task.demands.get(resource.id, 0) for task in busy) > resource.capacity_at(time):
                    return False
        for budget in problem.budgets:
            for low, high, amount in zip(
                budget.boundaries, budget.boundaries[1:], budget.amounts, strict=False
            ):
                units = [
                    task.demands.get(budget.id, 0)
                    * max(0, min(start + task.duration, high) - max(start, low))
                    for task, start in running
                ]
                if sum(units) > amount:
                    return False
        return True

    def place(position: int) -> bool:
        if position == len(order):
            return True
        task = tasks[order[position]]
        for start in range(task.release, end - task.duration + 1):
            starts[task.id] = start
            if held(task.id) and affordable() and place(position + 1):
                return True
            del starts[task.id]
        return False

    return place(0)
