"""Joint schedules: for every conflict cluster several alternatives, each checked against the whole scene."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np

from . import greedy
from .access import ACCESS_ORDER, CLASS_ORDER, must_separate
from .aims import stages_of, total_cost
from .bounds import Rows, least_losses
from .clusters import Groups, clusters_of, join_links
from .detect import Pairs, Uses, find_conflicts, find_pairs
from .model import Scene
from .problem import Problem
from .result import Aim, JointSchedule, Placement, losses_of
from .solve import Limits, Outcome, run_stages

_SMALL = 4  # clusters of up to this many parties get one alternative per party
_LARGE = 16  # parties from which on a strong start and bounds of parts pay
_FIRST_LOOK = 0.15  # of the time left: a look at the least cost, which may join clusters
_MAIN_LOOK = 0.7  # of the time left: all aims; the rest is kept for clusters that join late or stay open
_ONLY_LOOK = 0.92  # the same for a single aim, where little is left to do afterwards
_LATER_LOOK = 0.6  # of the time left, again and again, for what is not proven
_DAYS_SHARE = 0.85  # of a large cluster's time goes to the search day by day
_BOUND_SHARE = 0.4  # of a large cluster's time goes to bounds of its parts
_FAIR_LEAST = 0.2  # seconds: what the smallest clusters get, which is mostly all they need
_LEAST = 0.05  # seconds below which a search is not worth beginning
_FIRST_SHARE = 0.7  # of a cluster's time goes to the least cost, the horizon of all other alternatives


@dataclass
class Cluster:
    """A set of projects that have to agree, and the alternatives put before them."""

    projects: tuple[int, ...]
    problem: Problem
    alternatives: list[JointSchedule] = field(default_factory=list)


@dataclass
class Answer:
    """Conflicts of the scene as planned, and the clusters with their alternatives."""

    scene: Scene
    conflicts: Pairs
    clusters: list[Cluster]


def plan(
    scene: Scene,
    limits: Limits | None = None,
    *,
    aims: tuple[Aim, ...] = tuple(Aim),
    parties_first: tuple[str, ...] = (),
) -> Answer:
    """Finds conflicts, forms clusters, and solves each for every aim.

    Clusters are independent: whichever alternatives the clusters choose, and with every other project as
    planned, nothing clashes. Where a solution would touch somebody outside, that project joins and the
    cluster is solved anew. `parties_first` names projects with an alternative of their own in large clusters.
    """
    limits = limits or Limits()
    conflicts = find_conflicts(scene)
    search = _Search(scene, clusters_of(scene, conflicts), replace(limits))
    limits = search.limits
    search.settle((), (), 0.0)
    search.done.clear()
    if Aim.LEAST_COST in aims:
        search.settle((Aim.LEAST_COST,), (), _FIRST_LOOK, _LARGE - 1)
        search.done.clear()
    search.settle(aims, parties_first, _MAIN_LOOK if len(aims) > 1 else _ONLY_LOOK)
    while limits.left() > 0.02 * limits.seconds and not limits.stopped() and search.again():
        search.settle(aims, parties_first, _LATER_LOOK)
    return Answer(scene, conflicts, [search.done[key] for key in search.groups.clusters()])


_Task = tuple[tuple[int, ...], Aim, str | None]  # cluster, aim, party


@dataclass
class _Search:
    """What is learnt while clusters are solved, joined and solved again.

    Least losses of sets of projects stay true whoever joins; the best schedule of a cluster stays a start.
    """

    scene: Scene
    groups: Groups
    limits: Limits
    done: dict[tuple[int, ...], Cluster] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    known: dict[_Task, dict[int, Placement]] = field(default_factory=dict)
    bound: dict[_Task, float] = field(default_factory=dict)
    problems: dict[tuple[int, ...], Problem] = field(default_factory=dict)
    spent: dict[tuple[int, ...], float] = field(default_factory=dict)  # seconds of the search day by day
    prepared: bool = False

    def settle(
        self, aims: tuple[Aim, ...], parties_first: tuple[str, ...], share: float, largest: int = 10**9
    ) -> None:
        """Solves clusters until none touches another or an outsider; each round takes `share` of the time.

        Without aims, and for clusters of more than `largest` parties, the greedy search alone decides.
        """
        while True:
            todo = [key for key in self.groups.clusters() if key not in self.done]
            problems = {key: self._problem(key) for key in todo}
            weight = {key: float(len(problems[key].clashes) + 1) ** 1.5 for key in todo}
            end = self.limits.left() * (1 - share)
            for key in sorted(todo, key=lambda key: (weight[key], key)):
                self.done[key] = cluster = Cluster(key, problems[key])
                if aims and len(key) <= largest and self._worth():
                    rest = sum(weight[other] for other in todo if other not in self.done) + weight[key]
                    fair = (self.limits.left() - end) * weight[key] / rest
                    seconds = max(0.0, fair, min(_FAIR_LEAST, self.limits.left() / (2 * len(todo))))
                    own = replace_seconds(self.limits, seconds)
                    cluster.alternatives = self._alternatives(cluster.problem, own, aims, parties_first)
                else:
                    cluster.alternatives = self._at_hand(cluster.problem)
            if not _merge(self.scene, self.groups, [self.done[key] for key in self.groups.clusters()]):
                return

    def _problem(self, key: tuple[int, ...]) -> Problem:
        if key not in self.problems:
            self.problems[key] = Problem(self.scene, list(key))
        return self.problems[key]

    def _worth(self) -> bool:
        """Whether there is time to search: out of time, what is at hand is the answer."""
        return self.limits.reproducible or (self.limits.left() > _LEAST and not self.limits.stopped())

    def _at_hand(self, problem: Problem) -> list[JointSchedule]:
        """The best schedule known of a cluster, else a first one; its gap says what has been proven."""
        task = (tuple(problem.projects), Aim.LEAST_COST, None)
        found = self.known.get(task) or _greedy(problem, self.limits, seconds=_LEAST)
        if found is not None:
            self.known.setdefault(task, found)
        return [] if found is None else [_unproven(problem, found, self.bound.get(task, 0.0))]

    def again(self) -> bool:
        """Puts clusters with an unproven alternative back; whether there were any."""
        open_ = [key for key, c in self.done.items() if not all(s.optimal for s in c.alternatives)]
        for key in open_:
            del self.done[key]
        return bool(open_)

    def _alternatives(
        self, problem: Problem, limits: Limits, aims: tuple[Aim, ...], parties_first: tuple[str, ...]
    ) -> list[JointSchedule]:
        """All aims for one cluster; equal schedules are merged."""
        key = tuple(problem.projects)
        known = self._start(problem, limits)
        tasks = _tasks(problem, aims, parties_first)
        found: list[JointSchedule] = []
        for turn, (aim, party) in enumerate(tasks):
            if turn and not self._worth():
                break
            left = max(0.0, limits.left())
            share = left * _FIRST_SHARE if turn == 0 and len(tasks) > 1 else left / (len(tasks) - turn)
            number = problem.scene.project_index[party] if party is not None else -1
            stages = stages_of(aim, (number, party) if party else None)
            own, task = replace_seconds(limits, share), (key, aim, party)
            outcome = run_stages(problem, stages, self.known.get(task, known), own, self._rows_in(key))
            self._learn(task, outcome)
            known = outcome.placements if aim is Aim.LEAST_COST else known
            _add_distinct(found, _schedule(problem, aim, party, outcome))
        return found

    def _prepare(self, limits: Limits) -> None:
        """Compiles, once, what only large clusters need; compiling is not searching."""
        if not self.prepared:
            from .strengthen import prepare

            seconds = prepare()
            self.prepared = True
            self.limits.begun += seconds
            limits.begun += seconds

    def _start(self, problem: Problem, limits: Limits) -> dict[int, Placement] | None:
        """A first schedule; for a large cluster a strong one, with what can be proven kept in `rows`."""
        task = (tuple(problem.projects), Aim.LEAST_COST, None)
        known = self.known.get(task)
        if known is None:
            known = _greedy(problem, limits, seconds=min(0.5, 0.03 * limits.seconds))
        if known is None or len(problem.projects) < _LARGE:
            return known
        self._prepare(limits)
        if task[0] not in self.rows and self._worth():
            known = _annealed(problem, known, limits)
        tried = False
        if self._worth() and not self._proven(problem, known):
            seconds = _DAYS_SHARE * max(0.0, limits.left())
            tried = self.spent.get(task[0], 0.0) > seconds  # less time again would find no more
            if not tried:
                from .strengthen import strengthen  # compiles, and loads a second solver

                known, bound, tried = strengthen(problem, known, seconds, limits)
                self.rows[task[0]] = max(self.rows.get(task[0], 0), bound)
                self.spent[task[0]] = seconds
        if not tried and not self._proven(problem, known):
            seconds = max(0.0, _BOUND_SHARE * limits.left())
            least_losses(problem, known, seconds, limits.workers, limits.stopped, self.rows)
        self.known[task] = known
        return known

    def _learn(self, task: _Task, outcome: Outcome) -> None:
        """Keeps schedule and bound for later rounds; a bound once proven is not given up."""
        key, aim, _ = task
        self.known[task] = outcome.placements
        self.bound[task] = outcome.bound = max(self.bound.get(task, 0.0), outcome.bound)
        if not outcome.optimal and outcome.bound < outcome.objective:
            outcome.gap = (outcome.objective - outcome.bound) / max(abs(outcome.objective), 1)
        if aim is Aim.LEAST_COST:
            self.rows[key] = max(self.rows.get(key, 0), ceil(outcome.bound - 1e-6))

    def _rows_in(self, key: tuple[int, ...]) -> Rows:
        members = set(key)
        return {group: least for group, least in self.rows.items() if members.issuperset(group)}

    def _proven(self, problem: Problem, known: dict[int, Placement]) -> bool:
        losses = losses_of(problem.scene, problem.projects, known, problem.options)
        return self.rows.get(tuple(problem.projects), 0) >= sum(loss.yuan for loss in losses)


def replace_seconds(limits: Limits, seconds: float) -> Limits:
    """The same limits with a clock of their own."""
    fresh = Limits(seconds=seconds, workers=limits.workers, seed=limits.seed)
    return replace(
        fresh,
        reproducible=limits.reproducible,
        should_stop=limits.should_stop,
        on_progress=limits.on_progress,
    )


def _greedy(problem: Problem, limits: Limits, seconds: float) -> dict[int, Placement] | None:
    measure = total_cost().measure
    rounds = 400 if not limits.reproducible else 60
    patience = 1e9 if limits.reproducible else min(seconds, max(0.0, limits.left()))
    return greedy.search(
        problem, measure, seconds=patience, seed=limits.seed, rounds=rounds, stopped=limits.stopped
    )


def _annealed(problem: Problem, known: dict[int, Placement], limits: Limits) -> dict[int, Placement]:
    from .anneal import anneal  # compiles: only large clusters are worth it

    value = total_cost().measure(losses_of(problem.scene, problem.projects, known, problem.options))
    steps = 50_000 if limits.reproducible else 0
    seconds = 0.12 * limits.seconds
    if not limits.reproducible:
        seconds = min(seconds, 0.5 * limits.left())
    return anneal(
        problem, known, value, seconds=seconds, seed=limits.seed, steps=steps, stopped=limits.stopped
    )


def _unproven(problem: Problem, placements: dict[int, Placement], bound: float = 0.0) -> JointSchedule:
    """A schedule nobody has searched on, with the bound known from earlier."""
    losses = losses_of(problem.scene, problem.projects, placements, problem.options)
    total = sum(loss.yuan for loss in losses)
    gap = (total - bound) / total if total > bound else 0.0
    return JointSchedule(
        Aim.LEAST_COST, placements, losses, total, total, min(bound, total), gap, total <= bound
    )


def _tasks(
    problem: Problem, aims: tuple[Aim, ...], parties_first: tuple[str, ...]
) -> list[tuple[Aim, str | None]]:
    scene = problem.scene
    projects = [scene.projects[number] for number in problem.projects]
    tasks: list[tuple[Aim, str | None]] = []
    for aim in aims:
        if aim is Aim.PROMISED_DATES and all(project.promised is None for project in projects):
            continue
        if aim is not Aim.PARTY_FIRST:
            tasks.append((aim, None))
            continue
        top = max(project.priority for project in projects)
        for project in projects:
            chosen = project.id in parties_first or (top > 0 and project.priority == top)
            if chosen or len(projects) <= _SMALL:
                tasks.append((aim, project.id))
    return tasks


def _schedule(problem: Problem, aim: Aim, party: str | None, outcome: Outcome) -> JointSchedule:
    losses = losses_of(problem.scene, problem.projects, outcome.placements, problem.options)
    scale = 0.01 if aim is Aim.FAIREST else 1.0
    return JointSchedule(
        aim=aim,
        placements=outcome.placements,
        losses=losses,
        total_yuan=sum(loss.yuan for loss in losses),
        objective=outcome.objective * scale,
        bound=min(outcome.bound, outcome.objective) * scale,
        gap=outcome.gap,
        optimal=outcome.optimal,
        party=party,
    )


def _add_distinct(found: list[JointSchedule], schedule: JointSchedule) -> None:
    label = schedule.aim.value + (f":{schedule.party}" if schedule.party else "")
    for position, other in enumerate(found):
        if other.placements == schedule.placements:
            found[position] = replace(other, also=(*other.also, label))
            return
    found.append(schedule)


def _merge(scene: Scene, groups: Groups, clusters: list[Cluster]) -> bool:
    """Joins projects whose alternatives, or plans, would clash across clusters; whether any were joined."""
    member = {number: k for k, cluster in enumerate(clusters) for number in cluster.projects}
    rows: list[tuple[int, int, int, int, object]] = []  # project, group, start, finish, ground
    for number_of_space, space in enumerate(scene.spaces):
        project = scene.project_index[space.project]
        if project not in member:
            rows.append((number_of_space, len(clusters), space.start, space.finish, space.footprint))
    for k, cluster in enumerate(clusters):
        seen = set()
        for alternative in cluster.alternatives:
            for index, placement in alternative.placements.items():
                for part in placement.parts:
                    key = (index, part.start, part.finish, part.footprint)
                    if part.footprint is None or key in seen:
                        continue
                    seen.add(key)
                    ground = cluster.problem.footprints.items[part.footprint].ground
                    rows.append((index, k, part.start, part.finish, ground))
    pairs = find_pairs(_uses(scene, rows), tolerance=scene.overlap_tolerance)
    changed = False
    for first, second, verdict in zip(pairs.first, pairs.second, pairs.verdict, strict=True):
        if must_separate(CLASS_ORDER[verdict]):
            one, other = (scene.project_index[scene.spaces[rows[n][0]].project] for n in (first, second))
            changed |= groups.join(one, other)
    join_links(scene, groups)
    return changed


def _uses(scene: Scene, rows: list[tuple[int, int, int, int, object]]) -> Uses:
    position = {kind: number for number, kind in enumerate(ACCESS_ORDER)}
    ground = np.empty(len(rows), dtype=object)
    ground[:] = [row[4] for row in rows]
    spaces = [scene.spaces[row[0]] for row in rows]
    gap = scene.handover_days  # a use holds its ground until it is handed over
    return Uses(
        ground=ground,
        start=np.array([row[2] for row in rows], dtype=np.int64),
        finish=np.array([row[3] + gap for row in rows], dtype=np.int64),
        access=np.array([position[s.access] for s in spaces], dtype=np.int8),  # type: ignore[index]
        group=np.array([row[1] for row in rows], dtype=np.int64),
        clearance=np.array([space.clearance for space in spaces], dtype=np.float64),
    )
