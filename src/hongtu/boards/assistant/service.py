"""A question within a conversation: answered, kept, handed over when it must be."""

from hongtu.boards.assistant.answers import Answer, Context, answer, clean
from hongtu.boards.assistant.knowledge import knowledge
from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.models import Conversation, Handover, Turn
from hongtu.domains.matters.vocab import Outcome, Speaker
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


def context_of(talk: Conversation | None) -> Context:
    """What the conversation has come to."""
    if talk is None:
        return Context()
    return Context(talk.matter.code if talk.matter else "", tuple(talk.choices), talk.pending)


def say(
    question: str,
    *,
    key: str = "",
    choice: str = "",
    by: Person | None = None,
    channel: str = "web",
    wait: bool = False,
) -> tuple[Answer, Turn]:
    """Answer within the conversation of `key` (begun when there is none) and keep both sides."""
    talk = queries.conversation(key)
    known = knowledge(today(), wait=wait)
    found = answer(question, known, context_of(talk), choice)
    words = clean(question)
    if choice and choice in known.guides:
        words = known.guides[choice].matter.name
    turn = actions.converse(
        by=by,
        conversation=talk,
        question=words or "…",
        answer=found.text,
        outcome=found.outcome,
        record=found.as_dict(),
        matter=known.guides[found.matter].matter if found.matter else None,
        choices=[code for code, _name in found.choices],
        channel=channel,
    )
    if found.outcome == Outcome.HANDED_OVER:
        last = turn.conversation.turns.filter(speaker="asker").order_by("-number")
        asked = next((t.text for t in last if t.text != words), words)
        actions.hand_over(by=by, conversation=turn.conversation, question=asked)
    return found, turn


def hand_over(talk: Conversation, contact: str, by: Person | None = None) -> Handover:
    """Bring in the chief helper for the last question of a conversation."""
    last = talk.turns.filter(speaker=Speaker.ASKER).order_by("-number").first()
    return actions.hand_over(
        by=by,
        conversation=talk,
        question=last.text if last else "",
        contact=clean(contact)[:60],
    )
