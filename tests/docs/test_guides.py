"""The guides in docs/tutorial do what they say: commands, pages, forms, and every figure they quote."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.docs.guide import Command, Fill, Open, Reader, Seen, steps

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs/tutorial").glob("plan-backwards*.md"))
MOST_BYTES = 200_000


def language(guide: Path) -> str:
    return "zh-hans" if guide.stem.endswith(".zh") else "en"


def test_there_is_one_in_each_language() -> None:
    assert sorted(map(language, GUIDES)) == ["en", "zh-hans"]


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_the_guide_can_be_followed_word_by_word(
    guide: Path, client_as: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]
    # A page answers within seconds with what it has; a busy machine must not give the guide less.
    monkeypatch.setattr("hongtu.domains.projects.queries.rescue.SECONDS", 120.0)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language(guide) == "zh-hans" else "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")
    reader = Reader(client_as("zhongxin"), language(guide))
    done = {Command: 0, Open: 0, Fill: 0, Seen: 0}
    for step in steps(guide):
        reader.follow(step)
        done[type(step)] += 1
    assert done[Command] >= 3
    assert done[Open] >= 6
    assert done[Fill] >= 2
    assert done[Seen] >= 20


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_its_pictures_are_there_and_small(guide: Path) -> None:
    names = [part.split(")")[0] for part in guide.read_text(encoding="utf-8").split("](../images/")[1:]]
    assert len(names) >= 5
    for name in names:
        assert 5_000 < (ROOT / "docs/images" / name).stat().st_size < MOST_BYTES, name


def test_both_languages_take_the_same_steps() -> None:
    def shape(guide: Path) -> list[Any]:
        kept = [step for step in steps(guide) if not isinstance(step, Seen)]
        return [
            s.words if isinstance(s, Command) else s.address if isinstance(s, Open) else "form" for s in kept
        ]

    first, second = (shape(guide) for guide in GUIDES)
    assert first == second
