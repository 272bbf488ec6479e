"""A quick play of the machine; `python bench/spine.py --full` plays fifty thousand steps."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hongtu.kernel.people.models import Person, Unit
from tests.kernel.problems.machine import Spine


def test_whatever_people_try_the_spine_holds(house: dict[str, Unit], cast: dict[str, Person]) -> None:
    Spine.house, Spine.cast, Spine.steps = house, list(cast.values()), 0
    run_state_machine_as_test(
        Spine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
        ),
    )
    assert Spine.steps > 200
