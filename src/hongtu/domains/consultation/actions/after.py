"""After the conclusion: posting and objections, tasks and the spine, supervision, evaluation, the archive."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.actions import telling
from hongtu.domains.consultation.actions.core import at_step, refuse, required_text
from hongtu.domains.consultation.models import (
    Evaluation,
    Inspection,
    Objection,
    Participant,
    Posting,
    Task,
    Topic,
)
from hongtu.domains.consultation.vocab import (
    Agreement,
    ObjectionState,
    Refusal,
    Satisfaction,
    State,
    Step,
)
from hongtu.kernel.access.limits import spend_by_rule
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.evidence import Photo
from hongtu.kernel.problems.terms import now
from hongtu.kernel.profile.models import rule


@action("consultation.post")
def post(*, by: Person | None, topic: Topic, text: str, until: date | None = None) -> Posting:
    """Post the conclusion in public from today; not shorter than the rule says."""
    require(by, "consultation.change", topic)
    at_step(topic, Step.POST)
    required_text({"text": text})
    ended = queries.conclusion(topic)
    if ended is None:
        refuse(Refusal.WRONG_STEP, step=topic.get_step_display())
    today, days = queries.this_day(), int(queries.steps_rule()["posting_days"])
    earliest = today + timedelta(days=days)
    if until is not None and until < earliest:
        refuse(Refusal.TOO_SHORT, "until", days=days, earliest=earliest)
    made = Posting.objects.create(
        conclusion=ended, text=text.strip(), posted_on=today, until=until or earliest
    )
    note(topic, until=made.until.isoformat())
    telling.posted(by, made)
    return made


@action("consultation.object")
def make_objection(
    *, by: Person | None, posting: Posting, address: str, text: str, name: str = "", contact: str = ""
) -> Objection:
    """Somebody from the public objects, without an account. TooManyRequests when her address did so
    too often (the limits of reports from the public); InvalidInput outside the period."""
    required_text({"text": text})
    if not queries.takes_objections(posting):
        refuse(Refusal.NOT_OPEN)
    text_of_refusal, code = _(Refusal.TOO_MANY.label), Refusal.TOO_MANY.value
    spend_by_rule("consultation.object", address, rule("problems.intake"), text_of_refusal, code)
    made = Objection.objects.create(
        posting=posting, name=name.strip(), contact=contact.strip(), text=text.strip(), made_at=now()
    )
    note(made)
    telling.objected(made)
    return made


@action("consultation.answer_objection")
def answer_objection(
    *, by: Person | None, objection: Objection, version: int, answer: str, upheld: bool = False
) -> Objection:
    """Answer an objection in public. One that is upheld sends the topic back to the table."""
    topic = objection.posting.conclusion.topic
    require(by, "consultation.change", topic)
    at_step(topic, Step.POST)
    required_text({"answer": answer})
    note(topic, upheld=upheld)
    return objection.revise(
        version,
        state=ObjectionState.UPHELD if upheld else ObjectionState.ANSWERED,
        answer=answer.strip(),
        answered_by=by,
        answered_on=queries.this_day(),
    )


@action("consultation.inspect")
def inspect(
    *,
    by: Person | None,
    task: Task,
    supervisor: str,
    finding: str,
    on_schedule: bool = True,
    photo: Photo | None = None,
) -> Inspection:
    """A supervisor looked at how a task goes."""
    topic = task.conclusion.topic
    require(by, "consultation.change", topic)
    at_step(topic, Step.SUPERVISE)
    required_text({"supervisor": supervisor, "finding": finding})
    made = Inspection(
        task=task,
        on=queries.this_day(),
        supervisor=supervisor.strip(),
        finding=finding.strip(),
        on_schedule=on_schedule,
    )
    if photo is not None:
        made.photo.save(f"{photo.sha256[:32]}.jpg", ContentFile(photo.content), save=False)
    made.save()
    note(task, on_schedule=on_schedule)
    return made


@action("consultation.evaluate")
def evaluate(
    *, by: Person | None, topic: Topic, participant: Participant, satisfaction: str, comment: str = ""
) -> Evaluation:
    """A participant's own judgement, or what she told the convener; dissatisfied needs a word. Once a
    round."""
    if by is not None and participant.person_id != by.pk:
        require(by, "consultation.change", topic)
    at_step(topic, Step.EVALUATE)
    if participant.topic_id != topic.pk:
        refuse(Refusal.STRANGER, "participant")
    said = Satisfaction(satisfaction)
    if said is Satisfaction.DISSATISFIED and not comment.strip():
        refuse(Refusal.REASON, "comment")
    made = Evaluation.objects.create(
        topic=topic,
        round=topic.round,
        participant=participant,
        satisfaction=said,
        comment=comment.strip(),
        on=queries.this_day(),
    )
    note(topic, participant=participant.name, satisfaction=said.value)
    return made


@action("consultation.archive")
def archive(*, by: Person | None, topic: Topic, version: int, document: bytes) -> Topic:
    """Close the file: the whole consultation as one document, kept with its digest."""
    require(by, "consultation.change", topic)
    at_step(topic, Step.ARCHIVE)
    found = queries.facts(topic)
    if found.agreement is not Agreement.NONE and (
        not found.tasks or found.tasks_running or found.tasks_draft
    ):
        refuse(Refusal.LACKING, lacks=_("还有任务单没有结束。"))
    digest = hashlib.sha256(document).hexdigest()
    name = topic.archive.storage.save(f"consultation/{topic.number}-{digest[:12]}.pdf", ContentFile(document))
    note(topic, sha256=digest)
    topic.revise(
        version,
        state=State.ARCHIVED,
        archived_on=queries.this_day(),
        archive=name,
        archive_sha256=digest,
        due_on=None,
    )
    telling.archived(by, topic)
    return topic
