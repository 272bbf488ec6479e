"""Small scenes for the tests, by hand and by chance."""

from __future__ import annotations

import shapely
from hypothesis import strategies as st

from hongtu.engines.schedule.worksite import AccessKind, Link, LinkKind, Project, Scene, Shorten, Space, Split


def box(x: float, y: float, width: float = 10, height: float = 10) -> shapely.Polygon:
    return shapely.box(x, y, x + width, y + height)


def two_parties(first_rate: float = 10, second_rate: float = 3, **scene: object) -> Scene:
    """A holds the ground on days 0-10, B wants the same ground on days 5-12."""
    projects = (Project("A", delay_cost_per_day=first_rate), Project("B", delay_cost_per_day=second_rate))
    spaces = (Space("a", "A", box(0, 0), 0, 10), Space("b", "B", box(5, 5), 5, 12))
    return Scene(projects, spaces, **scene)  # type: ignore[arg-type]


@st.composite
def scenes(draw: st.DrawFn, most: int = 14, place: int = 40, chains: bool = False) -> Scene:
    """Random scenes on a small ground, so that most spaces have a rival."""
    parties = draw(st.integers(2, 4))
    spaces: list[Space] = []
    for number in range(draw(st.integers(2, most))):
        start = draw(st.integers(0, 30))
        days = draw(st.integers(1, 9))
        moves: list[object] = []
        links: list[Link] = []
        project = f"P{draw(st.integers(0, parties - 1))}"
        if chains:
            if days > 2 and draw(st.booleans()):
                moves.append(Shorten(days - 1, draw(st.integers(0, 20))))
            if days > 3 and draw(st.booleans()):
                moves.append(Split(1, draw(st.integers(0, 20)), 1))
            before = [space for space in spaces if space.project == project]
            if before and draw(st.booleans()):
                kind = draw(st.sampled_from(list(LinkKind)))
                links.append(Link(before[-1].id, kind, draw(st.integers(-2, 3))))
        spaces.append(
            Space(
                f"s{number}",
                project,
                box(
                    draw(st.integers(0, place)),
                    draw(st.integers(0, place)),
                    draw(st.integers(1, 20)),
                    draw(st.integers(1, 20)),
                ),
                start,
                start + days,
                access=draw(st.sampled_from(list(AccessKind))),
                clearance=draw(st.sampled_from([0.0, 0.0, 3.0])),
                delay_cost_per_day=draw(st.integers(0, 4)),
                links=tuple(links),
                moves=tuple(moves),  # type: ignore[arg-type]
            )
        )
    projects = tuple(Project(f"P{k}", delay_cost_per_day=draw(st.integers(1, 50))) for k in range(parties))
    return Scene(projects, tuple(spaces), handover_days=draw(st.integers(0, 2)))
