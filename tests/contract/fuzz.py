"""Cases that schemathesis makes out of our OpenAPI, sent to the house in this process; any 5xx is a fault.

Right and wrong requests in equal parts. Most keys, versions and references are replaced by existing ones,
else nearly every case would end at a 404. Each case is rolled back, so that the next one finds the same
district; what the database would refuse at commit counts as a fault too. The GeoReport addresses have no
OpenAPI of their own; `OPEN311` describes them for this purpose.
"""

import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import requests
import schemathesis
from django.core.signals import got_request_exception
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode

from hongtu.kernel.people.models import Person
from hongtu.ledger import actions
from hongtu.ledger.declaration import Ledger, find

LIVELY = 0.75
"""Share of keys, versions and references that are replaced by existing ones."""


def _described(path: str, *names: str, method: str = "get", form: tuple[str, ...] = ()) -> Any:
    """One GeoReport operation: names in the path from its braces, `names` in the query, `form` in a body."""
    parts = [part.partition("}")[0] for part in path.split("{")[1:]]
    text = {"type": "string"}
    formats = {"type": "string", "enum": ["xml", "json"]}
    parameters = [
        {"name": n, "in": "path", "required": True, "schema": formats if n == "form" else text} for n in parts
    ]
    parameters += [{"name": n, "in": "query", "schema": text} for n in names]
    operation: dict[str, Any] = {"parameters": parameters, "responses": {"200": {"description": "answer"}}}
    if form:
        schema = {"type": "object", "properties": dict.fromkeys(form, text)}
        operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return {f"/open311/v2/{path}": {method: operation}}


_LIST = ("service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size")
_FILED = (
    "jurisdiction_id", "service_code", "lat", "long", "address_string", "address_id", "email", "device_id",
    "account_id", "first_name", "last_name", "phone", "description", "media_url", "api_key",
)  # fmt: skip
OPEN311 = (
    _described("discovery.{form}"),
    _described("services.{form}", "jurisdiction_id"),
    _described("services/{code}.{form}", "jurisdiction_id"),
    _described("requests.{form}", "jurisdiction_id", "extensions", *_LIST),
    _described("requests.{form}", method="post", form=_FILED),
    _described("requests/{number}.{form}", "jurisdiction_id", "extensions"),
    _described("tokens/{token}.{form}", "jurisdiction_id"),
)


def document() -> dict[str, Any]:
    """Our OpenAPI with the GeoReport addresses beside it."""
    from hongtu.site.urls import api  # the rooms first: their policies come with their pages

    made = dict(api.get_openapi_schema())
    paths: dict[str, Any] = {path: dict(found) for path, found in made["paths"].items()}
    for described in OPEN311:
        for path, operation in described.items():
            paths.setdefault(path, {}).update(operation)
    return made | {"paths": paths}


def operations() -> list[Any]:
    """Every operation of the document."""
    described = schemathesis.openapi.from_dict(document())
    return [result.ok() for result in described.get_all_operations()]


@dataclass
class Outcome:
    """What came back: answers by status, and a paragraph for every fault."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.statuses.total()


class Fuzz:
    """Sends cases as one person, with a token of hers."""

    def __init__(self, person: Person, number: int) -> None:
        expires = timezone.localdate() + timedelta(days=1)
        self.token = actions.issue_token(by=person, name="fuzz", expires_on=expires)[1]
        self.client = Client(raise_request_exception=False)
        self.dice, self.number, self.outcome = random.Random(number), number, Outcome()
        self.raised: list[str] = []
        got_request_exception.connect(self._note)

    def close(self) -> None:
        got_request_exception.disconnect(self._note)

    def _note(self, **_signal: Any) -> None:
        self.raised.append(traceback.format_exc(limit=-6))

    def run(self, per_operation: int, step: Callable[[str], None] = lambda label: None) -> Outcome:
        """`per_operation` right and as many wrong cases for every operation."""
        for operation in operations():
            step(operation.label)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                self._send_many(operation.as_strategy(generation_mode=mode), per_operation)
        return self.outcome

    def _send_many(self, strategy: Any, cases: int) -> None:
        @seed(self.number)
        @settings(
            max_examples=cases,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def send(case: Any) -> None:
            self.send(case)

        send()

    def send(self, case: Any) -> None:
        """One case, rolled back."""
        self._enliven(case)
        request = requests.Request(**_arguments(case)).prepare()
        headers = {k: v for k, v in request.headers.items() if k not in {"Content-Type", "Content-Length"}}
        if self.dice.random() < 0.9:
            headers["Authorization"] = f"Bearer {self.token}"
        body = request.body or b""
        self.raised.clear()
        with transaction.atomic():
            answer = self.client.generic(
                str(request.method),
                request.path_url,
                body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
                content_type=request.headers.get("Content-Type", "application/octet-stream"),
                headers={k: v.encode("latin-1", "replace").decode("latin-1") for k, v in headers.items()},
            )
            refused = _refused_at_commit() if answer.status_code < 400 else ""
            transaction.set_rollback(True)
        self.outcome.statuses[answer.status_code] += 1
        if answer.status_code >= 500 or refused:
            told = "\n".join(self.raised) or refused or answer.content[:500].decode("utf-8", "replace")
            self.outcome.faults.append(
                f"{answer.status_code} {request.method} {request.path_url[:300]} {body[:600]!r}\n{told}"
            )

    def _enliven(self, case: Any) -> None:
        ledger = find(case.path.removeprefix("/api/v1/").split("/")[0])
        if ledger is None:
            return
        record = ledger.model._default_manager.order_by("?").first()
        if record is None:
            return
        if "key" in (case.path_parameters or {}) and self.dice.random() < LIVELY:
            case.path_parameters = {**case.path_parameters, "key": record.pk}
        if isinstance(case.body, Mapping):
            case.body = {**case.body, **dict(self._existing(ledger, record, case.body))}

    def _existing(self, ledger: Ledger, record: Any, body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        names = {column.name: column for column in ledger.table.values()}
        for name in body:
            if self.dice.random() >= LIVELY:
                continue
            if name == "version":
                yield name, getattr(record, "version", 0)
            elif name in names and (related := names[name].related) is not None:
                key = related._default_manager.order_by("?").values_list("pk", flat=True).first()
                yield name, [key] if isinstance(body[name], list) else key


def _arguments(case: Any) -> dict[str, Any]:
    """What `requests.Request` takes of a case."""
    given = case.as_transport_kwargs(base_url="http://testserver")
    known = ("method", "url", "headers", "files", "data", "json", "params", "cookies")
    return {name: given[name] for name in known if name in given}


def _refused_at_commit() -> str:
    """What deferred constraints would say."""
    try:
        with transaction.atomic():
            connection.check_constraints()
    except DatabaseError as refusal:
        return f"refused at commit: {refusal}"
    return ""
