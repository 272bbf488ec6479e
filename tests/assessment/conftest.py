"""Scores as the tests of this folder ask for them."""

from collections.abc import Callable
from datetime import date

import pytest

from hongtu.domains.assessment.queries.scoring import result
from hongtu.domains.assessment.rules import Score
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Unit
from hongtu.kernel.profile.models import today

Scores = Callable[..., dict[str, Score]]


@pytest.fixture
def scores() -> Scores:
    """`scores("owner")`: lines by the code of the unit, as known now or at a moment."""

    def read(subject: str, on: date | None = None, known: object = None, **more: object) -> dict[str, Score]:
        found = result(Subject(subject), on or today(), known, **more)  # type: ignore[arg-type]
        codes = dict(Unit.objects.values_list("pk", "code"))
        return {codes[line.unit]: line for line in found.lines}

    return read


def item(line: Score, key: str) -> float:
    """The points of an item; what was not due counts as full, so that taking it out is seen as a gain."""
    found = next(i for i in line.items if i.key == key)
    return found.points if found.got is None else found.got
