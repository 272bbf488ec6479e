"""The declaration: one class per kind of record yields its list, detail page, form, workbook and API.

See README.md in this folder for a page of explanation and `house.py` for living examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from hongtu.kernel.access import policies
from hongtu.ledger.columns import Column, field_of, resolve
from hongtu.ledger.panels import FactsPanel, HistoryPanel, Panel
from hongtu.ledger.sheets.messages import Problem

Text = str | Promise
Action = Callable[..., Any]
ACTIONS = ("create", "update", "bulk")


@dataclass(frozen=True)
class Fieldset:
    """A group of a form's fields under a heading."""

    title: Text
    fields: tuple[str, ...]

    def __init__(self, title: Text, *fields: str) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "fields", fields)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What an import may make first when a cell names a record that does not exist yet.

    key: stable name of the kind, as audit rows list it. title: a lazy plural with `%(count)d`.
    draft: names -> unsaved record by name, without those that cannot be the name of one.
    store: saves the drafts that are used, called inside the ledger's bulk action; keyword-only `by`,
        `records`.
    permission: what the importer must hold for it to be offered.
    """

    key: str
    title: Any
    draft: Callable[[Sequence[str]], Mapping[str, Any]]
    store: Callable[..., None]
    permission: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The workbook of a ledger.

    columns: field names in the order of the template; empty means the form's fields.
    synonyms: what else people write over a column. groups: field name -> heading of a two-line header.
    key: fields that identify a row, in order of preference: `("project_code", "name")` means by code where
        a row has one, else by name; a tuple inside means several fields together.
    required: beside the fields the model itself requires. units: field -> unit of its numbers.
    only_new: fields taken from the file for new rows only (openings of books, say); an existing row keeps
        its own.
    check: a function of a row's values (as stored) that returns problems by field; run on every row.
    missing: reference field -> what to make when it names nobody known, if the importer wants that. The
        ledger's bulk action must write with `hongtu.kernel.base.bulk.write`, which stores them first.
    """

    columns: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, Text] = field(default_factory=dict)
    key: str | tuple[str | tuple[str, ...], ...] = ()
    required: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    only_new: tuple[str, ...] = ()
    examples: Mapping[str, Any] = field(default_factory=dict)
    help: Mapping[str, Text] = field(default_factory=dict)
    check: Callable[[Mapping[str, Any]], Mapping[str, Problem]] | None = None
    missing: Mapping[str, Missing] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The key alternatives, each a tuple of fields."""
        given = (self.key,) if isinstance(self.key, str) else self.key
        return tuple((part,) if isinstance(part, str) else part for part in given)


class Ledger:
    """Base of every declaration. Subclass it, fill in the attributes, `register()` it.

    Actions (all keyword-only, decorated with `hongtu.kernel.audit.actions.action`):
    `create(*, by, **values) -> record`; `update(*, by, record, version, **changes) -> record`, which must
    use `record.revise(version, ...)`; `bulk(*, by, create, update, source)` with `create` a sequence of
    values, `update` a sequence of (record, changes), `source` facts for the audit row, everything in the
    action's one transaction (`hongtu.kernel.base.bulk.write` does the work). A ledger without an
    action lacks the pages that need it. `verbs` renames a permission: `{"change": "manage"}`.
    """

    model: ClassVar[type[Model]]
    title: ClassVar[Text]
    slug: ClassVar[str]
    columns: ClassVar[tuple[str | Column, ...]]
    frozen: ClassVar[str] = ""
    filters: ClassVar[tuple[str, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ()
    totals: ClassVar[tuple[str, ...]] = ()
    unit: ClassVar[Text] = ""
    form: ClassVar[tuple[Fieldset, ...]] = ()
    form_class: ClassVar[Any] = None
    sheet: ClassVar[Sheet | None] = None
    panels: ClassVar[tuple[Panel, ...]] = ()
    create: ClassVar[Action | None] = None
    update: ClassVar[Action | None] = None
    bulk: ClassVar[Action | None] = None
    detail_url: ClassVar[Callable[[Any], str] | None] = None
    per_page: ClassVar[int] = 50
    verbs: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Actions are plain functions; as class attributes they would become methods."""
        super().__init_subclass__(**kwargs)
        for name in (*ACTIONS, "detail_url"):
            given = cls.__dict__.get(name)
            if callable(given) and not isinstance(given, staticmethod):
                setattr(cls, name, staticmethod(given))

    @cached_property
    def table(self) -> dict[str, Column]:
        """All columns by name, complete."""
        return {c.name: c for c in (resolve(self.model, given) for given in self.columns)}

    def column(self, name: str) -> Column:
        """A column by name, also one the list does not show (filters, sheets, panels)."""
        return self.table[name] if name in self.table else resolve(self.model, name)

    @property
    def name_column(self) -> str:
        """The column that stays in sight and leads to the record."""
        return self.frozen or ("name" if "name" in self.table else next(iter(self.table)))

    @property
    def default_columns(self) -> list[str]:
        return [name for name, column in self.table.items() if column.shown]

    @cached_property
    def form_fields(self) -> tuple[str, ...]:
        """The editable fields, in the order of the form."""
        return tuple(name for group in self.form for name in group.fields)

    @cached_property
    def sheet_columns(self) -> tuple[str, ...]:
        return (self.sheet.columns or self.form_fields) if self.sheet else ()

    @property
    def shown_panels(self) -> tuple[Panel, ...]:
        """The declared panels, else all facts and the history."""
        return self.panels or (FactsPanel(), HistoryPanel())

    def verb(self, verb: str) -> str:
        """The verb that this ledger demands for `read`, `change` or `export`."""
        return self.verbs.get(verb, verb)

    def permission(self, verb: str) -> str:
        """`<domain>.<verb>`, the domain as its model's policy says."""
        return policies.policy_of(self.model).permission(self.verb(verb))

    def allows(self, person: Any, verb: str) -> bool:
        """Whether the person may do `verb` somewhere, and the ledger has what it takes."""
        needs = {"create": self.create, "update": self.update, "import": self.bulk and self.sheet}
        if verb in needs and not needs[verb]:
            return False
        return policies.can(person, self.permission("change" if verb in needs else verb))

    def url_of(self, record: Model) -> str:
        """Where a record lives: the ledger's detail page unless the domain has a page of its own."""
        from django.urls import reverse

        if self.detail_url is not None:
            page: Any = type(self).detail_url
            return str(page(record))
        return reverse("ledger:detail", args=[self.slug, record.pk])

    def check_declaration(self) -> None:
        """Fail at start, naming the attribute, rather than on the first request."""
        names: Sequence[tuple[str, Sequence[str]]] = (
            ("filters", self.filters),
            ("totals", self.totals),
            ("ordering", tuple(n.lstrip("-") for n in self.ordering)),
            ("form", self.form_fields),
            ("sheet", self.sheet_columns),
        )
        for attribute, given in names:
            for name in given:
                try:
                    self.column(name)
                except LookupError as error:
                    raise LookupError(f"ledger {self.slug}, {attribute}: {error}") from None
        for name in self.search:
            if field_of(self.model, name) is None:
                raise LookupError(f"ledger {self.slug}, search: no field {name!r}")


_registry: dict[str, Ledger] = {}


def register(declared: type[Ledger]) -> type[Ledger]:
    """Class decorator (or call): puts a declaration into the registry."""
    ledger = declared()
    if ledger.slug in _registry and type(_registry[ledger.slug]) is not declared:
        raise ValueError(f"two ledgers are called {ledger.slug!r}")
    ledger.check_declaration()
    _registry[ledger.slug] = ledger
    return declared


def unregister(slug: str) -> None:
    """For tests that declare a ledger of their own."""
    _registry.pop(slug, None)


def find(slug: str) -> Ledger | None:
    return _registry.get(slug)


def ledger_of(model: type[Model]) -> Ledger | None:
    """The ledger of a model, for links from other pages."""
    return next((ledger for ledger in _registry.values() if ledger.model is model), None)


def ledgers() -> Iterator[Ledger]:
    return iter(list(_registry.values()))


def autodiscover() -> None:
    """Import the `ledgers` module of every installed app, and the house's own declarations."""
    from hongtu.ledger import house  # noqa: F401

    autodiscover_modules("ledgers")


@dataclass(frozen=True)
class PageLink:
    """A page about one record that lies outside its ledger: `url(record)`, for holders of `permission`."""

    label: Text
    url: Callable[[Any], str]
    permission: str


_links: dict[str, list[PageLink]] = {}


def link_page(slug: str, link: PageLink) -> None:
    """Put a link on every detail page of a ledger; called by the floor that has the page."""
    _links.setdefault(slug, []).append(link)


def page_links(ledger: Ledger) -> list[PageLink]:
    """The links of a ledger's detail pages, in the order they were put there."""
    return list(_links.get(ledger.slug, ()))
