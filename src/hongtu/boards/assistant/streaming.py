"""A rewording as server-sent events; kept with its turn, so that nobody is told two things."""

import json
from collections.abc import Iterator
from typing import Any

from hongtu.boards.assistant import rewording
from hongtu.domains.matters import actions
from hongtu.domains.matters.models import Turn
from hongtu.domains.matters.vocab import Outcome


def possible(turn: Turn) -> bool:
    """Whether a rewording of this turn can be asked for."""
    answered = turn.outcome == Outcome.ANSWERED and "progress" not in turn.record.get("asked", ())
    return answered and rewording.endpoint() is not None


def events(turn: Turn) -> Iterator[bytes]:
    """`sentence`s, then `end` or `fallback`. A turn that was reworded is not reworded again."""
    kept = turn.record.get("rewording")
    if kept:
        yield from (_event("sentence", sentence) for sentence in kept)
        yield _event("end", {"sentences": len(kept)})
        return
    told: list[dict[str, Any]] = []
    try:
        for sentence in rewording.reword(turn.record):
            told.append(sentence.as_dict())
            yield _event("sentence", told[-1])
    except rewording.NothingLeft as reason:
        yield _event("fallback", {"code": reason.code})
        return
    actions.keep_rewording(by=None, turn=turn, sentences=told)
    yield _event("end", {"sentences": len(told)})


def _event(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
