"""Compute what waiting costs: after a change of the chains and problems concerned, and when a day begins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains import neighbours
from hongtu.kernel.chains.events import ChainsChanged, NeighboursChanged
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.neighbours import Tie
from hongtu.kernel.events import subscribe
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import ranking
from hongtu.kernel.problems.costs import Cost, CostDue
from hongtu.kernel.problems.events import ProblemMoved, ProblemReported
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.profile.models import today

if TYPE_CHECKING:  # numba loads only when a plan is computed
    from hongtu.engines.schedule.consequence import Block, Consequence, PromiseEffect, Spending

INLINE = 300
LOCK = 0x636F7374  # one computation at a time; who comes second finds it done


def mark(chains: Iterable[int]) -> None:
    """Costs of these chains have to be computed anew; inside the action that changed them."""
    rows = [CostDue(chain_id=key) for key in sorted(set(chains))]
    CostDue.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


@subscribe(ChainsChanged)
def _chains_changed(event: ChainsChanged) -> None:
    mark(event.chains)


@subscribe(NeighboursChanged)
def _neighbours_changed(event: NeighboursChanged) -> None:
    ends = [key for tie in neighbours.all_ties(today()) for key in (tie.predecessor, tie.successor)]
    moved = Cost.objects.filter(neighbour_days__gt=0).values_list("step__chain", flat=True)
    mark([*Step.objects.filter(pk__in=ends).values_list("chain", flat=True), *moved])


@subscribe(ProblemReported)
def _problem_reported(event: ProblemReported) -> None:
    _mark_problem(event.problem)


@subscribe(ProblemMoved)
def _problem_moved(event: ProblemMoved) -> None:
    _mark_problem(event.problem)


def _mark_problem(key: int) -> None:
    mark(Problem.objects.filter(pk=key, step__isnull=False).values_list("step__chain", flat=True))


@action("problems.block_step")
def block_step(*, by: Person | None, problem: Problem, version: int, step: Step | None) -> Problem:
    """Say which step of a chain the problem holds up (None: none). InvalidInput when the step is finished."""
    require(by, "problems.change", problem)
    if step is not None and step.actual_finish is not None:
        text = _("“%s”已经完成，不会再被卡住。") % step
        raise InvalidInput(text, fields={"step": [text]}, code="problems.step_finished")
    before = problem.step
    problem.revise(version, step=step)
    mark(found.chain_id for found in (before, step) if found is not None)
    note(problem, number=problem.number, step=step.pk if step else None)
    return problem


def fresh_costs(on: date | None = None) -> bool:
    """Bring the stored costs up to date if anything changed; whether they are. Called before they are shown.

    A computation and no record, so it leaves no audit row. A reader that comes while another one computes
    does not wait, nor does one who would have to compute for long (`INLINE` blocks take some two seconds):
    she is shown what was known, and the job that runs every ten minutes brings it up to date.
    """
    day = on or today()
    if not ranking.is_stale(day):
        return True
    if ranking.blocking_problems().count() + ranking.late_steps(day).count() > INLINE:
        return False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            row = cursor.fetchone()
        if not row or not row[0]:
            return False
        _compute(day, everything=False)
    return True


@action("problems.refresh_costs")
def refresh_costs(*, by: Person | None, on: date | None = None, everything: bool = False) -> int:
    """Compute the costs of the chains that changed, of all when a day has begun; rows written.

    Running it twice changes nothing more. The number of queries does not grow with what there is to compute.
    """
    day = on or today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    written = _compute(day, everything=everything)
    note(costs=written, on=str(day))
    return written


def _compute(day: date, *, everything: bool) -> int:
    chains: set[int] | None = None
    if not everything and Cost.objects.exists() and not Cost.objects.exclude(computed_on=day).exists():
        chains = set(CostDue.objects.values_list("chain", flat=True))
        CostDue.objects.filter(chain__in=chains).delete()
    else:
        CostDue.objects.all().delete()
    return _store(day, chains)


def _store(day: date, chains: Collection[int] | None) -> int:
    ties = neighbours.all_ties(day)
    ends = {key for tie in ties for key in (tie.predecessor, tie.successor)}
    chain_of = dict(Step.objects.filter(pk__in=ends).values_list("pk", "chain_id"))
    links = [(chain_of[t.predecessor], chain_of[t.successor]) for t in ties]
    within = _tied_to(chains, links) if chains is not None else None
    blocks = _blocks(day, within)
    rows = [_row(found, day) for found in _consequences(blocks, day, ties, set(chain_of.values()))]
    chain_of |= Step.objects.filter(pk__in={r.step_id for r in rows}).values_list("pk", "chain_id")
    moved = {effect["chain"] for row in rows for effect in row.effects}
    titles = dict(Chain.objects.filter(pk__in=moved).values_list("pk", "title"))
    for row in rows:
        for effect in row.effects:
            effect["title"] = titles[effect["chain"]]
            effect["via"] = _via(chain_of[row.step_id], effect["chain"], ties, chain_of)
    old = Cost.objects.all() if within is None else Cost.objects.filter(step__chain__in=within)
    old.delete()
    Cost.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _tied_to(chains: Iterable[int], links: list[tuple[int, int]]) -> set[int]:
    """The chains and all that are tied to them."""
    asked = set(chains)
    groups = neighbours.groups({*asked, *(chain for link in links for chain in link)}, links)
    return {chain for group in groups if asked & set(group) for chain in group}


def _blocks(day: date, chains: Collection[int] | None) -> list[Block]:
    """What holds up a step until when: an open problem until its deadline, or as long again as the rule says
    once that is past; a late step that nobody reported as long as the rule says."""
    from hongtu.engines.schedule.consequence import Block

    rule, calendar = ranking.blocking(), working_calendar()
    problems, steps = ranking.blocking_problems(), ranking.late_steps(day)
    if chains is not None:
        problems, steps = problems.filter(step__chain__in=chains), steps.filter(chain__in=chains)
    overdue = calendar.add(day, int(rule["overdue_days"]))
    found = []
    for key, step, due_at in problems.order_by("pk").values_list("pk", "step_id", "due_at"):
        due = timezone.localtime(due_at).date()
        until = due + timedelta(days=1) if due > day else overdue
        found.append(Block(f"problem:{key}", str(step), until))
    late = calendar.add(day, int(rule["late_step_days"]))
    for key in steps.order_by("pk").values_list("pk", flat=True):
        found.append(Block(f"step:{key}", str(key), late))
    return found


def _consequences(
    blocks: list[Block], day: date, ties: list[Tie], tied: Collection[int]
) -> list[Consequence]:
    from hongtu.kernel.chains.consequence import consequences
    from hongtu.kernel.chains.risk import RiskRules

    if not blocks:
        return []
    blocked = Step.objects.filter(pk__in={int(block.activity) for block in blocks}).values("chain")
    chains = list(Chain.objects.filter(Q(pk__in=blocked) | Q(pk__in=tied)))
    spread: Any = RiskRules({}, {})
    money: dict[int, Spending] = {}
    for label, known in neighbours.surroundings():
        spread = known.risk_rules(day)
        keys = {chain.subject_key for chain in chains if chain.subject_label == label}
        money |= _money(known.spending(keys), label, chains)
    return consequences(blocks, day, spread, money, ties)


def _money(
    planned: Mapping[int, neighbours.Money], label: str, chains: Iterable[Chain]
) -> dict[int, Spending]:
    from hongtu.engines.schedule.consequence import Spending

    return {
        chain.pk: Spending(planned[chain.subject_key])
        for chain in chains
        if chain.subject_label == label and chain.subject_key in planned
    }


def _row(found: Consequence, day: date) -> Cost:
    kind, _colon, key = found.block.id.partition(":")
    return Cost(
        problem_id=int(key) if kind == "problem" else None,
        step_id=int(found.block.activity),
        until=found.block.until,
        step_days=found.step_days,
        days=found.days,
        late_days=found.late_days,
        neighbour_days=sum(effect.days for effect in found.neighbours),
        chance_lost=found.chance_lost,
        money_delayed=Decimal(str(round(found.money_delayed, 4))),
        effects=[_effect(effect, own=effect is found.own) for effect in found.effects],
        computed_on=day,
    )


def _effect(effect: PromiseEffect, *, own: bool) -> dict[str, Any]:
    return {
        "chain": int(effect.promise),
        "own": own,
        "days": round(effect.days, 2),
        "late_days": round(effect.late_days, 2),
        "before": effect.finish_before.isoformat(),
        "after": effect.finish_after.isoformat(),
        "chance_before": effect.chance_before,
        "chance_after": effect.chance_after,
        "money": round(effect.money_delayed, 4),
    }


def _via(home: int, chain: int, ties: list[Tie], chain_of: Mapping[int, int]) -> list[dict[str, str]]:
    """By which grounds a delay of one chain reaches another."""
    from hongtu.kernel.chains.consequence import route

    return [
        {"place": tie.place, "agreed": tie.agreed, "on": tie.on.isoformat()}
        for tie in route(home, chain, ties, chain_of)
    ]
