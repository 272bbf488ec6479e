"""Demonstration of the assessment: schemes in force, the first quarter published, one accepted excuse, one veto,
one scheme proposed with its simulation, one open objection (示例). Written through actions, deterministic."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

from hongtu.domains.assessment import actions
from hongtu.domains.assessment.models import Scheme
from hongtu.domains.assessment.queries.scoring import Result, result
from hongtu.kernel.indicators.registry import Fact
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import today


def load(
    *, by: Person | None, schemes: Sequence[Mapping[str, str]], centre: Person, leader: Person, owner: Person,
    helper: Person,
) -> None:  # fmt: skip
    """Write everything. Requests are asked for by one of the people and decided by another."""
    now = today()
    since = date(now.year, 1, 1)
    actions.load_schemes(by=by, rows=schemes, since=since, demonstration=True)
    quarter = date(now.year, (now.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    _excuse(result(Subject.OWNER, quarter), owner, leader, quarter)
    _adjustments(centre, leader, now)
    _veto(centre, leader, quarter)
    _proposal(centre, now)
    for subject in Subject:
        published = actions.publish(
            by=leader, subject=subject.value, on=quarter, name=f"{subject.label}{quarter.year}年第{(quarter.month - 1) // 3 + 1}季度考核通报（示例）",
            demonstration=True,
        )  # fmt: skip
    if helper.unit is not None:  # the last one published is that of the sub-districts
        actions.object_to(
            by=helper, ranking=published, unit=helper.unit, item="satisfied", name="满意率漏计一件已回访的反映（示例）",
            reason="反映人当面表示满意，回访记录迟录一天，请核对（示例）", demonstration=True,
        )  # fmt: skip


def _missed(found: Result, unit: int) -> Fact | None:
    """The unit's first step that was due and not kept."""
    facts = [f for f in found.facts.get((unit, "steps"), []) if f.value < f.weight]
    return min(facts, key=lambda f: (f.name, f.key), default=None)


def _excuse(found: Result, owner: Person, leader: Person, quarter: date) -> None:
    fact = _missed(found, owner.unit_id or 0)
    if fact is None or owner.unit is None:
        return
    asked = actions.ask_excuse(
        by=owner, indicator="projects.steps", record=fact.key, part=fact.part, name=fact.name, unit=owner.unit,
        reason="上级规划调整，施工图须重新审查，项目单位无法提前（示例）", basis="规划调整告知函（示例）",
        since=quarter - timedelta(days=40), demonstration=True,
    )  # fmt: skip
    actions.decide_excuse(
        by=leader,
        excuse=asked,
        version=asked.version,
        approve=True,
        answer="属上级政策变化，予以免责（示例）",
    )


def _adjustments(centre: Person, leader: Person, now: date) -> None:
    units = {u.code: u for u in Unit.objects.filter(code__in=("OWNER02", "OWNER09"))}
    praised = actions.ask_adjustment(
        by=centre, unit=units["OWNER02"], subject=Subject.OWNER.value, points=Decimal(2), on=now - timedelta(days=40),
        name="提前两个月投用（示例）", basis="竣工验收备案表（示例）", demonstration=True,
    )  # fmt: skip
    actions.decide_adjustment(
        by=leader, adjustment=praised, version=praised.version, approve=True, answer="同意（示例）"
    )
    actions.ask_adjustment(
        by=centre, unit=units["OWNER09"], subject=Subject.OWNER.value, points=Decimal(-3), on=now - timedelta(days=6),
        name="扬尘问题被通报批评（示例）", basis="督查通报（示例）", demonstration=True,
    )  # fmt: skip


def _veto(centre: Person, leader: Person, quarter: date) -> None:
    """Confirmed in April about a report of April: the first quarter is not touched by it."""
    charge = actions.report_falsification(
        by=centre, unit=Unit.objects.get(code="OWNER06"), subject=Subject.OWNER.value,
        name="虚报月度完成投资（示例）", facts="监理月报与填报的完成投资相差四成，发票日期被改动（示例）",
        basis="现场核查记录、监理月报（示例）", occurred_on=quarter + timedelta(days=9), demonstration=True,
    )  # fmt: skip
    actions.decide_falsification(
        by=leader, charge=charge, version=charge.version, confirm=True, answer="事实清楚，予以认定（示例）"
    )


def _proposal(centre: Person, now: date) -> None:
    """Steps to weigh more and money less, from the second half of the year: proposed, not yet adopted."""
    present = Scheme.objects.filter(subject=Subject.OWNER.value).order_by("-effective_from")[0]
    data = deepcopy(present.data)
    for item in data["items"]:
        item["points"] = {"investment": 25.0, "steps": 35.0}.get(item["key"], item["points"])
    draft = actions.draft_scheme(
        by=centre, name="项目单位考核办法（修订稿，示例）", subject=Subject.OWNER.value, data=data,
        effective_from=date(now.year, 7, 1), basis="加重关键节点、减轻投资额（示例）", demonstration=True,
    )  # fmt: skip
    actions.propose(by=centre, scheme=draft, version=draft.version, on=now)
