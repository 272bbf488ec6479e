"""The API of the house: every ledger's operations, and the routers of the boards."""

from copy import deepcopy
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from hongtu.boards.assistant.api import router as assistant
from hongtu.kernel.access.guards import guard
from hongtu.ledger.api.build import build

api = build()
api.add_router("/assistant/", assistant)
PUBLIC = "assistant"


@guard(public=True)
@require_GET
def public_openapi(request: HttpRequest) -> JsonResponse:
    """OpenAPI of the operations that need no account, for whoever builds on them."""
    document: dict[str, Any] = deepcopy(dict(api.get_openapi_schema()))
    document["paths"] = {
        path: operations
        for path, operations in document["paths"].items()
        if all(PUBLIC in described.get("tags", ()) for described in operations.values())
    }
    needed = _schemas(document, document["paths"], set())
    document["components"] = {
        "schemas": {n: s for n, s in document["components"]["schemas"].items() if n in needed}
    }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _schemas(document: dict[str, Any], part: Any, found: set[str]) -> set[str]:
    """Names of the schemas that a part of the document leads to."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in found:
            found.add(name)
            _schemas(document, document["components"]["schemas"][name], found)
        for value in part.values():
            _schemas(document, value, found)
    elif isinstance(part, list):
        for value in part:
            _schemas(document, value, found)
    return found
