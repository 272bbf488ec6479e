"""Every write on chains: make one, change a step with its reason, link steps, move the promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from hongtu.engines.vocabulary import mark
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.chains.events import ChainsChanged
from hongtu.kernel.chains.limits import refuse_against_limits
from hongtu.kernel.chains.models import Baseline, Chain, Step, StepDateChange, StepRelation
from hongtu.kernel.chains.scheduling import compute
from hongtu.kernel.chains.store import write_dates
from hongtu.kernel.chains.vocab import RelationType, SlipCause
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person

DATE_FIELDS = (
    "planned_start",
    "planned_finish",
    "forecast_finish",
    "actual_start",
    "actual_finish",
    "start_no_earlier_than",
    "finish_no_later_than",
)
STEP_FIELDS = (
    *DATE_FIELDS,
    *("name", "segment", "line", "unit", "person", "whose", "critical", "duration", "duration_unit"),
    *("optimistic", "most_likely", "pessimistic"),
    *("remaining_duration", "matters", "evidence_required", "evidence", "excused"),
)
_REASON_NOT_NEEDED = {"actual_start", "actual_finish", "forecast_finish"}


@dataclass(frozen=True)
class Link:
    """A relation by step sequence numbers, for a chain that is being made."""

    predecessor: int
    successor: int
    type: str = RelationType.FINISH_START
    lag: int = 0
    lag_unit: str = "working_day"


@dataclass(frozen=True)
class NewChain:
    """A whole chain in one piece: `steps` are keyword dictionaries of Step with `sequence`."""

    chain: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    links: Sequence[Link] = field(default_factory=tuple)


@action("chains.create")
def create_chains(*, by: Person | None, chains: Sequence[NewChain], data_date: date) -> list[Chain]:
    """Make chains with steps and relations, in bulk, and compute their dates.

    Raises InvalidInput when a link names a step that is not there; the engine's own refusals (a cycle,
    a negative duration) name the steps.
    """
    made = Chain.objects.bulk_create([Chain(**new.chain) for new in chains])
    steps = Step.objects.bulk_create(
        [Step(chain=chain, **step) for chain, new in zip(made, chains, strict=True) for step in new.steps]
    )
    by_place = {(step.chain_id, step.sequence): step for step in steps}
    relations = []
    for chain, new in zip(made, chains, strict=True):
        for link in new.links:
            ends = [by_place.get((chain.pk, s)) for s in (link.predecessor, link.successor)]
            if None in ends:
                raise InvalidInput(
                    _("“%(chain)s”没有第 %(step)s 项，无法设置前置关系。")
                    % {"chain": chain.title, "step": link.predecessor if ends[0] is None else link.successor},
                    code="chains.no_such_step",
                )
            relations.append(
                StepRelation(
                    predecessor=ends[0],
                    successor=ends[1],
                    type=link.type,
                    lag=link.lag,
                    lag_unit=link.lag_unit,
                )
            )
    StepRelation.objects.bulk_create(relations)
    note(chains=len(made), steps=len(steps))
    recompute(chains=made, data_date=data_date)
    return made


def recompute(*, chains: Sequence[Chain], data_date: date) -> int:
    """Compute and store the dates of chains inside a running action; tells who listens."""
    written = write_dates(compute(chains, data_date))
    publish(ChainsChanged(tuple(c.pk for c in chains)))
    return written


@action("chains.revise_step")
def revise_step(
    *,
    by: Person | None,
    step: Step,
    version: int,
    changes: Mapping[str, Any],
    reason: str | Sentence = "",
    cause: str = SlipCause.PLAN,
    data_date: date,
) -> Step:
    """Change fields of a step. A change of a planned date or limit needs a reason, and keeps it.

    Raises InvalidInput for a field that may not be changed, dates in the wrong order, a missing reason or a
    change against what a meeting decided of the step; StaleVersion when somebody else was faster.
    """
    refuse_against_limits(step, changes)
    return write_step(
        by=by,
        step=step,
        version=version,
        changes=changes,
        reason=reason,
        cause=cause,
        data_date=data_date,
    )


def write_step(
    *,
    by: Person | None,
    step: Step,
    version: int,
    changes: Mapping[str, Any],
    reason: str | Sentence,
    cause: str,
    data_date: date,
) -> Step:
    """`revise_step` without regard to limits, inside a running action."""
    unknown = set(changes) - set(STEP_FIELDS)
    if unknown:
        raise InvalidInput(
            _("不能修改这些字段：%s") % "、".join(sorted(unknown)), code="chains.field_not_editable"
        )
    moved = {k: v for k, v in changes.items() if k in DATE_FIELDS and getattr(step, k) != v}
    if set(moved) - _REASON_NOT_NEEDED and not str(reason).strip():
        raise InvalidInput(
            _("调整计划日期必须填写理由。"),
            code="chains.reason_required",
            fields={"reason": [_("请写明为什么调整，例如“设计变更，见 3 号联系单”。")]},
        )
    after = {name: changes.get(name, getattr(step, name)) for name in DATE_FIELDS}
    _check_order(after)
    before = {name: getattr(step, name) for name in moved}
    fresh = dict(changes)
    if "planned_finish" in moved:
        fresh["replanned"] = step.replanned + 1
    step.revise(version, **fresh)
    StepDateChange.objects.bulk_create(
        StepDateChange(step=step, field=k, before=before[k], after=v, reason=reason, cause=cause, by=by)
        for k, v in moved.items()
    )
    note(step, reason=str(reason), changes={k: str(v) for k, v in changes.items()}, cause=cause)
    recompute(chains=[step.chain], data_date=data_date)
    step.refresh_from_db()
    return step


def _check_order(after: Mapping[str, Any]) -> None:
    for start, finish in (("planned_start", "planned_finish"), ("actual_start", "actual_finish")):
        if after[finish] and not after[start]:
            raise InvalidInput(
                _("有完成日期就必须有开始日期。"),
                code="chains.start_missing",
                fields={start: [_("请填写。")]},
            )
        if after[start] and after[finish] and after[start] > after[finish]:
            raise InvalidInput(
                _("开始日期 %(start)s 晚于完成日期 %(finish)s。")
                % {"start": after[start], "finish": after[finish]},
                code="chains.dates_reversed",
                fields={finish: [_("完成日期不能早于开始日期。")]},
            )


@action("chains.move_promise")
def move_promise(
    *, by: Person | None, chain: Chain, version: int, promised: date, reason: str, data_date: date
) -> Chain:
    """Move the promised date of a chain; the plan as it stood is kept as a baseline."""
    if not reason.strip():
        raise InvalidInput(
            _("调整承诺日期必须填写理由。"), code="chains.reason_required", fields={"reason": [_("请填写。")]}
        )
    if promised < chain.start:
        raise InvalidInput(
            _("承诺日期 %(promised)s 早于链条开始日期 %(start)s。")
            % {"promised": promised, "start": chain.start},
            code="chains.dates_reversed",
            fields={"promised": [_("请填写更晚的日期。")]},
        )
    before = chain.promised
    keep_baseline(
        by=by,
        chain=chain,
        name=Sentence(mark("承诺日期调整前（%(day)s）"), {"day": before}),
        valid_from=chain.start,
    )
    chain.revise(version, promised=promised)
    note(chain, reason=reason, before=str(before), after=str(promised))
    recompute(chains=[chain], data_date=data_date)
    return chain


@action("chains.keep_baseline")
def keep_baseline(*, by: Person | None, chain: Chain, name: Sentence, valid_from: date) -> Baseline:
    """Keep the plan as it stands now."""
    rows = chain.steps.order_by("sequence").values(
        "id",
        "sequence",
        "name",
        "planned_start",
        "planned_finish",
        "forecast_finish",
        "actual_start",
        "actual_finish",
        "latest_finish",
        "duration",
        "duration_unit",
        "critical",
        "excused",
    )
    steps = [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in rows]
    kept = Baseline.objects.create(chain=chain, name=name, valid_from=valid_from, steps=steps, by=by)
    note(chain, baseline=kept.pk)
    return kept


@action("chains.link_steps")
def link_steps(
    *, by: Person | None, chain: Chain, links: Sequence[Link], reason: str = "", data_date: date
) -> list[StepRelation]:
    """Replace the relations of a chain. The engine refuses a cycle and names its steps."""
    by_sequence = {s.sequence: s for s in chain.steps.all()}
    missing = {n for link in links for n in (link.predecessor, link.successor)} - set(by_sequence)
    if missing:
        raise InvalidInput(
            _("没有第 %s 项。") % "、".join(map(str, sorted(missing))), code="chains.no_such_step"
        )
    StepRelation.objects.filter(successor__chain=chain).delete()
    made = StepRelation.objects.bulk_create(
        StepRelation(
            predecessor=by_sequence[link.predecessor],
            successor=by_sequence[link.successor],
            type=link.type,
            lag=link.lag,
            lag_unit=link.lag_unit,
        )
        for link in links
    )
    note(chain, reason=reason, relations=len(made))
    recompute(chains=[chain], data_date=data_date)
    return made


@action("chains.add_step")
def add_step(
    *, by: Person | None, chain: Chain, fields: Mapping[str, Any], after: Sequence[Link] = (), data_date: date
) -> Step:
    """Add a step at the end of a chain; `after` are its relations (their `successor` is ignored)."""
    last = chain.steps.aggregate(last=Max("sequence"))["last"] or 0
    _check_order({name: fields.get(name) for name in DATE_FIELDS})
    step = Step.objects.create(chain=chain, sequence=last + 1, **fields)
    _write_predecessors(step, after)
    note(step, name=step.name)
    recompute(chains=[chain], data_date=data_date)
    step.refresh_from_db()
    return step


@action("chains.remove_step")
def remove_step(*, by: Person | None, step: Step, version: int, reason: str, data_date: date) -> None:
    """Take a step out of its chain. A step that has begun stays: what happened is not taken back.

    Its predecessors become those of its successors, so that the chain does not fall apart.
    """
    if step.actual_start is not None:
        raise InvalidInput(_("已开始的事项不能删除。"), code="chains.step_begun")
    if not reason.strip():
        raise InvalidInput(
            _("删除事项必须填写理由。"), code="chains.reason_required", fields={"reason": [_("请填写。")]}
        )
    chain = step.chain
    step.revise(version, excused=step.excused)  # the version is the condition: nobody changed it meanwhile
    for incoming in list(step.predecessors.all()):
        for outgoing in list(step.successors.all()):
            StepRelation.objects.get_or_create(
                predecessor=incoming.predecessor, successor=outgoing.successor, type=RelationType.FINISH_START
            )
    note(step, reason=reason, name=step.name, chain=chain.pk)
    try:
        step.delete()
    except ProtectedError as refusal:
        raise _still_named(refusal) from refusal
    recompute(chains=[chain], data_date=data_date)


def _still_named(refusal: ProtectedError) -> InvalidInput:
    """Records that stay name the step: an escalation, an item of an agenda. Says of what kind, not which."""
    kinds = sorted({str(record._meta.verbose_name) for record in refusal.protected_objects})
    text = _("该事项已有%(kinds)s，不能删除。不再办理的，请申请免责或改期，并写明原因。")
    return InvalidInput(text % {"kinds": "、".join(kinds)}, code="chains.step_named")


@action("chains.set_predecessors")
def set_predecessors(
    *, by: Person | None, step: Step, links: Sequence[Link], reason: str = "", data_date: date
) -> None:
    """Replace what a step waits for. A cycle is refused by the engine, naming the steps."""
    step.predecessors.all().delete()
    _write_predecessors(step, links)
    note(step, reason=reason, predecessors=[link.predecessor for link in links])
    recompute(chains=[step.chain], data_date=data_date)


def _write_predecessors(step: Step, links: Sequence[Link]) -> None:
    by_sequence = {s.sequence: s for s in step.chain.steps.all()}
    for link in links:
        earlier = by_sequence.get(link.predecessor)
        if earlier is None or earlier.pk == step.pk:
            raise InvalidInput(
                _("没有第 %s 项，或它就是本事项。") % link.predecessor,
                code="chains.no_such_step",
                fields={"predecessors": [_("请填写本链条里其他事项的序号。")]},
            )
        StepRelation.objects.create(
            predecessor=earlier, successor=step, type=link.type, lag=link.lag, lag_unit=link.lag_unit
        )
