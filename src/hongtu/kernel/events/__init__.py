"""Typed events: a domain tells what happened, others react in the same transaction.

An event is a frozen dataclass. Subscribers are called in the order they subscribed; an exception
in one of them rolls the whole action back, so that a reaction is never lost silently.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[[Any], None])
_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type) -> Callable[[Handler], Handler]:
    """Decorator: call the function with each event of this type. Subscribing twice counts once."""

    def register(handler: Handler) -> Handler:
        if handler not in _subscribers[event_type]:
            _subscribers[event_type].append(handler)
        return handler

    return register


def publish(event: Any) -> None:
    """Hand an event to everyone who subscribed to its type."""
    for handler in tuple(_subscribers[type(event)]):
        handler(event)
