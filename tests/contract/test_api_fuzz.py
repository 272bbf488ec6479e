"""Some hundreds of right and wrong requests that schemathesis makes out of our OpenAPI: never a 5xx.

`python bench/api_fuzz.py` sends twenty thousand.
"""

from contextlib import suppress

from django.db import IntegrityError, transaction

from hongtu.ledger.declaration import ledgers
from tests.contract.examples import EXAMPLES
from tests.contract.fuzz import Fuzz
from tests.contract.world import World


def populate(world: World) -> None:
    """A record in every ledger, out of its example; some examples bring records of other ledgers."""
    for ledger in ledgers():
        case = EXAMPLES[ledger.slug]
        with suppress(IntegrityError), transaction.atomic():  # an earlier example brought it already
            if case.make is not None:
                case.make(world, 1)
            elif ledger.create is not None:
                ledger.create(by=None, **case.values(world, 1))


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
