"""Reads single properties of GeoJSON records and collects what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from .errors import Fault

E = TypeVar("E", bound=StrEnum)
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
_ABSENT = object()


class Record:
    """One record (feature, project, move) with its place in the file; faults go to a shared list."""

    def __init__(
        self,
        values: Any,
        faults: list[Fault],
        *,
        feature: int | None = None,
        identifier: str | None = None,
        prefix: str = "",
    ) -> None:
        self.faults, self.feature, self.identifier, self.prefix = faults, feature, identifier, prefix
        self.values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            self.wrong("TYPE_WRONG", None, f"an object was expected, not {_name(values)}", "write {…}")

    def wrong(self, code: str, field: str | None, message: str, hint: str) -> None:
        path = f"{self.prefix}{field}" if field else self.prefix.rstrip(".") or None
        self.faults.append(Fault(code, message, hint, self.feature, self.identifier, path))

    def inner(self, values: Any, prefix: str) -> Record:
        """A record within this one."""
        return Record(
            values,
            self.faults,
            feature=self.feature,
            identifier=self.identifier,
            prefix=f"{self.prefix}{prefix}.",
        )

    def _get(self, name: str, required: bool) -> Any:
        value = self.values.get(name)
        if value is None or value == "":
            if required:
                self.wrong("PROPERTY_MISSING", name, "it is missing", f"add {name!r} to the properties")
            return _ABSENT
        return value

    def text(self, name: str, *, required: bool = False, default: str = "") -> str:
        value = self._get(name, required)
        if value is _ABSENT:
            return default
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.wrong("TYPE_WRONG", name, f"text was expected, not {_name(value)}", "put it in quotation marks")
        return default

    def number(self, name: str, *, default: float = 0.0, least: float = 0.0) -> float:
        value = self._get(name, required=False)
        if value is _ABSENT:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.wrong(
                "TYPE_WRONG", name, f"a number was expected, not {_name(value)}", "give a plain number"
            )
            return default
        if value < least:
            self.wrong("NUMBER_OUT_OF_RANGE", name, f"{value} is less than {least:g}", "correct the number")
            return default
        return float(value)

    def whole(self, name: str, *, default: int = 0, least: int | None = 0) -> int:
        value = self._get(name, required=False)
        if value is _ABSENT:
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(
                "TYPE_WRONG", name, f"a whole number was expected, not {_name(value)}", "give whole days"
            )
            return default
        if least is not None and value < least:
            self.wrong("NUMBER_OUT_OF_RANGE", name, f"{value} is less than {least}", "correct the number")
            return default
        return value

    def flag(self, name: str) -> bool:
        value = self._get(name, required=False)
        if value is _ABSENT:
            return False
        if not isinstance(value, bool):
            self.wrong(
                "TYPE_WRONG", name, f"true or false was expected, not {_name(value)}", "write true or false"
            )
            return False
        return value

    def day(self, name: str, *, required: bool = False) -> date | None:
        value = self._get(name, required)
        if value is _ABSENT:
            return None
        found = parse_date(value) if isinstance(value, str) else None
        if found is None:
            self.wrong("DATE_INVALID", name, f"{value!r} is not a date", "write it as 2026-03-01")
        return found

    def choice(self, name: str, kinds: type[E], default: E | None) -> E | None:
        value = self._get(name, required=False)
        if value is _ABSENT:
            return default
        try:
            return kinds(value)
        except ValueError:
            known = ", ".join(kind.value for kind in kinds)
            self.wrong("VALUE_UNKNOWN", name, f"{value!r} is not known", f"use one of: {known}")
            return default

    def rows(self, name: str) -> list[Any]:
        value = self._get(name, required=False)
        if value is _ABSENT:
            return []
        if not isinstance(value, list):
            self.wrong("TYPE_WRONG", name, f"a list was expected, not {_name(value)}", "write […]")
            return []
        return value


def parse_date(text: str) -> date | None:
    """A date in one of the usual spellings; a time of day after it is ignored. None if it is none."""
    plain = text.strip().split("T")[0].split(" ")[0]
    if len(plain) == 10 and plain[4] == "-":  # nearly all of them, and much faster than the patterns
        try:
            return date.fromisoformat(plain)
        except ValueError:
            return None
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
    return None


def _name(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true/false", type(None): "nothing"}
    return names.get(type(value), f"{value!r}")
