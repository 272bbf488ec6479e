"""Puts the API together: four operations for each ledger, one shape of refusal, two ways to log in."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import Status
from ninja.security import HttpBearer, session

from hongtu.kernel.access import policies
from hongtu.kernel.access.guards import Guard
from hongtu.kernel.access.limits import TooManyRequests
from hongtu.kernel.base.errors import HongtuError, InvalidInput, NotAllowed, StaleVersion
from hongtu.ledger import places, queries
from hongtu.ledger.api import schemas
from hongtu.ledger.declaration import Ledger, ledgers
from hongtu.ledger.forms import form_class
from hongtu.ledger.listing import Listing
from hongtu.ledger.masking import for_reader
from hongtu.ui.widgets import PositionField

REFUSALS = {401: schemas.Refusal, 403: schemas.Refusal, 404: schemas.Refusal, 422: schemas.Refusal}


class TokenAuth(HttpBearer):
    """`Authorization: Bearer hongtu_...`; no CSRF, since no browser sends it by itself."""

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        person = queries.person_of_token(token)
        if person is not None:
            request.user = person
            _require(person, self.permission)
        return person


class SessionAuth(session.SessionAuth):
    """The log-in of the pages; writes need the CSRF token."""

    def __init__(self, permission: str) -> None:
        super().__init__(csrf=True)
        self.permission = permission

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        person = super().authenticate(request, key)
        if person is not None:
            _require(person, self.permission)
        return person


def doors(permission: str) -> list[Any]:
    """Both ways in, each with the permission checked before the request's body is looked at."""
    return [TokenAuth(permission), SessionAuth(permission)]


def _require(person: Any, permission: str) -> None:
    if permission and not policies.can(person, permission):
        raise NotAllowed(_("您没有执行该操作的权限。"), permission=permission)


def build(only: list[Ledger] | None = None, *, version: str = "1.0.0", namespace: str = "api") -> NinjaAPI:
    """The API of all registered ledgers (or of those given, for tests)."""
    api = NinjaAPI(
        title="Hongtu",
        version=version,
        urls_namespace=namespace,
        docs_url=None,
        openapi_url=None,
        auth=doors(""),
    )
    add_error_handlers(api)
    for ledger in only if only is not None else ledgers():
        api.add_router(f"/{ledger.slug}/", ledger_router(ledger), tags=[ledger.slug])

    def openapi(request: HttpRequest) -> Any:
        """This document."""
        return api.get_openapi_schema()

    api.get("/openapi.json", include_in_schema=False)(guarded(openapi, Guard()))
    return api


def guarded(operation: Callable[..., Any], policy: Guard) -> Callable[..., Any]:
    """Marks an operation with its policy, for the test that walks all of them."""
    operation.policy = policy  # type: ignore[attr-defined]
    return operation


def ledger_router(ledger: Ledger) -> Router:
    """List and get, create and update where the ledger has the actions."""
    router = Router()
    record = schemas.record_schema(ledger)
    _add_reads(router, ledger, record)
    if ledger.create is not None and ledger.form:
        _add_create(router, ledger, record)
    if ledger.update is not None and ledger.form:
        _add_update(router, ledger, record)
    return router


def _add_reads(router: Router, ledger: Ledger, record: type[Schema]) -> None:
    columns = schemas.shown(ledger)
    asked, permission = schemas.query_schema(ledger), ledger.permission("read")

    def list_records(request: HttpRequest, parameters: Any) -> Any:
        person = request.user
        listing = Listing(ledger, person, request.GET, per_page=parameters.per_page, columns=columns)
        if listing.filters.faults:
            fields = {name: [text] for name, text in listing.filters.faults.items()}
            raise InvalidInput(_("筛选条件看不懂，请按提示修改。"), fields=fields)
        return {
            "items": [schemas.as_data(ledger, for_reader(columns, person), r) for r in listing.page],
            "count": listing.count,
            "page": listing.pages.number,
            "pages": listing.pages.count,
            "totals": {n: listing.totals[n] for n in ledger.totals},
        }

    def get_record(request: HttpRequest, key: int) -> Any:
        person = request.user
        return schemas.as_data(ledger, for_reader(columns, person), _one(ledger, key, person, columns))

    list_records.__annotations__["parameters"] = asked
    list_records.__defaults__ = (Query(...),)
    _describe(ledger, list_records, "list", get_record, "get")
    page = schemas.page_schema(ledger, record)
    router.get("", response={200: page, **REFUSALS}, auth=doors(permission))(
        guarded(list_records, Guard(permission))
    )
    router.get("{int:key}", response={200: record, **REFUSALS}, auth=doors(permission))(
        guarded(get_record, Guard(permission))
    )


def _one(ledger: Ledger, key: int, person: Any, columns: list[Any]) -> Any:
    """One record with what the answer shows, computed columns included."""
    listing = Listing(ledger, person, QueryDict(), columns=columns)
    found = listing.rows.filter(pk=key).first()
    if found is None:
        raise Http404(_("没有这条记录，或您无权查看。"))
    return found


def _add_create(router: Router, ledger: Ledger, record: type[Schema]) -> None:
    permission, columns, action = ledger.permission("change"), schemas.shown(ledger), ledger.create
    assert action is not None

    def create_record(request: HttpRequest, payload: Any) -> Any:
        person = request.user
        values = _validated(ledger, person, payload.dict(exclude_unset=True), None)
        with transaction.atomic():
            made = action(by=person, **places.stored(values, by=person, name=str(values.get("name", ""))))
        return Status(
            201, schemas.as_data(ledger, for_reader(columns, person), _one(ledger, made.pk, None, columns))
        )

    create_record.__annotations__["payload"] = schemas.create_schema(ledger)
    _describe(ledger, create_record, "create")
    router.post("", response={201: record, **REFUSALS}, auth=doors(permission))(
        guarded(create_record, Guard(permission))
    )


def _add_update(router: Router, ledger: Ledger, record: type[Schema]) -> None:
    permission, columns, action = ledger.permission("change"), schemas.shown(ledger), ledger.update
    assert action is not None

    def update_record(request: HttpRequest, key: int, payload: Any) -> Any:
        person = request.user
        found = policies.get(ledger.model, key, by=person)
        policies.require(person, permission, found)
        given = payload.dict(exclude_unset=True)
        version = given.pop("version")
        values = _validated(ledger, person, given, found)
        if values:
            with transaction.atomic():
                stored = places.stored(values, by=person, name=str(found))
                action(by=person, record=found, version=version, **stored)
        return schemas.as_data(ledger, for_reader(columns, person), _one(ledger, key, person, columns))

    update_record.__annotations__["payload"] = schemas.update_schema(ledger)
    _describe(ledger, update_record, "update")
    answers = {200: record, 409: schemas.Stale, **REFUSALS}
    router.patch("{int:key}", response=answers, auth=doors(permission))(
        guarded(update_record, Guard(permission))
    )


def _describe(ledger: Ledger, *named: Any) -> None:
    """Operation names and summaries that differ from ledger to ledger."""
    for operation, verb in zip(named[::2], named[1::2], strict=True):
        operation.__name__ = f"{ledger.slug.replace('-', '_')}_{verb}"
        operation.__doc__ = f"{verb.capitalize()}: {ledger.slug}"
        operation.__annotations__.setdefault("key", int)
        if "key" not in operation.__code__.co_varnames[: operation.__code__.co_argcount]:
            del operation.__annotations__["key"]
        operation.__annotations__["request"] = HttpRequest


def _validated(ledger: Ledger, person: Any, given: dict[str, Any], record: Any) -> dict[str, Any]:
    """The values after the same checks that the page's form makes. InvalidInput names the fields."""
    cls = form_class(ledger, person, only=list(given) if record is not None else None)
    data: dict[str, Any] = {}
    positions = {}
    for name, value in given.items():
        if isinstance(cls.base_fields.get(name), PositionField):
            positions[name] = value
        elif value is not None:
            data[name] = value
    for name in positions:
        cls.base_fields[name].required = False
    form = cls(data, instance=copy.copy(record) if record is not None else None)
    if not form.is_valid():
        fields = {name: [str(e) for e in errors] for name, errors in form.errors.items()}
        raise InvalidInput(_("有字段填得不对，请按提示修改。"), fields=fields)
    values = {n: v for n, v in form.cleaned_data.items() if n in given and n not in positions}
    values = {n: list(v) if hasattr(v, "_iterable_class") else v for n, v in values.items()}
    return {**values, **{n: places.from_api(v) for n, v in positions.items()}}


def add_error_handlers(api: NinjaAPI) -> None:
    """Every refusal has the same shape; none shows an inner message."""

    def refuse(request: HttpRequest, status: int, data: dict[str, Any]) -> HttpResponse:
        body = {"code": "", "message": "", "fields": {}, "where": {}, **data}
        return api.create_response(request, _words(body), status=status)

    def house(request: HttpRequest, error: HongtuError) -> HttpResponse:
        status = {InvalidInput: 422, NotAllowed: 403, StaleVersion: 409, TooManyRequests: 429}
        response = refuse(request, status.get(type(error), 422), error.as_dict())
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields: dict[str, list[str]] = {}
        for fault in error.errors:
            parts = [str(p) for p in fault["loc"] if p not in {"body", "query", "payload", "parameters"}]
            fields.setdefault(".".join(parts) or "body", []).append(str(fault["msg"]))
        message = _("请求的格式不对，请按提示修改。")
        return refuse(request, 422, {"code": "input.malformed", "message": message, "fields": fields})

    def missing(request: HttpRequest, error: Exception) -> HttpResponse:
        return refuse(request, 404, {"code": "record.missing", "message": _("没有这条记录，或您无权查看。")})

    def forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
        return refuse(request, 403, {"code": NotAllowed.code, "message": _("您没有执行该操作的权限。")})

    def anonymous(request: HttpRequest, error: Exception) -> HttpResponse:
        return refuse(
            request, 401, {"code": "access.not_logged_in", "message": _("请先登录，或带上接口令牌。")}
        )

    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        return refuse(request, error.status_code, {"code": "request.refused", "message": str(error)})

    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (HongtuError, house),
        (ValidationError, invalid),
        (Http404, missing),
        (PermissionDenied, forbidden),
        (AuthenticationError, anonymous),
        (HttpError, plain),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def _words(value: Any) -> Any:
    """Lazy texts and objects as text, nested."""
    if isinstance(value, dict):
        return {str(k): _words(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_words(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str) else force_str(value)
