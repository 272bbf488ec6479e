"""`/chat/completions`, streamed: server-sent events with one JSON object each, ended by `[DONE]`."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hongtu.adapters.language_model.endpoint import Endpoint, ModelFault, Reply

MOST_CHARACTERS = 8_000
"""Of one answer; a model that goes on and on is stopped there."""
MOST_LINE_BYTES = 1_000_000
MOST_TOKENS = 1_200


def stream_chat(endpoint: Endpoint, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The model's words as they come. Raises ModelFault, at any point, for whatever is wrong.

    A stream that ends without `[DONE]` and without a finish reason counts as broken off.
    """
    body = {
        "model": endpoint.model,
        "messages": list(messages),
        "stream": True,
        "temperature": 0,
        "max_tokens": MOST_TOKENS,
    }
    total = 0
    with endpoint.post("/chat/completions", body) as reply:
        for words in _streamed(reply) if reply.is_stream else [_whole(reply)]:
            total += len(words)
            if total > MOST_CHARACTERS:
                raise ModelFault("model.too_long", f"more than {MOST_CHARACTERS} characters")
            yield words


def _whole(reply: Reply) -> str:
    """The answer of a server that does not stream."""
    given = _json(reply.whole(MOST_LINE_BYTES))
    try:
        words = given["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError) as fault:
        raise ModelFault("model.malformed", "no choices[0].message.content") from fault
    return _text(words)


def _streamed(reply: Reply) -> Iterator[str]:
    finished = False
    for data in _events(reply):
        if data == "[DONE]":
            return
        given = _json(data.encode())
        if "error" in given:
            raise ModelFault("model.status", str(given["error"])[:200])
        try:
            choices = given.get("choices") or []
            delta = choices[0].get("delta") or {} if choices else {}
            finished = finished or bool(choices and choices[0].get("finish_reason"))
            words = delta.get("content")
        except (AttributeError, KeyError, TypeError, IndexError) as fault:
            raise ModelFault("model.malformed", "a piece without choices[0].delta") from fault
        if words:
            yield _text(words)
    if not finished:
        raise ModelFault("model.broken_off", "the stream ended in the middle")


def _events(reply: Reply) -> Iterator[str]:
    """The data of each server-sent event."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    waiting = ""
    for piece in reply.pieces():
        waiting += decoder.decode(piece)
        *lines, waiting = waiting.split("\n")
        if len(waiting) > MOST_LINE_BYTES:
            raise ModelFault("model.malformed", "a line without an end")
        for line in lines:
            if line.startswith("data:"):
                yield line[5:].strip()
    if waiting.startswith("data:"):
        yield waiting[5:].strip()


def _json(data: bytes) -> Any:
    try:
        given = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise ModelFault("model.malformed", "not JSON") from fault
    if not isinstance(given, dict):
        raise ModelFault("model.malformed", "not an object")
    return given


def _text(words: object) -> str:
    if not isinstance(words, str):
        raise ModelFault("model.malformed", "content is no text")
    return words
