"""What every ledger owes its users on the page; each test runs once per registered ledger."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hongtu.ledger.declaration import Ledger
from hongtu.ledger.filters import RANGES
from hongtu.ledger.listing import Listing
from hongtu.ui.widgets import PositionField
from tests.contract.examples import EXAMPLES, Example
from tests.contract.world import World, as_form_value, whole

Make = Callable[..., Any]
Login = Callable[..., Any]
CHINESE = re.compile("[\u4e00-\u9fff]+")


def form_data(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send back for the form of a page."""
    form = page.context["form"]
    data: dict[str, Any] = {"version": form["version"].value() or ""}
    for group in form.fieldsets():
        for bound in group[1]:
            value = bound.value()
            if isinstance(bound.field, PositionField):
                data.update({f"{bound.name}-kind": "point", f"{bound.name}-system": "wgs84"})
            if value is not None and value is not False and value != []:
                data[bound.name] = as_form_value(value)
    for name, value in changes.items():
        data[name] = as_form_value(value)
    return data


def listing(ledger: Ledger, world: World, **parameters: Any) -> Listing:
    return Listing(ledger, world.wang, QueryDict(urlencode(parameters, doseq=True)))


def test_it_has_an_example(ledger: Ledger) -> None:
    assert ledger.slug in EXAMPLES, f"add an example of {ledger.slug} to tests/contract/examples.py"


def test_the_list_shows_its_records(ledger: Ledger, make: Make, world: World, login: Login) -> None:
    record = make(1)
    page = login(world.wang).get(f"/ledgers/{ledger.slug}/").content.decode()
    assert f'href="{ledger.url_of(record)}"' in page
    assert 'role="status"' in page


def test_the_number_of_queries_is_bounded(ledger: Ledger, make: Make, world: World, login: Login) -> None:
    client = login(world.wang)
    make(1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/ledgers/{ledger.slug}/").status_code == 200
        return len(seen)

    queries()
    few = queries()
    for number in range(2, 14):
        make(number)
    assert queries() <= few
    assert few <= 20


def test_each_filter_keeps_and_drops(ledger: Ledger, make: Make, world: World) -> None:
    record = make(1)
    for name in ledger.filters:
        column = ledger.column(name)
        value = column.read(ledger.model._default_manager.get(pk=record.pk))
        if value in (None, [], ""):
            continue
        if column.kind == "datetime":
            value = timezone.localtime(value).date()
        if column.kind in RANGES:
            low, high = RANGES[column.kind]
            kept, dropped = (
                {f"{name}_{low}": value, f"{name}_{high}": value},
                {f"{name}_{high}": _below(value)},
            )
        elif column.kind == "boolean":
            kept, dropped = {name: int(value)}, {name: int(not value)}
        else:
            kept, dropped = {name: getattr(value, "pk", value)}, {name: _other(column, value)}
        assert record in listing(ledger, world, **kept).rows, name
        assert record not in listing(ledger, world, **dropped).rows, name
        assert not listing(ledger, world, **kept).filters.faults, name


def _below(value: Any) -> Any:
    import datetime as dt

    return value - dt.timedelta(days=1) if isinstance(value, dt.date) else value - 1


def _other(column: Any, value: Any) -> Any:
    if column.related:
        return 10**9
    return next((v for v, _label in column.words if v != value), "no such value")


def test_each_sort_runs_both_ways(ledger: Ledger, make: Make, world: World) -> None:
    for number in (1, 2, 3):
        make(number)
    for name, column in ledger.table.items():
        if not column.sort:
            continue
        up = [column.read(r) for r in listing(ledger, world, sort=name).rows]
        down = [column.read(r) for r in listing(ledger, world, sort=f"-{name}").rows]
        filled = [v for v in up if v is not None]
        assert up[: len(filled)] == filled, f"{name}: empty values come last"
        assert [v for v in down if v is not None] == filled[::-1] or len(set(map(str, filled))) < len(
            filled
        ), name


def test_search_finds_and_only_finds(ledger: Ledger, make: Make, world: World) -> None:
    if not ledger.search:
        pytest.skip("this ledger declares no search")
    record, other = make(1), make(2)
    text = str(ledger.column(ledger.search[0]).read(record))
    found = listing(ledger, world, q=text).rows
    assert record in found
    assert other not in found
    assert listing(ledger, world, q="qqqq").count == 0


def test_totals_are_the_sums_over_the_filtered_set(ledger: Ledger, make: Make, world: World) -> None:
    for number in (1, 2, 3):
        make(number)
    seen = listing(ledger, world)
    for name in ledger.totals:
        assert seen.totals[name] == sum(getattr(r, name) for r in ledger.model._default_manager.all())
    assert seen.count == whole(ledger.model).count()


def test_an_untouched_form_changes_nothing(
    editable: Ledger, ledger: Ledger, make: Make, world: World, login: Login
) -> None:
    record = make(1)
    client = login(world.wang)
    url = f"/ledgers/{ledger.slug}/{record.pk}/edit/"
    answer = client.post(url, form_data(client.get(url)))
    assert answer.status_code == 302, answer.context["form"].errors
    before = record.version
    record.refresh_from_db()
    assert record.version == before


def test_a_form_creates_what_was_typed(
    editable: Ledger, ledger: Ledger, case: Example, world: World, login: Login
) -> None:
    values = case.values(world, 7)
    client = login(world.wang)
    url = f"/ledgers/{ledger.slug}/new/"
    typed = {n: v for n, v in values.items() if v is not False}
    typed = {n: json.dumps(v) if isinstance(v, dict) else v for n, v in typed.items()}
    answer = client.post(url, form_data(client.get(url), **typed))
    assert answer.status_code == 302, answer.context["form"].errors
    made = ledger.model._default_manager.latest("pk")
    assert {n: getattr(made, n) for n in values} == values


def test_an_edit_is_kept_in_the_history(
    editable: Ledger, ledger: Ledger, case: Example, make: Make, world: World, login: Login
) -> None:
    record = make(1)
    client = login(world.wang)
    url = f"/ledgers/{ledger.slug}/{record.pk}/edit/"
    assert client.post(url, form_data(client.get(url), **case.change)).status_code == 302
    page = client.get(f"/ledgers/{ledger.slug}/{record.pk}/").content.decode()
    name, value = next(iter(case.change.items()))
    assert f"<ins>{ledger.column(name).text(value)}</ins>" in page
    assert world.wang.name in page


def test_a_stale_edit_loses_nothing(
    editable: Ledger, ledger: Ledger, case: Example, make: Make, world: World, login: Login
) -> None:
    record = make(1)
    client = login(world.wang)
    url = f"/ledgers/{ledger.slug}/{record.pk}/edit/"
    mine = form_data(client.get(url), **case.change)
    name, hers = next(iter(case.change)), case.rivals[0]
    ledger.update(by=None, record=record, version=record.version, **{name: hers})
    answer = client.post(url, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ledger.column(name).text(hers) in page
    assert str(case.change[name]) in page
    assert getattr(ledger.model._default_manager.get(pk=record.pk), name) == hers


def test_an_english_page_has_no_chinese_word(ledger: Ledger, make: Make, world: World, login: Login) -> None:
    record = make(1)
    client = login(world.wang)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for path in ("", "new/", f"{record.pk}/", f"{record.pk}/edit/", "import/"):
        answer = client.get(f"/ledgers/{ledger.slug}/{path}")
        if answer.status_code in {403, 404} and (path == "import/" or ledger.update is None):
            continue
        page = answer.content.decode()
        text = re.sub(
            r"<script.*?</script>", "", page[page.index("<main") : page.index("</main>")], flags=re.S
        )
        assert sorted(set(CHINESE.findall(text))) == [], path or "list"
