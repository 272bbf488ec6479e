"""The joint schedule of a cluster as a CP-SAT model.

Strength comes from four things: start windows cut down by a known schedule's cost; one literal for each pair
that can still meet within those windows and none for the others; for each literal the least start and the
least project delay it forces, as linear rows that the relaxation sees; and no-overlap over cliques.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from .model import LinkKind
from .options import Option
from .problem import Problem, Windows
from .result import Part, Placement, whole

Expr = Any  # cp_model.LinearExpr or int
Literal = cp_model.IntVar


@dataclass(slots=True)
class _Use:
    """A possible stay on a footprint: `literal` None means that it surely takes place."""

    task: int
    start: Expr
    end: Expr
    literal: Literal | None
    whole_task: bool  # start and end are the task's own


@dataclass(slots=True)
class _Task:
    start: Expr
    end: Expr
    literals: list[Literal | None]
    bounds: dict[int, list[Expr]]  # option -> boundaries of its parts (multi-part options only)
    steps: dict[int, list[Literal | None]]  # option -> whether the part lasts at least a day


class Formulation:
    """Variables and rows; `loss[p]` is project p's loss in yuan, `late[p]` its days past the promise."""

    def __init__(self, problem: Problem, windows: Windows, most_delay: dict[int, int]) -> None:
        self.problem, self.windows, self.most_delay = problem, windows, most_delay
        self.model = cp_model.CpModel()
        self.tasks: dict[int, _Task] = {}
        self.uses: dict[int, list[_Use]] = {}
        self.delay: dict[int, Expr] = {}
        self.late: dict[int, Expr] = {}
        self.money: dict[int, list[Expr]] = {number: [] for number in problem.projects}
        self.before: dict[tuple[int, int, int, int], Literal] = {}
        for index in problem.tasks:
            self._add_task(index)
        self._add_links()
        self._add_projects()
        self._add_clashes()
        self.loss: dict[int, Expr] = {
            number: sum(self.money[number])
            + whole(problem.scene.projects[number].delay_cost_per_day) * self.delay[number]
            for number in problem.projects
        }

    # -- one space ------------------------------------------------------------------------------------------

    def _add_task(self, index: int) -> None:
        problem, model = self.problem, self.model
        options = problem.options[index]
        low, high = self.windows[index]
        start: Expr = low if low == high else model.new_int_var(low, high, f"s{index}")
        least, most = min(o.minimum for o in options), max(self._longest(o) for o in options)
        space = problem.scene.spaces[index]
        if least == most:
            end: Expr = start + least
        else:
            latest = min(high + most, problem.horizon, space.latest_finish or problem.horizon)
            end = model.new_int_var(low + least, max(low + least, latest), f"e{index}")
        if problem.is_pinned(index) and not isinstance(end, int) and problem.scene.data_date is not None:
            model.add(end >= problem.scene.data_date)
        literals: list[Literal | None] = [None]
        if len(options) > 1:
            literals = [model.new_bool_var(f"o{index}_{k}") for k in range(len(options))]
            model.add_exactly_one([literal for literal in literals if literal is not None])
        task = _Task(start, end, literals, {}, {})
        self.tasks[index] = task
        self._price_start(index, task)
        for number, option in enumerate(options):
            if len(option.parts) == 1:
                self._single(index, task, option, literals[number], least == most)
            else:
                self._several(index, task, number, option)
        self._collect_single_uses(index, task, options)

    def _longest(self, option: Option) -> int:
        return self.problem.horizon if option.gap else option.maximum

    def _price_start(self, index: int, task: _Task) -> None:
        space = self.problem.scene.spaces[index]
        rate = whole(space.delay_cost_per_day)
        if not rate or isinstance(task.start, int):
            late = max(0, task.start - space.start) if isinstance(task.start, int) else 0
            self._pay(index, rate * late)
        elif self.windows[index][0] >= space.start:
            self._pay(index, rate * (task.start - space.start))
        else:
            self._pay(index, rate * self._positive(task.start - space.start, None))

    def _pay(self, index: int, amount: Expr) -> None:
        project = self.problem.scene.project_index[self.problem.scene.spaces[index].project]
        if not (isinstance(amount, int) and amount == 0):
            self.money[project].append(amount)

    def _positive(self, amount: Expr, literal: Literal | None) -> cp_model.IntVar:
        """A variable at least `amount` (if `literal`), at least zero."""
        variable = self.model.new_int_var(0, 2 * self.problem.horizon, "")
        row = self.model.add(variable >= amount)
        if literal is not None:
            row.only_enforce_if(literal)
        return variable

    def _single(
        self, index: int, task: _Task, option: Option, literal: Literal | None, constant: bool
    ) -> None:
        model, rule, days = self.model, option.parts[0], task.end - task.start
        if literal is None and option.minimum != option.maximum:
            model.add_linear_constraint(days, option.minimum, option.maximum)
        elif literal is not None and not constant:
            model.add_linear_constraint(days, option.minimum, option.maximum).only_enforce_if(literal)
        if rule.earliest is not None:
            row = model.add(task.start >= rule.earliest)
            if literal is not None:
                row.only_enforce_if(literal)
        if literal is not None:
            self._pay(index, whole(option.cost) * literal)
        if option.cost_per_day_short and option.minimum < option.full:
            short = self._positive(option.full - days, literal)
            self._pay(index, whole(option.cost_per_day_short) * short)
        if rule.cost_per_day:
            self._pay(index, whole(rule.cost_per_day) * self._positive(days, literal))

    def _collect_single_uses(self, index: int, task: _Task, options: list[Option]) -> None:
        """One use for each distinct footprint among the single-part options."""
        by_ground: dict[int, list[Literal | None]] = {}
        for option, literal in zip(options, task.literals, strict=True):
            footprint = option.parts[0].footprint
            if len(option.parts) == 1 and footprint is not None:
                by_ground.setdefault(footprint, []).append(literal)
        for footprint, literals in by_ground.items():
            chosen = literals[0]
            if len(literals) == len(options):
                chosen = None
            elif len(literals) > 1:
                chosen = self.model.new_bool_var("")
                self.model.add(sum(literal for literal in literals if literal is not None) == chosen)
            self.uses.setdefault(footprint, []).append(_Use(index, task.start, task.end, chosen, True))

    def _several(self, index: int, task: _Task, number: int, option: Option) -> None:
        model, literal = self.model, task.literals[number]
        assert literal is not None
        low = self.windows[index][0]
        count = len(option.parts)
        edges = 2 * count if option.gap else count + 1
        bounds = [
            model.new_int_var(low, self.problem.horizon, f"b{index}_{number}_{k}") for k in range(edges)
        ]
        model.add(bounds[0] == task.start).only_enforce_if(literal)
        model.add(bounds[-1] == task.end).only_enforce_if(literal)
        task.bounds[number] = list(bounds)
        task.steps[number] = []
        total: Expr = 0
        for k, rule in enumerate(option.parts):
            begin, end = (bounds[2 * k], bounds[2 * k + 1]) if option.gap else (bounds[k], bounds[k + 1])
            days = end - begin
            present = literal
            if rule.minimum == 0:
                present = model.new_bool_var("")
                model.add_implication(present, literal)
                model.add(days >= 1).only_enforce_if(present)
                model.add(days == 0).only_enforce_if(~present)
                self._pay(index, whole(rule.step_cost) * present)
                task.steps[number].append(present)
            else:
                task.steps[number].append(None)
                model.add_linear_constraint(days, rule.minimum, rule.maximum).only_enforce_if(literal)
            if option.gap and k:
                model.add(begin >= bounds[2 * k - 1]).only_enforce_if(literal)
            if rule.earliest is not None:
                model.add(begin >= rule.earliest).only_enforce_if(present)
            if rule.cost_per_day:
                self._pay(index, whole(rule.cost_per_day) * self._positive(days, present))
            if rule.footprint is not None:
                self.uses.setdefault(rule.footprint, []).append(_Use(index, begin, end, present, False))
            total = total + days
        made = [step for step in task.steps[number] if step is not None]
        if made:
            model.add_bool_or(made).only_enforce_if(literal)
        self._pay(index, whole(option.cost) * literal)
        model.add_linear_constraint(total, option.minimum, option.maximum).only_enforce_if(literal)
        if option.cost_per_day_short and option.minimum < option.full:
            self._pay(index, whole(option.cost_per_day_short) * self._positive(option.full - total, literal))

    # -- links and projects ---------------------------------------------------------------------------------

    def _add_links(self) -> None:
        for bond in self.problem.bonds:
            before, after = self.tasks[bond.predecessor], self.tasks[bond.successor]
            base = before.end if bond.kind in (LinkKind.FS, LinkKind.FF) else before.start
            bound = after.end if bond.kind in (LinkKind.FF, LinkKind.SF) else after.start
            self.model.add(bound - base >= bond.lag)

    def _add_projects(self) -> None:
        scene = self.problem.scene
        last: dict[int, list[Expr]] = {number: [] for number in self.problem.projects}
        for index in self.problem.tasks:
            last[scene.project_index[scene.spaces[index].project]].append(self.tasks[index].end)
        for number, ends in last.items():
            project = scene.projects[number]
            planned = scene.planned_finish[project.id]
            delay = self.model.new_int_var(0, max(0, self.most_delay[number]), f"d{number}")
            self.delay[number] = delay
            for end in ends:
                self.model.add(delay >= end - planned)
            if project.promised is not None:
                late = self.model.new_int_var(0, max(0, self.problem.horizon - project.promised), "")
                for end in ends:
                    self.model.add(late >= end - project.promised)
                self.late[number] = late

    # -- clashes --------------------------------------------------------------------------------------------

    def _add_clashes(self) -> None:
        for clash in self.problem.clashes:
            for one in self.uses.get(clash.first, ()):
                for other in self.uses.get(clash.second, ()):
                    self._part(one, other, (clash.first, clash.second))

    def _part(self, one: _Use, other: _Use, ground: tuple[int, int]) -> None:
        """`one` and `other` may not meet."""
        if one.whole_task and other.whole_task and self._apart(one.task, other.task):
            return
        model, gap = self.model, self.problem.scene.handover_days
        first = model.new_bool_var(f"q{ground[0]}_{ground[1]}")
        conditions = [use.literal for use in (one, other) if use.literal is not None]
        second: Any = ~first
        if conditions:
            second = model.new_bool_var("")
            model.add_bool_or([first, second, *[~literal for literal in conditions]])
        model.add(other.start >= one.end + gap).only_enforce_if(first, *conditions)
        model.add(one.start >= other.end + gap).only_enforce_if(second, *conditions)
        if not conditions and one.whole_task and other.whole_task:
            self.before[one.task, other.task, *ground] = first
            self._strengthen(one.task, other.task, first)
            self._strengthen(other.task, one.task, second)

    def _apart(self, one: int, other: int) -> bool:
        """Whether the windows alone keep two spaces from meeting."""
        return self._surely_before(one, other) or self._surely_before(other, one)

    def _surely_before(self, one: int, other: int) -> bool:
        latest = self.windows[one][1] + max(self._longest(o) for o in self.problem.options[one])
        return latest + self.problem.scene.handover_days <= self.windows[other][0]

    def _strengthen(self, one: int, other: int, literal: Any) -> None:
        """Rows seen by the linear relaxation: what it costs `other` at least to come after `one`."""
        problem = self.problem
        low = self.windows[other][0]
        forced = self.windows[one][0] + problem.least_days(one) + problem.scene.handover_days
        if forced > self.windows[other][1]:
            self.model.add(literal == 0)
            return
        if forced <= low:
            return
        self.model.add(self.tasks[other].start >= low + (forced - low) * literal)
        scene = problem.scene
        number = scene.project_index[scene.spaces[other].project]
        delay = forced + problem.tails[other] - scene.planned_finish[scene.spaces[other].project]
        if delay > 0:
            self.model.add(self.delay[number] >= delay * literal)

    # -- reading and hinting --------------------------------------------------------------------------------

    def read(self, value: Any) -> dict[int, Placement]:
        """Placements from a solution; `value` evaluates expressions and literals."""
        found = {}
        for index, task in self.tasks.items():
            number = 0
            if task.literals[0] is not None:
                number = next(k for k, literal in enumerate(task.literals) if value(literal))
            option = self.problem.options[index][number]
            if number in task.bounds:
                edges = [value(bound) for bound in task.bounds[number]]
                ends = list(zip(edges[::2], edges[1::2], strict=True)) if option.gap else None
                ends = ends or list(pairwise(edges))
            else:
                ends = [(value(task.start), value(task.end))]
            parts = tuple(
                Part(begin, end, rule.footprint, rule.place)
                for (begin, end), rule in zip(ends, option.parts, strict=True)
                if end > begin
            )
            found[index] = Placement(index, number, parts)
        return found

    def add_rows(self, rows: dict[tuple[int, ...], int]) -> None:
        """Known least losses of sets of projects (see `bounds`), for those that lie within this problem."""
        for members, least in rows.items():
            if least > 0 and all(number in self.loss for number in members):
                self.model.add(sum(self.loss[number] for number in members) >= least)

    def hint(self, placements: dict[int, Placement]) -> None:
        """Offers a known schedule as the first solution."""
        self.model.clear_hints()
        for index, placement in placements.items():
            task = self.tasks[index]
            for number, literal in enumerate(task.literals):
                if literal is not None:
                    self.model.add_hint(literal, number == placement.option)
            if isinstance(task.start, cp_model.IntVar):
                self.model.add_hint(task.start, placement.start)
            if isinstance(task.end, cp_model.IntVar):
                self.model.add_hint(task.end, placement.finish)
        for (one, other, *_), literal in self.before.items():
            self.model.add_hint(literal, placements[one].start < placements[other].start)
        scene = self.problem.scene
        for number, delay in self.delay.items():
            ends = [p.finish for i, p in placements.items() if self._owner(i) == number]
            planned = scene.planned_finish[scene.projects[number].id]
            self.model.add_hint(delay, max(0, max(ends) - planned))

    def _owner(self, index: int) -> int:
        return self.problem.scene.project_index[self.problem.scene.spaces[index].project]
