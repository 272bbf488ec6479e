"""The two benchmark formats say the same thing."""

from pathlib import Path

import pytest

from hongtu.engines.schedule.levelling import LevellingError, Limits, minimise_finish, read_psplib

HERE = Path(__file__).parent


def test_both_formats_give_the_same_problem() -> None:
    single_mode = read_psplib(HERE / "fixtures" / "small.sm")
    patterson = read_psplib(HERE / "fixtures" / "small.rcp")
    assert [t.id for t in single_mode.tasks] == ["1", "2", "3", "4", "5", "6"]
    assert {(r.predecessor, r.successor) for r in single_mode.relations} == {
        (r.predecessor, r.successor) for r in patterson.relations
    }
    assert single_mode.resources == patterson.resources
    limits = Limits(seconds=10, schedules=200, workers=1)
    one, other = minimise_finish(single_mode, limits), minimise_finish(patterson, limits)
    assert one.optimal and other.optimal
    assert one.makespan == other.makespan == 9


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("3 1\n4\n0 0 1 2\n5 2", "ends where the successor count of task 2"),
        ("3 x\n", "'x' is not a whole number"),
        ("1 1\n2\n3 1 1 9\n", "names 9, which does not exist"),
    ],
)
def test_a_broken_file_is_refused_by_place(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "broken.rcp"
    path.write_text(text)
    with pytest.raises(LevellingError, match=sentence):
        read_psplib(path)


def test_a_broken_single_mode_line_is_named(tmp_path: Path) -> None:
    text = (
        (HERE / "fixtures" / "small.sm")
        .read_text()
        .replace("   2        1          1           5", "   2        1          2           5")
    )
    path = tmp_path / "broken.sm"
    path.write_text(text)
    with pytest.raises(LevellingError, match=r"broken\.sm line 20: successor count"):
        read_psplib(path)
