"""The file format: what is read, and how a file that cannot be read is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import shapely

from hongtu.engines.schedule.worksite import (
    AccessKind,
    Aim,
    ConflictClass,
    Limits,
    MoveCode,
    WorksiteError,
    explain,
    find_conflicts,
    plan,
    read_scene,
    report_of,
    scene_of,
    verify,
)
from hongtu.engines.schedule.worksite.detect import classes_of

EXAMPLE = Path(str(files("hongtu.engines.schedule.worksite"))) / "examples" / "mingyueshan.geojson"


def document() -> dict[str, Any]:
    """Two squares of about 100 m that overlap in place and time."""

    def square(x: float, y: float) -> dict[str, Any]:
        ring = [[x, y], [x + 0.001, y], [x + 0.001, y + 0.001], [x, y + 0.001], [x, y]]
        return {"type": "Polygon", "coordinates": [ring]}

    def feature(name: str, project: str, x: float, start: str, finish: str) -> dict[str, Any]:
        properties = {"project": project, "start": start, "finish": finish}
        return {"type": "Feature", "id": name, "geometry": square(x, 28.6), "properties": properties}

    features = [
        feature("a", "A", 115.77, "2026-03-01", "2026-03-20"),
        feature("b", "B", 115.7705, "2026-03-10", "2026-03-31"),
    ]
    return {"type": "FeatureCollection", "features": features}


def refuse(change: Callable[[dict[str, Any]], None]) -> WorksiteError:
    broken = copy.deepcopy(document())
    change(broken)
    with pytest.raises(WorksiteError) as refusal:
        scene_of(broken)
    return refusal.value


def test_a_plain_file_is_read_in_metres_and_days() -> None:
    scene = scene_of(document())
    assert [space.days for space in scene.spaces] == [20, 22]
    assert scene.spaces[0].footprint is not None
    assert scene.spaces[0].footprint.area == pytest.approx(97.8 * 110.8, rel=0.01)
    assert len(find_conflicts(scene)) == 1


def test_lines_need_a_width_and_become_ground() -> None:
    road = document()
    line = {"type": "LineString", "coordinates": [[115.769, 28.6005], [115.773, 28.6005]]}
    road["features"][0]["geometry"] = line
    road["features"][0]["properties"] |= {"kind": "haul_road", "width_m": 6}
    scene = scene_of(road)
    assert scene.spaces[0].access is AccessKind.PASSAGE
    assert classes_of(find_conflicts(scene)) == [ConflictClass.ROUTE_BLOCKED]
    del road["features"][0]["properties"]["width_m"]
    with pytest.raises(WorksiteError, match=r"GEOMETRY_NEEDS_SIZE.*feature 0.*id 'a'"):
        scene_of(road)


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(target: dict[str, Any]) -> None:
        *inner, last = path.split("/")
        for key in inner:
            target = target[int(key)] if isinstance(target, list) else target[key]
        target[int(last) if isinstance(target, list) else last] = value

    return change


BOW = [[115.77, 28.6], [115.771, 28.601], [115.771, 28.6], [115.77, 28.601], [115.77, 28.6]]
FIRST = "features/0/properties"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (_set("type", "Feature"), "NOT_A_FEATURE_COLLECTION", None),
        (_set("features", []), "NO_FEATURES", None),
        (_set("features/0", 7), "NOT_A_FEATURE", None),
        (_set(f"{FIRST}/start", None), "PROPERTY_MISSING", "start"),
        (_set(f"{FIRST}/project", ""), "PROPERTY_MISSING", "project"),
        (_set("features/0/id", None), "PROPERTY_MISSING", "id"),
        (_set(f"{FIRST}/start", "2026-02-30"), "DATE_INVALID", "start"),
        (_set(f"{FIRST}/finish", "2025-03-20"), "WINDOW_REVERSED", "finish"),
        (_set(f"{FIRST}/kind", "tent"), "VALUE_UNKNOWN", "kind"),
        (_set(f"{FIRST}/clearance_m", "3 m"), "TYPE_WRONG", "clearance_m"),
        (_set(f"{FIRST}/clearance_m", -3), "NUMBER_OUT_OF_RANGE", "clearance_m"),
        (_set(f"{FIRST}/moves", [{"type": "fly"}]), "VALUE_UNKNOWN", "moves[0].type"),
        (_set(f"{FIRST}/moves", [{"type": "shorten", "minimum_days": 99}]), "MOVE_INVALID", "shorten"),
        (_set(f"{FIRST}/predecessors", ["z"]), "PREDECESSOR_UNKNOWN", "predecessors"),
        (_set("features/0/geometry/coordinates", [BOW]), "GEOMETRY_INVALID", "geometry"),
        (_set("features/0/geometry/coordinates", [[[1, 2]]]), "GEOMETRY_INVALID", "geometry"),
        (_set("features/0/geometry/type", "Circle"), "GEOMETRY_TYPE_WRONG", "geometry"),
        (
            _set("features/0/geometry/coordinates/0/1", [412345.0, 3165432.0]),
            "COORDINATE_OUT_OF_RANGE",
            "geometry",
        ),
        (_set("hongtu", {"projects": [{"id": "A"}]}), "PROJECT_UNKNOWN", "project"),
        (_set("hongtu", []), None, None),
        (_set("hongtu", {"projects": "A"}), "TYPE_WRONG", "hongtu.projects"),
    ],
)
def test_what_is_wrong_is_named(
    change: Callable[[dict[str, Any]], None], code: str | None, field: str | None
) -> None:
    if code is None:  # an empty value of the settings is as good as none
        good = document()
        change(good)
        assert scene_of(good).spaces
        return
    fault = refuse(change).faults[0]
    assert (fault.code, fault.field) == (code, field)
    assert fault.hint
    if fault.feature is not None and code not in ("NOT_A_FEATURE",) and field != "id":
        assert (fault.feature, fault.identifier) in ((0, "a"), (1, "b"))


def test_latitude_first_is_recognised() -> None:
    def swap(target: dict[str, Any]) -> None:
        for feature in target["features"]:
            feature["geometry"]["coordinates"] = [[p[::-1] for p in feature["geometry"]["coordinates"][0]]]

    assert "swapped" in refuse(swap).faults[0].hint


def test_all_faults_are_reported_at_once() -> None:
    def spoil(target: dict[str, Any]) -> None:
        target["features"][0]["properties"]["start"] = "soon"
        target["features"][1]["properties"]["finish"] = "2020-01-01"

    assert [fault.feature for fault in refuse(spoil).faults] == [0, 1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"type": ', "FILE_NOT_JSON"),
        (b"\xff\xfe\x00", "FILE_NOT_UTF8"),
        (b"[" * 100_000, "FILE_NOT_JSON"),
        (b"[]", "NOT_A_FEATURE_COLLECTION"),
        (None, "FILE_NOT_FOUND"),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "faces.geojson"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WorksiteError) as refusal:
        read_scene(path)
    assert refusal.value.code == code


def test_the_case_of_the_site_office_is_solved_by_giving_ground_in_stages() -> None:
    """明月山大道南延: the office retreats twice, the drainage follows, the road opens in time."""
    scene = read_scene(EXAMPLE)
    (cluster,) = plan(scene, Limits(seconds=20, workers=1)).clusters
    least = next(s for s in cluster.alternatives if s.aim is Aim.LEAST_COST)
    assert least.optimal and len(cluster.alternatives) >= 3
    assert all(not verify(cluster.problem, schedule) for schedule in cluster.alternatives)
    moves = {record.space: record for record in explain(cluster.problem, least)}
    assert moves["ec-office"].code is MoveCode.RETREATS and len(moves["ec-office"].parts) == 3
    north, south = moves["road-drain-2a"].placed, moves["road-drain-2b"].placed
    first, second = moves["ec-office"].parts[1:]
    assert first.start < north[0] and second.start < south[0]
    assert all(loss.days_past_promise == 0 for loss in least.losses)
    text = EXAMPLE.read_text(encoding="utf-8")
    assert "示例" in text and all("示例" in project.party for project in scene.projects)


def test_the_report_is_plain_data_with_inclusive_dates() -> None:
    report = json.loads(json.dumps(report_of(plan(scene_of(document()), Limits(seconds=10, workers=1)))))
    (conflict,) = report["conflicts"]
    assert conflict["overlap"] == {"start": "2026-03-10", "finish": "2026-03-20", "days": 11}
    alternatives = report["clusters"][0]["alternatives"]
    assert all(alternative["verified"] for alternative in alternatives)
    assert alternatives[0]["moves"][0]["placed"]["start"] == "2026-03-21"


def test_the_polygon_of_the_example_lies_on_land_near_the_new_town() -> None:
    drawn = [
        shapely.geometry.shape(f["geometry"])
        for f in json.loads(EXAMPLE.read_text("utf-8"))["features"]
        if f["geometry"]
    ]
    west, south, east, north = shapely.total_bounds(drawn)
    assert 115.7 < west < east < 115.9 and 28.5 < south < north < 28.7
