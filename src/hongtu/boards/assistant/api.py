"""The assistant for other programs and for the widget: no account, no cookie, documented in OpenAPI.

A conversation is known by the secret key that its first answer gives out; who holds it may go on with it.
"""

from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from hongtu.boards.assistant import answers, service, staff, streaming
from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.models import Conversation, Turn
from hongtu.domains.matters.vocab import FeedbackReason, Speaker
from hongtu.kernel.access.guards import Guard
from hongtu.kernel.access.limits import spend_for
from hongtu.kernel.profile.models import today
from hongtu.ledger.api.build import doors, guarded
from hongtu.ledger.api.schemas import Refusal

ASKING, TELLING = "30/minute 300/hour", "10/minute 60/hour"
READING = "problems.read"
SESSION_KEY = "hongtu.assistant"
MOST_CHARACTERS = 100_000
REFUSALS = {404: Refusal, 422: Refusal, 429: Refusal}
router = Router(auth=None, tags=["assistant"])


class Ask(Schema):
    """A question, or a choice out of those that the last answer offered."""

    question: str = Field("", max_length=MOST_CHARACTERS)
    conversation: str = Field("", max_length=60)
    choice: str = Field("", max_length=20)


class Sentence(Schema):
    """One field of the record, word for word, with its source."""

    field: str
    label: str
    text: str
    matter: str
    version: int
    effective_from: str
    reviewed_on: str
    url: str
    asked: bool


class Choice(Schema):
    matter: str
    name: str


class Answer(Schema):
    """outcome: answered, asks, refused or handed_over. missing: fields that the record lacks."""

    outcome: str
    notice: str
    matter: str
    name: str
    asked: list[str]
    sentences: list[Sentence]
    fields: dict[str, str]
    missing: list[str]
    missing_labels: list[str]
    choices: list[Choice]
    links: list[dict[str, str]]
    mode: str
    confidence: float
    demonstration: bool


class Told(Answer):
    """The answer within a conversation; `reworded`: whether a language model can say it more smoothly."""

    conversation: str
    turn: int
    reworded: bool


class Handing(Schema):
    conversation: str = Field(max_length=60)
    contact: str = Field("", max_length=200)


class Handed(Schema):
    """due_at: when the chief helper will have answered, ISO 8601."""

    unit: str
    due_at: str


class Opinion(Schema):
    """reason: helpful, wrong, outdated, incomplete, other_matter or unclear."""

    conversation: str = Field(max_length=60)
    turn: int
    reason: FeedbackReason
    text: str = Field("", max_length=2_000)


class Talk(Schema):
    conversation: str = Field("", max_length=60)


class Said(Schema):
    number: int
    speaker: str
    text: str


class Turns(Schema):
    """What was said, the helper's replies too; `waiting`: a helper has still to answer."""

    turns: list[Said]
    waiting: bool


class OneTurn(Talk):
    turn: int


def _talk(key: str) -> Conversation:
    found = queries.conversation(key)
    if found is None:
        raise Http404(_("没有这段对话。"))
    return found


def assistant_answer(request: HttpRequest, q: str = Query("", max_length=MOST_CHARACTERS)) -> Any:
    """Answer one question without keeping anything."""
    spend_for(request, "assistant.ask", ASKING)
    return answers.of_today(q, today()).as_dict()


def assistant_ask(request: HttpRequest, payload: Ask) -> Any:
    """Answer within a conversation, which is begun when none is given."""
    spend_for(request, "assistant.ask", ASKING)
    found, turn = service.say(
        payload.question, key=payload.conversation, choice=payload.choice, channel="api"
    )
    told = {"conversation": turn.conversation.key, "turn": turn.number}
    return {**found.as_dict(), **told, "reworded": streaming.possible(turn)}


def assistant_handover(request: HttpRequest, payload: Handing) -> Any:
    """Bring in the chief helper with the whole conversation; asking twice does not queue twice."""
    spend_for(request, "assistant.handover", TELLING)
    made = service.hand_over(_talk(payload.conversation), payload.contact)
    return {"unit": str(made.unit), "due_at": timezone.localtime(made.due_at).isoformat()}


def assistant_feedback(request: HttpRequest, payload: Opinion) -> Any:
    """Say what was wrong with an answer, or that it helped."""
    spend_for(request, "assistant.feedback", TELLING)
    talk = _talk(payload.conversation)
    turn = Turn.objects.filter(conversation=talk, number=payload.turn, speaker=Speaker.ASSISTANT).first()
    if turn is None:
        raise Http404(_("没有这条回答。"))
    actions.give_feedback(by=None, turn=turn, reason=payload.reason, text=answers.clean(payload.text))
    return {"ok": True}


def assistant_talk(request: HttpRequest, payload: Talk) -> Any:
    """What was said so far: this is where the helper's reply arrives."""
    spend_for(request, "assistant.ask", ASKING)
    talk = _talk(payload.conversation)
    said = [{"number": t.number, "speaker": t.speaker, "text": t.text} for t in talk.turns.all()]
    return {"turns": said, "waiting": talk.handovers.filter(state="waiting").exists()}


def assistant_rewording(request: HttpRequest, payload: OneTurn) -> HttpResponseBase:
    """The answer of a turn said more smoothly, as server-sent events.

    `sentence` (text, sources) as each is checked; then `end`, or `fallback` with a code: what was shown is
    then to be taken back, the plain answer counts.
    """
    spend_for(request, "assistant.reword", ASKING)
    talk = _talk(payload.conversation or request.session.get(SESSION_KEY, ""))
    turn = Turn.objects.filter(conversation=talk, number=payload.turn, speaker=Speaker.ASSISTANT).first()
    if turn is None:
        raise Http404(_("没有这条回答。"))
    response = StreamingHttpResponse(streaming.events(turn), content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep the sentences until the end
    return response


class StaffFact(Schema):
    label: str
    text: str


class StaffRecord(Schema):
    """One record the reader may see. kind: problem, result or decision; url: its page."""

    kind: str
    kind_label: str
    key: int
    number: str
    title: str
    owner: str
    snippet: str
    facts: list[StaffFact]
    url: str


class StaffFound(Schema):
    """outcome: answered or refused. searched: how many records the reader may see."""

    outcome: str
    notice: str
    records: list[StaffRecord]
    searched: int
    mode: str


def assistant_staff(request: HttpRequest, q: str = Query("", max_length=MOST_CHARACTERS)) -> Any:
    """Problems, results and decisions of meetings that speak of a question, within the reader's rights."""
    return staff.ask(q, request.user).as_dict()  # type: ignore[arg-type]  # behind two doors


def _public(operation: Any) -> Any:
    return guarded(operation, Guard(public=True))


router.get("ask", response={200: Answer, **REFUSALS})(_public(assistant_answer))
router.post("ask", response={200: Told, **REFUSALS})(_public(assistant_ask))
router.post("handover", response={200: Handed, **REFUSALS})(_public(assistant_handover))
router.post("feedback", response={200: dict[str, bool], **REFUSALS})(_public(assistant_feedback))
router.post("conversation", response={200: Turns, **REFUSALS})(_public(assistant_talk))
router.post("rewording", response=REFUSALS)(_public(assistant_rewording))
router.get(
    "staff", response={200: StaffFound, 401: Refusal, 403: Refusal}, auth=doors(READING), tags=["staff"]
)(guarded(assistant_staff, Guard(READING)))
