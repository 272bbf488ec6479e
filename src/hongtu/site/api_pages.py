"""The API's description as a page: every operation out of the OpenAPI document, without any script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.ledger.declaration import find
from hongtu.site.api import api
from hongtu.ui.components import Crumb


@dataclass(frozen=True)
class Field:
    """A parameter or a field of the body: where it goes, its type in OpenAPI's words."""

    name: str
    place: str
    type: str
    required: bool


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    name: str
    fields: tuple[Field, ...]
    answers: tuple[str, ...]


@guard(login=True)
@require_GET
def documentation(request: PersonRequest) -> HttpResponse:
    """Every operation by ledger."""
    document = api.get_openapi_schema()
    groups: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, described in operations.items():
            tag = (described.get("tags") or [""])[0]
            groups.setdefault(tag, []).append(_operation(document, path, method, described))
    titled = [(tag, _title(tag), found) for tag, found in groups.items()]
    context = {
        "groups": titled,
        "version": document["info"]["version"],
        "base": request.build_absolute_uri("/"),
        "breadcrumbs": [Crumb(_("接口说明"))],
    }
    return render(request, "site/api.html", context)


def _title(tag: str) -> str:
    ledger = find(tag)
    return str(ledger.title) if ledger else tag or _("其他")


def _operation(
    document: Mapping[str, Any], path: str, method: str, described: Mapping[str, Any]
) -> Operation:
    fields = [
        Field(p["name"], p["in"], _type(document, p["schema"]), p.get("required", False))
        for p in described.get("parameters", ())
    ]
    body = described.get("requestBody", {}).get("content", {})
    for content in body.values():
        schema = _resolved(document, content["schema"])
        needed = schema.get("required", ())
        fields += [
            Field(name, "body", _type(document, given), name in needed)
            for name, given in schema.get("properties", {}).items()
        ]
    answers = tuple(str(code) for code in described.get("responses", {}))
    return Operation(method.upper(), path, described.get("operationId", ""), tuple(fields), answers)


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema, its reference followed."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _type(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """`string (date)`, `integer | null`, `string[]`."""
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(document, one) for one in schema["anyOf"]))
    given = _resolved(document, schema)
    if given.get("type") == "array":
        return f"{_type(document, given.get('items', {}))}[]"
    words = str(given.get("type", "object"))
    return f"{words} ({given['format']})" if "format" in given else words
