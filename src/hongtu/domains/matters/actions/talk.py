"""What is said between an asker, the assistant and the chief helper."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.matters import rules, vocab
from hongtu.domains.matters.actions.guides import next_version
from hongtu.domains.matters.models import Conversation, Feedback, Guide, Handover, Matter, Turn
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.profile.models import today

END_OF_DAY = time(17, 0)
MOST_TURNS = 200


def _say(talk: Conversation, speaker: str, text: str, outcome: str = "", record: Any = None) -> Turn:
    number = talk.turns.count() + 1
    return Turn.objects.create(
        conversation=talk, number=number, speaker=speaker, text=text, outcome=outcome, record=record or {}
    )


@action("matters.converse")
def converse(
    *,
    by: Person | None,
    conversation: Conversation | None,
    question: str,
    answer: str,
    outcome: str,
    record: Mapping[str, Any],
    matter: Matter | None = None,
    choices: list[str] | None = None,
    channel: str = "web",
) -> Turn:
    """Keep a question and its answer; the conversation is begun with its first question.

    Askers need no account. The answer's turn is returned, its conversation carries the secret key.
    """
    talk = conversation
    if talk is None or talk.turns.count() >= MOST_TURNS:
        talk = Conversation.objects.create(key=secrets.token_urlsafe(32), channel=channel, started_on=today())
    _say(talk, vocab.Speaker.ASKER, question)
    turn = _say(talk, vocab.Speaker.ASSISTANT, answer, outcome, {**record, "question": question[:200]})
    pending = question[:2000] if choices else ""
    changes: dict[str, Any] = {"choices": choices or [], "pending": pending}
    if matter is not None:
        changes["matter"] = matter
    talk.revise(talk.version, **changes)
    turn.conversation = talk
    note(talk, outcome=outcome, confidential=True)
    return turn


def deadline(now: datetime) -> datetime:
    """End of office hours of the next working day: a helper answers within one working day."""
    local = timezone.localtime(now)
    day = working_calendar().add(local.date(), rules.HANDOVER_WORKING_DAYS)
    return timezone.make_aware(datetime.combine(day, END_OF_DAY)).astimezone(UTC)


@action("matters.hand_over")
def hand_over(
    *,
    by: Person | None,
    conversation: Conversation,
    question: str,
    contact: str = "",
    unit: Unit | None = None,
) -> Handover:
    """Bring in the chief helper with the whole conversation; asking twice does not queue twice."""
    waiting = conversation.handovers.filter(state=vocab.HandoverState.WAITING).first()
    if waiting is not None:
        if contact:
            waiting.revise(waiting.version, contact=contact[:60])
        note(waiting, again=True)
        return waiting
    matter = conversation.matter
    at = unit or (matter.unit if matter else None) or Unit.objects.get(kind=UnitKind.DISTRICT)
    made = Handover.objects.create(
        conversation=conversation,
        matter=matter,
        unit=at,
        question=question[:2000],
        contact=contact[:60],
        due_at=deadline(timezone.now()),
        helper=matter.helper if matter else None,
    )
    conversation.revise(conversation.version, state=vocab.ConversationState.HANDED_OVER)
    note(made, unit=at.code)
    return made


@action("matters.answer_handover")
def answer_handover(
    *,
    by: Person | None,
    handover: Handover,
    version: int,
    reply: str,
    assisted: bool = False,
    guide: Guide | None = None,
    correction: Mapping[str, Any] | None = None,
) -> Handover:
    """The helper's answer closes the handover. With `correction` (guide fields) it also becomes a draft of
    the guide's next version, which somebody else reviews before any resident reads it."""
    require(by, "matters.answer", handover)
    if handover.state != vocab.HandoverState.WAITING:
        raise InvalidInput(_("该问题已经答复。"), code="matters.handover_closed")
    if not reply.strip():
        text = _("请填写答复。")
        raise InvalidInput(text, fields={"reply": [text]}, code="matters.reply_required")
    made = None
    if guide is not None and correction:
        origin = _("来自帮办答复：%s") % handover.question[:200]
        made = next_version(by=by, guide=guide, origin=origin, **correction)
    handover.revise(
        version,
        state=vocab.HandoverState.ANSWERED,
        reply=reply,
        helper=by or handover.helper,
        answered_at=timezone.now(),
        draft=made,
    )
    talk = handover.conversation
    _say(talk, vocab.Speaker.HELPER, reply)
    talk.revise(talk.version, state=vocab.ConversationState.CLOSED, assisted=talk.assisted or assisted)
    note(handover, assisted=assisted, draft=made.pk if made else None)
    return handover


@action("matters.keep_rewording")
def keep_rewording(*, by: Person | None, turn: Turn, sentences: Sequence[Mapping[str, Any]]) -> Turn:
    """Keep what a language model made of an answer beside the answer, as the asker was shown it."""
    turn.record = {**turn.record, "rewording": list(sentences)}
    turn.save(update_fields=["record"])
    note(turn.conversation, turn=turn.number, sentences=len(sentences), confidential=True)
    return turn


@action("matters.settle")
def settle(*, by: Person | None, conversation: Conversation) -> Conversation:
    """The asker (or the helper beside her) says that the thing is done: an assist is counted, once."""
    note(conversation)
    if conversation.assisted:
        return conversation
    return conversation.revise(conversation.version, assisted=True, state=vocab.ConversationState.CLOSED)


@action("matters.give_feedback")
def give_feedback(*, by: Person | None, turn: Turn, reason: str, text: str = "") -> Feedback:
    """What an asker says of an answer; saying it again replaces it."""
    if reason not in set(vocab.FeedbackReason):
        raise InvalidInput(_("请选择一个理由。"), code="matters.feedback_reason")
    made, _created = Feedback.objects.update_or_create(
        turn=turn, defaults={"reason": reason, "text": text[:500]}
    )
    note(turn.conversation, reason=reason)
    return made
