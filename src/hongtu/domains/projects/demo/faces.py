"""The case of the newspaper on the map of 2025: 明月山大道南延 and the site office of 急救中心 (示例).

The engine's example file, moved to where the two demonstration projects lie and to the days of the
road's drainage, its activities tied to the steps of the two chains. Sums and parties are made up.
"""

import copy
import json
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.models import Project
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

EXAMPLE_START = date(2023, 11, 6)  # first day of the example's drainage work
EAST, NORTH = 0.0269, -0.0104  # degrees from the example's place to the demonstration's
NAMES = {"mingyueshan": "明月山大道南延项目", "emergency": "南昌市急救中心"}
STEPS = {
    "排水工程": "雨污水等管网完成",
    "非机动车道": "水稳层完成",
    "主体与装饰": "室内装饰完成",
}
_DATES = ("start", "finish", "earliest", "latest_finish")


def load_faces(*, by: Person | None) -> None:
    """Write the faces of the two projects through the same action as an upload, then two neighbours that use one
    crossing in turn: no conflict, but who comes second waits for who comes first."""
    actions.upload_faces(by=by, document=case(), demonstration=True)
    actions.upload_faces(by=by, document=in_turn(), demonstration=True)


def case() -> dict[str, Any]:
    """The example file in the demonstration's place and time."""
    folder = files("hongtu.engines.schedule.worksite") / "examples"
    document = json.loads((folder / "mingyueshan.geojson").read_text(encoding="utf-8"))
    moved: dict[str, Any] = copy.deepcopy(document)
    road = queries.chain_of(parties()[0])
    drains = road.steps.filter(name=STEPS["排水工程"]).first() if road else None
    shift = (drains.planned_start if drains else today()) - EXAMPLE_START
    moved["hongtu"]["data_date"] = today().isoformat()
    for row in moved["hongtu"]["projects"]:
        row["promised"] = _later(row["promised"], shift)
        row["name"] = NAMES[row["id"]]
    for feature in moved["features"]:
        properties = feature["properties"]
        _shift_dates(properties, shift)
        feature["geometry"] = _moved(feature["geometry"])
        properties["activity"] = STEPS.get(properties["activity"], properties["activity"])
        properties.pop("step", None)
        for move in properties.get("moves", ()):
            _shift_dates(move, shift)
            if "geometry" in move:
                move["geometry"] = _moved(move["geometry"])
            for stage in move.get("stages", ()):
                _shift_dates(stage, shift)
                stage["geometry"] = _moved(stage["geometry"])
    return moved


TURNS = (
    ("drains", "凤凰洲雨污水管网工程", "凤鸣路口排水沟槽（示例）", "trench", 6, ("07-01", "08-15")),
    ("road", "凤凰洲道路工程", "凤鸣路口水稳层作业面（示例）", "work_face", 7, ("08-19", "09-20")),
)
CROSSING = (115.8647, 28.7145)


def in_turn() -> dict[str, Any]:
    """Two projects on one crossing, the pipes before the pavement."""
    year = today().year
    east, north = CROSSING
    wide, high = 0.0006, 0.0002  # degrees: some 60 by 20 metres
    ring = [
        [east, north],
        [east + wide, north],
        [east + wide, north + high],
        [east, north + high],
        [east, north],
    ]
    return {
        "type": "FeatureCollection",
        "hongtu": {
            "calendar": "civil",
            "data_date": today().isoformat(),
            "projects": [{"id": key, "name": name} for key, name, *_rest in TURNS],
        },
        "features": [
            {
                "type": "Feature",
                "id": f"crossing-{key}",
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {
                    "project": key,
                    "name": words,
                    "kind": kind,
                    "step": step,
                    "start": f"{year}-{window[0]}",
                    "finish": f"{year}-{window[1]}",
                },
            }
            for key, _name, words, kind, step, window in TURNS
        ],
    }


def _later(day: str, shift: timedelta) -> str:
    return (date.fromisoformat(day) + shift).isoformat()


def _shift_dates(row: dict[str, Any], shift: timedelta) -> None:
    for name in _DATES:
        if name in row:
            row[name] = _later(row[name], shift)


def _moved(geometry: dict[str, Any] | None) -> dict[str, Any] | None:
    if geometry is None:
        return None
    return {**geometry, "coordinates": _moved_points(geometry["coordinates"])}


def _moved_points(points: Any) -> Any:
    if points and isinstance(points[0], int | float):
        return [round(points[0] + EAST, 7), round(points[1] + NORTH, 7)]
    return [_moved_points(inner) for inner in points]


def parties() -> list[Project]:
    """The two projects, the road first."""
    found = {p.name: p for p in Project.objects.filter(name__in=NAMES.values())}
    return [found[name] for name in NAMES.values()]
