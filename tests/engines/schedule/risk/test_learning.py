"""Learned approval durations: tested on generated history whose truth is known, held back from the learner.

The histories are generated, not the district's: they show that the method is calibrated, not how fast any
office is.
"""

import numpy as np
import pytest

from hongtu.engines.schedule.risk.learning import (
    ApprovalHistory,
    Observation,
    ObservationError,
    calibrate,
    survival,
)

RNG = np.random.default_rng(11)
COMMITTED = {f"m{i}": float(RNG.integers(3, 25)) for i in range(20)}
PACE = {f"o{i}": float(RNG.uniform(0.6, 1.6)) for i in range(6)}


def history(mean_count: float, seed: int) -> list[Observation]:
    """Steps of every matter at every office: pace of the office times committed days, log-normal."""
    rng = np.random.default_rng(seed)
    return [
        Observation(matter, office, float(np.ceil(days * pace * rng.lognormal(0, 0.35))))
        for matter, days in COMMITTED.items()
        for office, pace in PACE.items()
        for _ in range(rng.poisson(mean_count))
    ]


@pytest.mark.parametrize(("count", "gap"), [(8, 0.06), (30, 0.04)])
def test_quantiles_hold_on_held_back_history(count: int, gap: float) -> None:
    learned = ApprovalHistory(history(count, 1), COMMITTED)
    found = calibrate(learned, history(10, 2))
    assert found.count > 1_000
    assert found.worst_gap < gap


def test_learning_beats_the_default_however_little_was_seen() -> None:
    held_back = history(10, 2)
    losses = {
        n: calibrate(ApprovalHistory(history(n, 1), COMMITTED), held_back).pinball for n in (0, 0.5, 2, 8, 30)
    }
    assert max(losses[n] for n in (0.5, 2, 8, 30)) < 0.95 * losses[0]
    assert losses[30] == min(losses.values())
    assert losses[30] < 0.85 * losses[0]


def test_few_observations_are_shrunk_to_the_committed_days() -> None:
    three = [Observation("m", "o", 40.0)] * 3
    many = [Observation("m", "o", 40.0)] * 300
    committed = {"m": 10.0}

    def median(seen: list[Observation]) -> float:
        return float(ApprovalHistory(seen, committed).learned("m", "o").distribution.quantile(0.5))

    assert median([]) == pytest.approx(10.5, abs=1)
    assert median([]) < median(three) < 30
    assert median(many) == pytest.approx(40, abs=1)
    assert ApprovalHistory([], committed).learned("m", "o").by_default


def test_an_office_without_history_borrows_from_the_others() -> None:
    seen = [Observation("m", f"o{i}", 30.0) for i in range(60)]
    found = ApprovalHistory(seen, {"m": 10.0}).learned("m", "new office")
    assert found.own == 0
    assert found.of_matter == 60
    assert float(found.distribution.quantile(0.5)) == pytest.approx(30, abs=3)


def test_steps_still_waiting_count_as_longer() -> None:
    done = [Observation("m", "o", float(d)) for d in (8, 9, 10, 11, 12)] * 6
    waiting = [Observation("m", "o", 15.0, finished=False)] * 15
    without = ApprovalHistory(done, {"m": 10.0}).learned("m", "o").distribution.quantile(0.8)
    with_them = ApprovalHistory([*done, *waiting], {"m": 10.0}).learned("m", "o").distribution.quantile(0.8)
    assert float(with_them) > float(without) + 2


def test_with_no_prior_the_estimate_is_kaplan_meier() -> None:
    seen = [Observation("m", "o", d, f) for d, f in ((2, True), (4, False), (5, True), (7, True), (9, False))]
    grid = np.arange(0.0, 9.0)
    found = survival(seen, np.ones_like(grid), 1e-9, grid)
    expected = [1, 1, 0.8, 0.8, 0.8, 0.8 * 2 / 3, 0.8 * 2 / 3, 0.8 / 3, 0.8 / 3]
    assert found == pytest.approx(np.array(expected), abs=1e-6)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ObservationError, match="o9"):
        Observation("m", "o9", -1)
    with pytest.raises(KeyError):
        ApprovalHistory([], {}).learned("unknown", "o")
    with pytest.raises(ObservationError):
        calibrate(ApprovalHistory([], COMMITTED), [])
