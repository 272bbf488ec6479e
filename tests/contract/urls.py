"""Every view of the house, out of the URL table, and every operation of the API."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from hongtu.kernel.access.guards import Guard
from hongtu.site import rooms
from hongtu.site.api import api

# Views that are not ours and guard themselves, and the interface's own, which know no record.
FOREIGN = ("allauth.", "ninja.")
INTERFACE = ("ui:gallery", "ui:large-type", "ui:language")


@dataclass(frozen=True)
class Endpoint:
    route: str
    name: str
    view: Any

    @property
    def policy(self) -> Guard | None:
        return getattr(self.view, "policy", None)


def views() -> Iterator[Endpoint]:
    """Every view with its route and namespaced name."""
    yield from _walk(get_resolver().url_patterns, "", "")


def room_views() -> Iterator[Endpoint]:
    """Every view of the closed rooms, which the ordinary table does not have."""
    ordinary = {endpoint.route for endpoint in views()}
    for endpoint in _walk(get_resolver(rooms.__name__).url_patterns, "", ""):
        if endpoint.route not in ordinary:
            yield endpoint


def _walk(patterns: Any, route: str, space: str) -> Iterator[Endpoint]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield Endpoint(here, f"{space}{pattern.name}", pattern.callback)


def ours() -> Iterator[Endpoint]:
    for endpoint in views():
        view = getattr(endpoint.view, "view_class", endpoint.view)
        module = getattr(view.func if isinstance(view, partial) else view, "__module__", "")
        if not module.startswith(FOREIGN) and not endpoint.name.startswith(INTERFACE):
            yield endpoint


def operations() -> Iterator[Endpoint]:
    """Every operation of the API, whichever router it comes from."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                method = "/".join(operation.methods)
                yield Endpoint(f"{method} {prefix}{path}", operation.view_func.__name__, operation.view_func)
