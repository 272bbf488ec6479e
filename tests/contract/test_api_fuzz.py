"""Some hundreds of right and wrong requests that schemathesis makes out of our OpenAPI: never a 5xx.

`python bench/api_fuzz.py` sends twenty thousand.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.ledger.declaration import ledgers
from hongtu.ledger.filters import RANGES
from tests.contract.examples import EXAMPLES
from tests.contract.fuzz import Fuzz
from tests.contract.world import World


def populate(world: World) -> None:
    """A record in every ledger, out of its example. Some examples bring records of other ledgers, whose own
    first example is then taken: the next number is tried."""
    for ledger in ledgers():
        case = EXAMPLES[ledger.slug]
        for number in range(1, 5):
            if ledger.model._default_manager.exists():
                break
            with suppress(IntegrityError, InvalidInput), transaction.atomic():
                if case.make is not None:
                    case.make(world, number)
                elif ledger.create is not None:
                    ledger.create(by=None, **case.values(world, number))


def test_no_request_breaks_the_api(world: World) -> None:
    populate(world)
    assert [one.slug for one in ledgers() if not one.model._default_manager.exists()] == []
    fuzz = Fuzz(world.wang, number=20261122)
    try:
        outcome = fuzz.run(per_operation=2)
    finally:
        fuzz.close()
    assert outcome.faults == [], "\n\n".join(outcome.faults[:5])
    assert outcome.cases > 300
    assert {200, 201, 404, 422} <= set(outcome.statuses), outcome.statuses


ODD = (
    "%00",
    "a%00b",
    "%EF%BF%BD",
    "%ED%A0%80",
    "NaN",
    "sNaN",
    "Infinity",
    "1e999999",
    "9" * 400,
    "-1",
    "%F0%9F%8F%97",
)


@pytest.mark.parametrize("base", ["/api/v1/{}/", "/ledgers/{}/"])
def test_no_filter_breaks_a_list(world: World, login: Callable[[Person], Client], base: str) -> None:
    """What no schema forbids in an address: NUL, half a surrogate, not a number, digits without end."""
    client = login(world.wang)
    client.raise_request_exception = False
    broken = []
    for ledger in ledgers():
        kinds = {column.kind: column.name for column in (ledger.column(n) for n in ledger.filters)}
        names = [f"{n}_{end}" for k, n in kinds.items() for end in RANGES.get(k, ())]
        for value in ODD:
            for asked in (("page",), ("per_page",), ("q", "sort", *kinds.values(), *names)):
                address = f"{base.format(ledger.slug)}?" + "&".join(f"{name}={value}" for name in asked)
                if client.get(address).status_code >= 500:
                    broken.append(address)
    assert broken == []


def test_no_odd_path_is_an_error_of_the_server(world: World, login: Callable[[Person], Client]) -> None:
    client = login(world.wang)
    client.raise_request_exception = False
    for path in ("/open311/v2/requests/%00.json", "/matters/m/%00/", "/problems/mine/%00/", "/ledgers/%00/"):
        assert client.get(path).status_code in {400, 404}, path
