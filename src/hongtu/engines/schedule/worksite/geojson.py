"""Reads scenes from GeoJSON (docs/reference/faces-geojson.md). All faults of a file are reported at once."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from .access import AccessKind, SpaceKind
from .days import DayAxis
from .errors import Fault, WorksiteError, fail
from .fields import Record, parse_date
from .model import (
    Link,
    LinkKind,
    Move,
    Project,
    Relocate,
    Retreat,
    Scene,
    Shorten,
    Space,
    Split,
    polygon_of,
)
from .projection import LocalPlane

_FAR_METRES = 200_000.0  # further than this from the middle of the scene is no neighbour but a slip
_SHAPES = ("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", "MultiPoint")


def read_scene(path: Path) -> Scene:
    """A scene from a file. Raises WorksiteError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise fail("FILE_NOT_FOUND", f"there is no file {path}", "check the name") from None
    except IsADirectoryError:
        raise fail("FILE_NOT_FOUND", f"{path} is a folder", "name a .geojson file") from None
    except UnicodeDecodeError as error:
        raise fail("FILE_NOT_UTF8", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise fail("FILE_NOT_JSON", where, "correct the file there, or export it anew") from None
    except RecursionError:
        raise fail("FILE_NOT_JSON", "the file is nested too deeply", "export it anew") from None
    return scene_of(document)


def scene_of(document: Any) -> Scene:
    """A scene from a parsed GeoJSON FeatureCollection. Raises WorksiteError with every fault found."""
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        found = document.get("type") if isinstance(document, dict) else type(document).__name__
        raise fail(
            "NOT_A_FEATURE_COLLECTION",
            f"the file is a {found!r}",
            "wrap the features: {'type': 'FeatureCollection', 'features': […]}",
        )
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise fail("NO_FEATURES", "the list of features is missing or empty", "add at least one feature")
    return _Reader(features, document.get("hongtu") or {}).scene()


class _Reader:
    def __init__(self, features: list[Any], settings: Any) -> None:
        self.faults: list[Fault] = []
        self.features = features
        self.settings = Record(settings, self.faults, prefix="hongtu.")
        self.grounds: list[BaseGeometry | None] = []  # every drawn geometry, in file order
        self.owners: list[tuple[int, str | None, str]] = []  # feature, id, field of each
        self.sizes: list[tuple[float, float]] = []

    def scene(self) -> Scene:
        records = [self._record(index, feature) for index, feature in enumerate(self.features)]
        dates = [self._dates(record) for record in records]
        self._stop_on_faults()
        axis = self._axis([day for pair in dates for day in pair if day is not None])
        slots = [self._slots(record, feature) for record, feature in zip(records, self.features, strict=True)]
        self._make_grounds()
        self._stop_on_faults()
        spaces = []
        for index, (record, own) in enumerate(zip(records, slots, strict=True)):
            start, finish = dates[index]
            assert start is not None and finish is not None
            space = self._space(record, own, axis, start, finish)
            if space is not None:
                spaces.append(space)
        projects = self._projects(axis, spaces)
        today = self.settings.day("data_date")
        handover = self.settings.whole("handover_days")
        self._stop_on_faults()
        return Scene(
            tuple(projects),
            tuple(spaces),
            axis,
            None if today is None else axis.start_index(today),
            handover,
        )

    def _stop_on_faults(self) -> None:
        if self.faults:
            raise WorksiteError(self.faults)

    # -- records and dates ----------------------------------------------------------------------------------

    def _record(self, index: int, feature: Any) -> Record:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            fault = Fault("NOT_A_FEATURE", "it is not a GeoJSON Feature", "give it 'type': 'Feature'", index)
            self.faults.append(fault)
            return Record({}, [], feature=index)
        properties = feature.get("properties")
        inner = properties.get("id") if isinstance(properties, dict) else None
        identifier = inner if inner not in (None, "") else feature.get("id")
        name = None if identifier is None else str(identifier)
        record = Record(properties or {}, self.faults, feature=index, identifier=name)
        if name is None:
            record.wrong("PROPERTY_MISSING", "id", "the feature has no id", "add 'id' to it")
        return record

    def _dates(self, record: Record) -> tuple[date | None, date | None]:
        start, finish = record.day("start", required=True), record.day("finish", required=True)
        if start is not None and finish is not None and finish < start:
            record.wrong(
                "WINDOW_REVERSED",
                "finish",
                f"the window ends on {finish}, before it starts on {start}",
                "swap the dates or correct the year",
            )
        return start, finish

    def _axis(self, days: list[date]) -> DayAxis:
        origin = min(days)
        today = self.settings.day("data_date")
        if today is not None:
            origin = min(origin, today)
        origin -= timedelta(days=366)
        if self.settings.text("calendar", default="civil") == "civil":
            return DayAxis(origin)
        if self.settings.text("calendar") != "working":
            self.settings.wrong(
                "VALUE_UNKNOWN", "calendar", "the calendar is not known", "use 'civil' or 'working'"
            )
        return DayAxis.working(origin, self._days_of("holidays"), self._days_of("makeup_days"))

    def _days_of(self, name: str) -> list[date]:
        found = []
        for value in self.settings.rows(name):
            day = parse_date(value) if isinstance(value, str) else None
            if day is None:
                self.settings.wrong(
                    "DATE_INVALID", name, f"{value!r} is not a date", "write it as 2026-03-01"
                )
            else:
                found.append(day)
        return found

    # -- geometry -------------------------------------------------------------------------------------------

    def _slots(self, record: Record, feature: dict[str, Any]) -> dict[str, int | None]:
        """Positions in `grounds` of a feature's own geometry and of those of its moves."""
        slots = {"": self._ground(record, feature.get("geometry"), "geometry")}
        for m, move in enumerate(record.rows("moves")):
            if not isinstance(move, dict):
                continue
            if move.get("type") == "relocate":
                slots[f"{m}"] = self._ground(record, move.get("geometry"), f"moves[{m}].geometry")
            stages = move.get("stages")
            for s, stage in enumerate(stages if isinstance(stages, list) else []):
                drawn = stage.get("geometry") if isinstance(stage, dict) else None
                slots[f"{m}.{s}"] = self._ground(record, drawn, f"moves[{m}].stages[{s}].geometry")
        return slots

    def _ground(self, record: Record, drawn: Any, field: str) -> int | None:
        if drawn is None:
            return None
        if not isinstance(drawn, dict) or drawn.get("type") not in _SHAPES:
            kind = drawn.get("type") if isinstance(drawn, dict) else drawn
            record.wrong("GEOMETRY_TYPE_WRONG", field, f"{kind!r} is no ground", f"use one of {_SHAPES}")
            return None
        try:
            geometry = shape(drawn)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, ShapelyError) as error:
            record.wrong(
                "GEOMETRY_INVALID", field, f"the coordinates cannot be read: {error}", "draw it anew"
            )
            return None
        self.grounds.append(geometry)
        assert record.feature is not None
        self.owners.append((record.feature, record.identifier, field))
        self.sizes.append((record.number("width_m"), record.number("radius_m")))
        return len(self.grounds) - 1

    def _fault(self, code: str, slot: int, message: str, hint: str) -> None:
        feature, identifier, field = self.owners[slot]
        self.faults.append(Fault(code, message, hint, feature, identifier, field))

    def _make_grounds(self) -> None:
        """Checks all drawn geometry, projects it to metres, widens lines and points."""
        if not self.grounds:
            return
        shapes = np.empty(len(self.grounds), dtype=object)
        shapes[:] = self.grounds
        shapes = shapely.force_2d(shapes)
        degrees = self.settings.text("coordinates", default="wgs84") != "local_metres"
        if degrees and self._out_of_range(shapes):
            return
        for slot in np.flatnonzero(shapely.is_empty(shapes)).tolist():
            self._fault("GEOMETRY_INVALID", slot, "the geometry is empty", "draw it, or give null")
        for slot in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
            reason = shapely.is_valid_reason(shapes[slot])
            self._fault(
                "GEOMETRY_INVALID", slot, reason, "redraw the outline so that it does not cross itself"
            )
        if self.faults:
            return
        if degrees:
            shapes = LocalPlane.around(_middles(shapes)).project(shapes)
        self._far_away(shapes)
        for slot, geometry in enumerate(shapes):
            if geometry.geom_type not in ("Polygon", "MultiPolygon"):
                width, radius = self.sizes[slot]
                try:
                    shapes[slot] = polygon_of(geometry, width=width, radius=radius)
                except WorksiteError as error:
                    fault = error.faults[0]
                    self._fault(fault.code, slot, fault.message, "give 'width_m' or 'radius_m' in metres")
        self.grounds = list(shapes)

    def _out_of_range(self, shapes: Any) -> bool:
        bounds = shapely.bounds(shapes)
        bad = ~(
            (bounds[:, 0] >= -180) & (bounds[:, 2] <= 180) & (bounds[:, 1] >= -90) & (bounds[:, 3] <= 90)
        ) & ~np.isnan(bounds[:, 0])
        for slot in np.flatnonzero(bad).tolist():
            x, y = bounds[slot, :2]
            hint = "give WGS84 degrees, or set hongtu.coordinates to 'local_metres' for a local metric grid"
            if abs(x) <= 90 and 90 < abs(y) <= 180:
                hint = "latitude and longitude are swapped: longitude comes first"
            self._fault(
                "COORDINATE_OUT_OF_RANGE", slot, f"({x:g}, {y:g}) is not longitude, latitude in degrees", hint
            )
        return bool(bad.any())

    def _far_away(self, shapes: Any) -> None:
        middles = _middles(shapes)
        distance = np.hypot(*(middles - np.median(middles, axis=0)).T)
        for slot in np.flatnonzero(distance > _FAR_METRES).tolist():
            self._fault(
                "COORDINATE_FAR_AWAY",
                slot,
                f"it lies {distance[slot] / 1000:,.0f} km from the others",
                "check the coordinates (order, sign, and whether they are WGS84)",
            )

    # -- nouns ----------------------------------------------------------------------------------------------

    def _space(
        self, record: Record, slots: dict[str, int | None], axis: DayAxis, start: date, finish: date
    ) -> Space | None:
        known = len(self.faults)
        earliest, latest = record.day("earliest"), record.day("latest_finish")
        values: dict[str, Any] = {
            "id": record.identifier or "",
            "project": record.text("project", required=True),
            "footprint": self._at(slots[""]),
            "start": axis.start_index(start),
            "finish": axis.finish_index(finish),
            "kind": record.choice("kind", SpaceKind, SpaceKind.WORK_FACE),
            "access": record.choice("access", AccessKind, None),
            "name": record.text("name"),
            "activity": record.text("activity"),
            "clearance": record.number("clearance_m"),
            "delay_cost_per_day": record.number("delay_cost_per_day"),
            "earliest": None if earliest is None else axis.start_index(earliest),
            "latest_finish": None if latest is None else axis.finish_index(latest),
            "fixed": record.flag("fixed"),
            "elastic": record.flag("elastic"),
            "links": tuple(self._links(record)),
            "moves": tuple(self._moves(record, slots, axis)),
        }
        if values["start"] >= values["finish"]:
            record.wrong(
                "WINDOW_WITHOUT_WORK", "start", f"{start} to {finish} has no working day", "correct the dates"
            )
        if len(self.faults) > known:
            return None
        try:
            return Space(**values)
        except WorksiteError as error:
            record.faults.extend(
                Fault(f.code, f.message, f.hint, record.feature, record.identifier, f.field)
                for f in error.faults
            )
            return None

    def _at(self, slot: int | None) -> BaseGeometry | None:
        return None if slot is None else self.grounds[slot]

    def _links(self, record: Record) -> list[Link]:
        links = []
        for k, row in enumerate(record.rows("predecessors")):
            if isinstance(row, str | int) and not isinstance(row, bool):
                links.append(Link(str(row)))
                continue
            inner = record.inner(row, f"predecessors[{k}]")
            kind = inner.choice("type", LinkKind, LinkKind.FS) or LinkKind.FS
            links.append(Link(inner.text("id", required=True), kind, inner.whole("lag_days", least=None)))
        return links

    def _moves(self, record: Record, slots: dict[str, int | None], axis: DayAxis) -> list[Move]:
        moves: list[Move] = []
        for m, row in enumerate(record.rows("moves")):
            inner = record.inner(row, f"moves[{m}]")
            ready = inner.day("earliest")
            earliest = None if ready is None else axis.start_index(ready)
            kind = inner.text("type", required=True)
            if kind == "shorten":
                moves.append(Shorten(inner.whole("minimum_days", default=1), inner.number("cost_per_day")))
            elif kind == "relocate":
                moves.append(
                    Relocate(
                        inner.text("place", default=f"{record.identifier}/{m}"),
                        self._at(slots.get(f"{m}")),
                        inner.number("cost"),
                        inner.number("cost_per_day"),
                        inner.whole("extra_days"),
                        earliest,
                        inner.flag("midway"),
                    )
                )
            elif kind == "retreat":
                moves.append(self._retreat(inner, m, slots, axis))
            elif kind == "split":
                least = inner.whole("minimum_part_days", default=1)
                moves.append(Split(least, inner.number("cost"), inner.whole("extra_days")))
            elif kind:
                known = "shorten, relocate, retreat, split"
                inner.wrong("VALUE_UNKNOWN", "type", f"{kind!r} is no move", f"use one of: {known}")
        return moves

    def _retreat(self, inner: Record, m: int, slots: dict[str, int | None], axis: DayAxis) -> Retreat:
        grounds, costs, names, ready = [], [], [], []
        for s, row in enumerate(inner.rows("stages")):
            stage = inner.inner(row, f"stages[{s}]")
            grounds.append(self._at(slots.get(f"{m}.{s}")))
            costs.append(stage.number("cost"))
            names.append(stage.text("name", default=f"{s + 1}"))
            day = stage.day("earliest")
            ready.append(None if day is None else axis.start_index(day))
        price = inner.number("cost_per_day")
        return Retreat(tuple(grounds), tuple(costs), tuple(names), price, tuple(ready))

    def _projects(self, axis: DayAxis, spaces: list[Space]) -> list[Project]:
        rows = self.settings.rows("projects")
        if not rows:
            return [Project(key) for key in dict.fromkeys(space.project for space in spaces)]
        projects = []
        for k, row in enumerate(rows):
            record = self.settings.inner(row, f"projects[{k}]")
            promised = record.day("promised")
            projects.append(
                Project(
                    record.text("id", required=True),
                    record.text("name"),
                    record.text("party"),
                    record.number("delay_cost_per_day", default=1.0),
                    None if promised is None else axis.finish_index(promised),
                    record.whole("priority"),
                )
            )
        return projects


def _middles(shapes: Any) -> Any:
    bounds = shapely.bounds(shapes)
    bounds = bounds[~np.isnan(bounds[:, 0])]
    return (bounds[:, :2] + bounds[:, 2:]) / 2
