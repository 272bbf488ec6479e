"""The research programme, its conversion list, rectification plans and assigned projects."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.visits import rules
from hongtu.domains.visits.models import Conversion, Pairing, RectificationPlan, Topic
from hongtu.domains.visits.vocab import TopicState
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.registers import register_actions
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person

topics = register_actions(
    Topic, ("visits.register_topic", "visits.revise_topic", "visits.import_topics"), "visits.manage"
)


@action("visits.convert")
def convert(*, by: Person | None, **fields: Any) -> Conversion:
    """A line of the conversion list. A result needs a date and evidence; then the topic is converted."""
    require(by, "visits.change")
    _check(fields)
    made = Conversion.objects.create(**fields)
    require(by, "visits.change", made)
    _follow(made.topic)
    note(made, topic=made.topic.name)
    return made


@action("visits.revise_conversion")
def revise_conversion(*, by: Person | None, record: Conversion, version: int, **changes: Any) -> Conversion:
    require(by, "visits.change", record)
    before = record.topic
    _check({name: getattr(record, name) for name in ("result", "evidence", "achieved_on")} | changes)
    note(record, fields=sorted(changes))
    record.revise(version, **changes)
    _follow(before)
    _follow(record.topic)
    return record


def _check(fields: Mapping[str, Any]) -> None:
    """What is called a result has evidence and a date."""
    if not fields.get("result"):
        return
    missing = [name for name in ("evidence", "achieved_on") if not fields.get(name)]
    if missing:
        raise InvalidInput(
            _("有成果就要有佐证和取得日期。"),
            fields={name: [_("请填写。")] for name in missing},
            code="visits.result_without_evidence",
        )


def _follow(topic: Topic) -> None:
    topic.refresh_from_db()
    state = TopicState.CONVERTED if topic.conversions.exclude(result="").exists() else TopicState.OPEN
    if topic.state != state:
        topic.revise(topic.version, state=state)


@action("visits.adopt_plan")
def adopt_plan(*, by: Person | None, findings: Sequence[Any] = (), **fields: Any) -> RectificationPlan:
    """A rectification plan for listed problems."""
    require(by, "visits.change")
    _dates(fields)
    made = RectificationPlan.objects.create(**fields)
    require(by, "visits.change", made)
    made.findings.set(findings)
    note(made, name=made.name, findings=len(findings))
    return made


@action("visits.revise_plan")
def revise_plan(
    *, by: Person | None, record: RectificationPlan, version: int, **changes: Any
) -> RectificationPlan:
    require(by, "visits.change", record)
    findings = changes.pop("findings", None)
    _dates({"adopted_on": record.adopted_on, "due_on": record.due_on, **changes})
    record.revise(version, **changes)
    if findings is not None:
        record.findings.set(findings)
    note(record, fields=sorted(changes))
    return record


def _dates(fields: Mapping[str, Any]) -> None:
    if fields["due_on"] < fields["adopted_on"]:
        text = _("完成时限早于印发日期。")
        raise InvalidInput(text, fields={"due_on": [text]}, code="visits.plan_dates")


@action("visits.pair")
def pair(*, by: Person | None, **fields: Any) -> Pairing:
    """Assign a project to a leader."""
    require(by, "visits.manage")
    made = Pairing.objects.create(
        **fields, due_on=rules.due_on(fields["since"], None, fields.get("every_days", 30))
    )
    note(made, name=made.name)
    return made


@action("visits.revise_pairing")
def revise_pairing(*, by: Person | None, record: Pairing, version: int, **changes: Any) -> Pairing:
    require(by, "visits.manage", record)
    since = changes.get("since", record.since)
    due = rules.due_on(since, record.last_visit, changes.get("every_days", record.every_days))
    note(record, fields=sorted(changes))
    return record.revise(version, **{**changes, "due_on": due})
