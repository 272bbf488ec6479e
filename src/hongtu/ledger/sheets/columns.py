"""What a ledger declares about its sheet: columns, kinds, units, synonyms, keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from hongtu.ledger.sheets.messages import Problem
from hongtu.ledger.sheets.units import group_of

Kind = Literal[
    "text", "integer", "decimal", "money", "percent", "date", "month", "boolean",
    "choice", "choices", "reference", "references",
]  # fmt: skip
NUMBER_KINDS = frozenset({"integer", "decimal", "money", "percent"})
DATE_KINDS = frozenset({"date", "month"})
Validator = Callable[[Any], Problem | None]
Resolver = Callable[[Sequence[str]], Mapping[str, Any]]


class Ambiguous:
    """A resolver's answer when a name fits several objects."""

    def __init__(self, count: int) -> None:
        self.count = count


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: the stored value, its words, and what else people write for it."""

    value: str
    zh: str = ""
    en: str = ""
    synonyms: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        return tuple(word for word in (self.zh, self.en, self.value, *self.synonyms) if word)

    def title(self, language: str = "zh") -> str:
        return (self.zh if language.startswith("zh") else self.en) or self.zh or self.value


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """One column of a sheet.

    Stored values by kind: text str; integer int; decimal, money and percent Decimal in `unit` (money defaults
    to 万元, percent to percentage points); date and month datetime.date (a month is its first day); boolean
    bool; choice str; choices tuple[str, ...]; reference what `resolve` returns, else the text; references a
    tuple of such.

    `resolve` gets every distinct text of the column at once and returns text -> object (`Ambiguous` where a
    name fits several, absent where it fits none), so that a file costs one query per reference column.
    `month_day` says which day a date without a day means: a start is the first, a deadline the last.
    """

    key: str
    zh: str
    en: str = ""
    kind: Kind = "text"
    synonyms: tuple[str, ...] = ()
    group_zh: str = ""
    group_en: str = ""
    required: bool = False
    max_length: int | None = None
    decimal_places: int = 4
    max_digits: int = 18
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    resolve: Resolver | None = field(default=None, compare=False)
    reference_names: tuple[str, ...] = ()
    reference_title: Callable[[Any], str] = field(default=str, compare=False)
    month_day: Literal["first", "last"] = "first"
    validators: tuple[Validator, ...] = field(default=(), compare=False)
    help_zh: str = ""
    help_en: str = ""
    example: Any = None
    total: bool = False
    width: float | None = None

    def __post_init__(self) -> None:
        if not self.unit and self.kind in ("money", "percent"):
            object.__setattr__(self, "unit", "万元" if self.kind == "money" else "%")
        if self.kind in ("choice", "choices") and not self.choices:
            raise ValueError(f"column {self.key!r}: kind {self.kind!r} needs choices")
        if self.kind == "money" and self.unit_group != "money":
            raise ValueError(f"column {self.key!r}: {self.unit!r} is no unit of money")

    @property
    def unit_group(self) -> str | None:
        return group_of(self.unit) if self.unit else None

    def title(self, language: str = "zh") -> str:
        return self.zh if language.startswith("zh") else (self.en or self.zh)

    def group(self, language: str = "zh") -> str:
        return self.group_zh if language.startswith("zh") else (self.group_en or self.group_zh)

    def help(self, language: str = "zh") -> str:
        return self.help_zh if language.startswith("zh") else (self.help_en or self.help_zh)

    def names(self) -> tuple[str, ...]:
        """Everything a header may call this column, the main title first."""
        return tuple(dict.fromkeys(name for name in (self.zh, self.en, self.key, *self.synonyms) if name))

    @cached_property
    def words_of_choice(self) -> dict[str, str]:
        """Stored value -> Chinese word."""
        return {choice.value: choice.title("zh") for choice in self.choices}


@dataclass(frozen=True, kw_only=True)
class SheetSpec:
    """A sheet: its columns, which of them identify a row, its name and title.

    `keys` lists alternatives in order of preference; each is a tuple of columns that together identify a row
    (`(("project_code",), ("name",))`: by code where there is one, else by name).
    """

    name: str
    columns: tuple[SheetColumn, ...]
    zh: str
    en: str = ""
    keys: tuple[tuple[str, ...], ...] = ()
    sheet_name: str = ""

    def __post_init__(self) -> None:
        known = [column.key for column in self.columns]
        if len(set(known)) != len(known):
            raise ValueError(f"sheet {self.name!r}: a column key occurs twice")
        for key in self.keys:
            for part in key:
                if part not in known:
                    raise ValueError(f"sheet {self.name!r}: key column {part!r} is not declared")

    def title(self, language: str = "zh") -> str:
        return self.zh if language.startswith("zh") else (self.en or self.zh)

    @cached_property
    def by_key(self) -> dict[str, SheetColumn]:
        return {column.key: column for column in self.columns}

    def column(self, key: str) -> SheetColumn:
        return self.by_key[key]

    def select(self, keys: Sequence[str] | None) -> tuple[SheetColumn, ...]:
        """The columns of a view in its order; None means all."""
        return self.columns if keys is None else tuple(self.by_key[key] for key in keys)
