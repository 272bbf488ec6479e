"""Texts sealed under a key that forgets."""

import json
import os
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.kernel.base.sealing import Ratchet, Unreadable

CONTENTS = {"name": "张示例", "note": "不能让别人看到"}
LATER = date(2028, 4, 25)


@pytest.fixture
def ratchet(tmp_path: Path) -> Ratchet:
    return Ratchet(tmp_path / "key")


def test_what_was_sealed_can_be_opened_and_is_not_in_the_sealed_text(ratchet: Ratchet) -> None:
    sealed = ratchet.seal(LATER, "a", CONTENTS)
    assert ratchet.open("a", sealed) == CONTENTS
    assert "张示例" not in sealed and json.dumps("张示例") not in sealed


def test_another_process_opens_it_with_the_same_file(ratchet: Ratchet) -> None:
    assert Ratchet(ratchet.path).open("a", ratchet.seal(LATER, "a", CONTENTS)) == CONTENTS


def test_the_file_is_its_owners_alone(ratchet: Ratchet) -> None:
    ratchet.seal(LATER, "a", CONTENTS)
    assert os.stat(ratchet.path).st_mode & 0o077 == 0


def test_a_text_moved_to_another_record_is_refused(ratchet: Ratchet) -> None:
    with pytest.raises(Unreadable):
        ratchet.open("b", ratchet.seal(LATER, "a", CONTENTS))


def test_a_text_tampered_with_is_refused(ratchet: Ratchet) -> None:
    sealed = ratchet.seal(LATER, "a", CONTENTS)
    middle = len(sealed) // 2
    with pytest.raises(Unreadable):
        ratchet.open("a", sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :])


def test_a_text_under_another_months_name_is_refused(ratchet: Ratchet) -> None:
    month, _, token = ratchet.seal(LATER, "a", CONTENTS).partition(".")
    with pytest.raises(Unreadable):
        ratchet.open("a", f"{int(month) + 1}.{token}")


def test_its_own_month_is_still_readable_the_month_after_is_not(ratchet: Ratchet) -> None:
    sealed = ratchet.seal(LATER, "a", CONTENTS)
    ratchet.advance(date(2028, 4, 30))
    assert ratchet.open("a", sealed) == CONTENTS
    ratchet.advance(date(2028, 5, 1))
    with pytest.raises(Unreadable):
        ratchet.open("a", sealed)
    with pytest.raises(Unreadable):
        Ratchet(ratchet.path).open("a", sealed)


def test_what_is_sealed_for_later_survives_every_step(ratchet: Ratchet) -> None:
    sealed = ratchet.seal(date(2030, 1, 1), "a", CONTENTS)
    for month in range(1, 13):
        ratchet.advance(date(2028, month, 1))
        assert ratchet.open("a", sealed) == CONTENTS


def test_nothing_can_be_sealed_for_a_month_that_is_over(ratchet: Ratchet) -> None:
    ratchet.advance(date(2028, 5, 1))
    with pytest.raises(Unreadable):
        ratchet.seal(LATER, "a", CONTENTS)


def test_advancing_again_or_backwards_does_nothing(ratchet: Ratchet) -> None:
    assert ratchet.advance(LATER) > 0
    before = ratchet.path.read_bytes()
    assert ratchet.advance(LATER) == 0
    assert ratchet.advance(date(2020, 1, 1)) == 0
    assert ratchet.path.read_bytes() == before


def test_the_key_that_was_replaced_is_not_left_beside_the_file(ratchet: Ratchet) -> None:
    ratchet.seal(LATER, "a", CONTENTS)
    ratchet.advance(LATER)
    assert [path.name for path in ratchet.path.parent.iterdir()] == ["key"]


def test_the_file_says_nothing_about_what_was_sealed(tmp_path: Path) -> None:
    """Same size and same month after a hundred texts as after none."""
    used, idle = Ratchet(tmp_path / "used"), Ratchet(tmp_path / "idle")
    for number in range(100):
        used.seal(LATER, str(number), CONTENTS)
    idle.advance(date(2019, 1, 1))
    assert used.path.stat().st_size == idle.path.stat().st_size
    assert json.loads(used.path.read_text())["month"] == json.loads(idle.path.read_text())["month"]


def test_of_many_that_make_the_file_first_all_use_one_key(tmp_path: Path) -> None:
    sealed: list[str] = []
    barrier = threading.Barrier(8)

    def run(number: int) -> None:
        barrier.wait()
        sealed.append(Ratchet(tmp_path / "key").seal(LATER, "a", CONTENTS))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [Ratchet(tmp_path / "key").open("a", text) for text in sealed] == [CONTENTS] * 8


@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=60), max_size=4),
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
)
def test_any_text_and_any_month(contents: dict[str, str], until: date) -> None:
    assert SHARED.open("a", SHARED.seal(until, "a", contents)) == contents


@pytest.fixture(autouse=True, scope="module")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    SHARED.path = tmp_path_factory.mktemp("sealing") / "key"


SHARED = Ratchet(Path("unset"))
