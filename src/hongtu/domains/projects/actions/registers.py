"""The risk register of a chain: events with their measures, branches, three-point durations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hongtu.domains.projects import queries
from hongtu.domains.projects.actions.risk import store_risks
from hongtu.domains.projects.models import Project
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.chains.actions import recompute
from hongtu.kernel.chains.models import Chain, RiskBranch, RiskEvent, RiskWay, Step
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

POINTS = ("optimistic", "most_likely", "pessimistic")


@dataclass(frozen=True)
class Way:
    """One way of a branch: its name, its probability in percent, the steps that only it needs."""

    name: str
    probability: float
    steps: tuple[Step, ...] = ()


def _chain(by: Person | None, project: Project) -> Chain:
    require(by, "projects.change", project)
    chain = queries.chain_of(project)
    if chain is None:
        raise InvalidInput(_("该项目还没有年度链条。"), code="projects.no_chain")
    return chain


def _own(chain: Chain, steps: Iterable[Step]) -> list[Step]:
    found = list(steps)
    if any(step.chain_id != chain.pk for step in found):
        raise InvalidInput(_("该事项不属于这个项目。"), code="projects.foreign_step")
    return found


@action("projects.save_risk_event")
def save_risk_event(
    *,
    by: Person | None,
    record: Project,
    event: RiskEvent | None = None,
    version: int = 0,
    steps: Sequence[Step],
    **fields: Any,
) -> RiskEvent:
    """Enter a risk event of the project's chain, or change one under the version its reader saw.

    Raises InvalidInput for days or probabilities out of order and for an event without a step.
    """
    chain = _chain(by, record)
    hit = _own(chain, steps)
    _check_event(fields, hit)
    _check_name(chain.risk_events.exclude(pk=event.pk if event else 0), fields["name"])
    if event is None:
        event = RiskEvent.objects.create(chain=chain, **fields)
    else:
        event.revise(version, **fields)
    event.steps.set(hit)
    note(record, event=event.pk, name=event.name, steps=[step.pk for step in hit])
    store_risks(chains=[chain], data_date=today())
    return event


def _check_name(others: QuerySet[Any], name: str) -> None:
    """Events and branches of a chain are told apart by their names."""
    if others.filter(name=name).exists():
        raise InvalidInput(
            _("本链条已有同名的登记。"), code="projects.register_name", fields={"name": [_("请换一个名称。")]}
        )


def _check_event(fields: Mapping[str, Any], steps: Sequence[Step]) -> None:
    faults: dict[str, list[str]] = {}
    if not steps:
        faults["steps"] = [_("请至少选择一个事项。")]
    if not fields["least_days"] <= fields["likely_days"] <= fields["most_days"]:
        faults["most_days"] = [_("影响天数要由少到多：最少、最可能、最多。")]
    after = fields.get("probability_after")
    if after is not None and after > fields["probability"]:
        faults["probability_after"] = [_("措施后的概率不能高于现在的概率。")]
    if faults:
        raise InvalidInput(_("请改正下面的内容。"), code="projects.risk_event_invalid", fields=faults)


@action("projects.remove_risk_event")
def remove_risk_event(*, by: Person | None, record: Project, event: RiskEvent, version: int) -> None:
    """Take an event off the register; its history stays."""
    chain = _chain(by, record)
    event.revise(version, closed=True)  # the version is the condition: nobody changed it meanwhile
    note(record, event=event.pk, name=event.name)
    event.delete()
    store_risks(chains=[chain], data_date=today())


@action("projects.save_risk_branch")
def save_risk_branch(
    *,
    by: Person | None,
    record: Project,
    name: str,
    ways: Sequence[Way],
    branch: RiskBranch | None = None,
    version: int = 0,
) -> RiskBranch:
    """Enter a fork of the chain with its ways, or change one. The probabilities add up to 100.

    Raises InvalidInput for fewer than two ways, another sum, a step of two ways or one that has begun.
    """
    chain = _chain(by, record)
    _check_ways(chain, ways, branch)
    _check_name(chain.risk_branches.exclude(pk=branch.pk if branch else 0), name)
    if branch is None:
        branch = RiskBranch.objects.create(chain=chain, name=name)
    else:
        branch.revise(version, name=name)
        branch.ways.all().delete()
    for number, way in enumerate(ways, 1):
        kept = RiskWay.objects.create(
            branch=branch, number=number, name=way.name, probability=way.probability
        )
        kept.steps.set(_own(chain, way.steps))
    told = [{"name": w.name, "probability": w.probability, "steps": [s.pk for s in w.steps]} for w in ways]
    note(record, branch=branch.pk, name=name, ways=told)
    store_risks(chains=[chain], data_date=today())
    return branch


def _check_ways(chain: Chain, ways: Sequence[Way], branch: RiskBranch | None) -> None:
    total = sum(way.probability for way in ways)
    chosen = [step.pk for way in ways for step in way.steps]
    elsewhere = RiskWay.objects.filter(branch__chain=chain, steps__in=chosen)
    if branch is not None:
        elsewhere = elsewhere.exclude(branch=branch)
    begun = [step for way in ways for step in way.steps if step.actual_start is not None]
    fault = ""
    if len(ways) < 2:
        fault = _("概率分支至少要有两种走法。")
    elif abs(total - 100) > 1e-6:
        fault = _("各走法的概率合计应为100%%，现在是%s%%。") % f"{total:g}"
    elif not chosen:
        fault = _("请至少把一个事项归到某一种走法。")
    elif len(chosen) != len(set(chosen)) or elsewhere.exists():
        fault = _("一个事项只能属于一种走法。")
    elif begun:
        fault = _("“%s”已经开始，不能归到某一种走法。") % begun[0].name
    if fault:
        raise InvalidInput(fault, code="projects.risk_branch_invalid")


@action("projects.remove_risk_branch")
def remove_risk_branch(*, by: Person | None, record: Project, branch: RiskBranch, version: int) -> None:
    """Take a branch off the chain: all its steps are carried out again."""
    chain = _chain(by, record)
    branch.revise(version, name=branch.name)
    note(record, branch=branch.pk, name=branch.name)
    branch.delete()
    store_risks(chains=[chain], data_date=today())


@action("projects.estimate_durations")
def estimate_durations(
    *,
    by: Person | None,
    record: Project,
    estimates: Mapping[int, tuple[int | None, int | None, int | None]],
    versions: Mapping[int, int],
) -> int:
    """Three-point durations of steps (primary keys), all or nothing; how many changed.

    Three times None takes an estimate back. Raises InvalidInput for points out of order; StaleVersion when
    somebody else changed a step meanwhile.
    """
    chain = _chain(by, record)
    changed = []
    for step in chain.steps.filter(pk__in=list(estimates)).order_by("sequence"):
        points = estimates[step.pk]
        fresh = dict(zip(POINTS, points, strict=True))
        if all(getattr(step, name) == value for name, value in fresh.items()):
            continue
        _check_points(step, points)
        step.revise(versions[step.pk], **fresh)
        changed.append(step)
    note(record, estimates={step.pk: estimates[step.pk] for step in changed})
    if changed:
        recompute(chains=[chain], data_date=today())
    return len(changed)


def _check_points(step: Step, points: tuple[int | None, int | None, int | None]) -> None:
    low, likely, high = points
    if low is None and likely is None and high is None:
        return
    if low is None or likely is None or high is None or not low <= likely <= high:
        raise InvalidInput(
            _("第%(number)s项“%(name)s”：三个工期都要填写，并且乐观 ≤ 最可能 ≤ 悲观。")
            % {"number": step.sequence, "name": step.name},
            code="projects.three_points_invalid",
            fields={f"pessimistic-{step.pk}": [_("请改正。")]},
        )
