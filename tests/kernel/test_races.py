"""Two people save the same unique value at once: one is told field and reason, nobody gets a 500."""

import json
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hongtu.domains.projects import actions as projects
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people import actions as people
from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger.forms import LedgerForm
from hongtu.site import starting

PROFILE = Path(__file__).resolve().parents[2] / "src/hongtu/site/profiles/honggutan"
BACKEND = "django.contrib.auth.backends.ModelBackend"
VALUES = {"code": "EDU", "name": "教育局", "kind": "department"}


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Both requests pass their form's checks before either of them writes."""
    barrier = threading.Barrier(2, timeout=30)
    checks = LedgerForm.full_clean

    def checked(self: LedgerForm) -> None:
        checks(self)
        if self.is_bound:
            barrier.wait()

    monkeypatch.setattr(LedgerForm, "full_clean", checked)
    return barrier


def both(call: Callable[[], Any]) -> list[Any]:
    """The answers of two threads that do the same."""
    answers: list[Any] = []

    def work() -> None:
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 2
    return answers


@pytest.fixture
def log_in(transactional_db: None, make_person: Callable[..., Person]) -> Callable[[], Client]:
    person = make_person("wang", "promotion_centre")

    def make() -> Client:
        client = Client()
        client.force_login(person, backend=BACKEND)
        return client

    return make


def test_the_loser_of_a_race_in_the_api_is_told_the_field(
    meet: threading.Barrier, log_in: Callable[[], Client], unit: Unit
) -> None:
    clients = [log_in(), log_in()]
    body = json.dumps({**VALUES, "parent": unit.pk})
    answers = both(lambda: clients.pop().post("/api/v1/units/", body, content_type="application/json"))
    won, lost = sorted(answers, key=lambda a: a.status_code)
    assert (won.status_code, lost.status_code) == (201, 422)
    assert lost.json()["code"] == "record.taken"
    assert list(lost.json()["fields"]) == ["code"]
    assert Entry.objects.filter(action="people.register_unit").count() == 1


def test_the_loser_of_a_race_in_the_form_keeps_her_text(
    meet: threading.Barrier, log_in: Callable[[], Client], unit: Unit
) -> None:
    clients = [log_in(), log_in()]
    answers = both(lambda: clients.pop().post("/ledgers/units/new/", {**VALUES, "parent": unit.pk}))
    won, lost = sorted(answers, key=lambda a: a.status_code)
    assert (won.status_code, lost.status_code) == (302, 422)
    page = lost.content.decode()
    assert "已被另一条记录使用" in page
    assert 'value="教育局"' in page
    assert Unit.objects.filter(code="EDU").count() == 1


def test_a_project_action_names_the_field(db: None) -> None:
    starting.start(PROFILE, "admin")
    unit = Unit.objects.get(kind="district")
    given: dict[str, Any] = {
        "kind": "livelihood",
        "type": "school",
        "investment_subject": "government",
        "total_investment": 1,
        "annual_plan": 1,
        "planned_start": date(2025, 1, 1),
        "planned_finish": date(2026, 1, 1),
        "owner": unit,
        "responsible_unit": unit,
        "subdistrict": unit,
    }
    projects.register(by=None, name="某路", **given)
    with pytest.raises(InvalidInput) as caught:
        projects.register(by=None, name="某路", **given)
    assert caught.value.code == "record.taken"
    assert list(caught.value.fields) == ["name"]
    with pytest.raises(InvalidInput) as caught:
        projects.register(by=None, name="某桥", **{**given, "total_investment": 10**18})
    assert caught.value.code == "record.malformed"


def test_a_refused_action_leaves_no_audit_row_and_a_usable_transaction(db: None, unit: Unit) -> None:
    people.register_unit(by=None, parent=unit, **VALUES)
    with pytest.raises(InvalidInput) as caught:
        people.register_unit(by=None, parent=unit, **VALUES)
    assert caught.value.fields["code"][0].startswith("“编码”")
    assert Entry.objects.filter(action="people.register_unit").count() == 1
