"""Staff ask over problems, results and minutes: what lies outside a reader's scope is not there for her."""

import numpy as np
import pytest
from django.test import Client

from hongtu.boards.assistant import records, staff
from hongtu.domains.dispatch.models import AgendaItem
from hongtu.engines.search.grams import character_terms
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.policies import objects
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems import actions as spine
from hongtu.kernel.problems.models import Problem, Result
from hongtu.kernel.problems.vocab import Source
from tests.matters.conftest import login

SECRET = "麒麟阁地下藏宝库渗漏"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    records.forget()


@pytest.fixture
def centre(stock: None) -> Person:
    return Person.objects.get(username="zhongxin")


def officer(unit: Unit, name: str = "waibu") -> Person:
    """A department officer of a unit, INTERNAL at most."""
    made = Person.objects.create(username=name, name=name, pinyin=name, unit=unit, password="!")
    Assignment.objects.create(person=made, role="department_officer", unit=unit)
    return made


def departments() -> list[Unit]:
    return list(Unit.objects.filter(kind=UnitKind.DEPARTMENT).order_by("code")[:2])


def report(unit: Unit, title: str, level: Confidentiality = Confidentiality.INTERNAL) -> Problem:
    return spine.report(
        by=None,
        source=Source.WEB,
        title=title,
        description=f"{title}，请尽快处理。",
        desk=unit,
        confidentiality=level,
    ).problem


def test_a_question_leads_to_the_records_themselves(centre: Person) -> None:
    problem = objects(Problem, by=centre).filter(title__contains="停车").first()
    assert problem is not None
    found = staff.ask(f"{problem.title}办到哪一步了", centre)
    assert found.outcome == "answered" and found.mode == "lexical"
    first = found.found[0].record
    assert problem.title in {f.record.title for f in found.found}
    shown = next(
        f.record for f in found.found if f.record.title == problem.title and f.record.kind == "problem"
    )
    assert dict(shown.facts)["状态"] and shown.url == f"/problems/{shown.key}/"
    assert login(centre).get(first.url).status_code == 200


def test_results_and_minutes_are_found_too(centre: Person) -> None:
    result = objects(Result, by=centre).filter(state="standing").first()
    item = AgendaItem.objects.filter(meeting__state="issued").exclude(decision="").first()
    assert result is not None and item is not None
    for text, kind, key in ((result.summary, "result", result.pk), (item.name, "decision", item.pk)):
        found = {(f.record.kind, f.record.key) for f in staff.ask(text, centre).found}
        assert (kind, key) in found
    link = next(f.record.url for f in staff.ask(item.name, centre).found if f.record.kind == "decision")
    assert login(centre).get(link).status_code == 200


def test_a_number_is_enough(centre: Person) -> None:
    problem = objects(Problem, by=centre).order_by("pk")[7]
    found = staff.ask(f"{problem.number} 办到哪一步了", centre)
    assert found.found[0].record.key == problem.pk


@pytest.mark.parametrize(
    "question", ["红烧肉怎么做", "世界杯谁赢了", "写一首诗", "", "😀", "hello", "\0", "问" * 20_000]
)
def test_what_no_record_speaks_of_is_said_so(centre: Person, question: str) -> None:
    found = staff.ask(question, centre)
    assert (found.outcome, found.found) == ("refused", ()) and found.notice


def test_what_lies_outside_a_scope_is_never_retrieved_nor_counted(stock: None) -> None:
    ours, theirs = departments()
    insider, outsider = officer(theirs, "neibu"), officer(ours, "waibu")
    before = staff.ask(SECRET, outsider)
    vocabulary = records.library(outsider).index.words.vocabulary().copy()
    hidden = report(theirs, SECRET)
    assert [f.record.key for f in staff.ask(SECRET, insider).found if f.record.kind == "problem"] == [
        hidden.pk
    ]
    after = staff.ask(SECRET, outsider)
    assert after == before, "same answer, same count, as if it did not exist"
    for question in (hidden.number, "麒麟阁", "渗漏", f"problem:{hidden.pk}"):
        assert hidden.pk not in {
            f.record.key for f in staff.ask(question, outsider).found if f.record.kind == "problem"
        }
    index = records.library(outsider).index
    assert f"problem:{hidden.pk}" not in index.ids
    assert np.array_equal(index.words.vocabulary(), vocabulary), (
        "not a word of it is weighed or offered as a correction"
    )
    allowed = sum(source.rows(outsider).count() for source in records.SOURCES.values())
    assert len(index) == after.searched == allowed


def test_a_problem_above_her_ceiling_does_not_exist_for_her(stock: None) -> None:
    unit = departments()[0]
    reader = officer(unit)
    report(unit, SECRET, Confidentiality.CONFIDENTIAL)
    assert staff.ask(SECRET, reader).outcome == "refused"
    assert not set(character_terms("麒麟").tolist()) & set(
        records.library(reader).index.words.vocabulary().tolist()
    )


def test_minutes_about_a_problem_above_her_ceiling_are_left_out(stock: None) -> None:
    reader = officer(departments()[0])
    item = AgendaItem.objects.filter(meeting__state="issued", order__isnull=False).first()
    assert item is not None and item.order is not None
    assert f"decision:{item.pk}" in records.library(reader).index.ids
    item.order.revise(item.order.version, confidentiality=Confidentiality.CONFIDENTIAL)
    assert f"decision:{item.pk}" not in records.library(reader).index.ids


def test_whoever_loses_her_rights_loses_the_records(stock: None) -> None:
    ours, theirs = departments()
    reader = officer(theirs)
    report(theirs, SECRET)
    assert staff.ask(SECRET, reader).outcome == "answered"
    held = Assignment.objects.get(person=reader)
    held.revise(held.version, unit=ours)
    assert staff.ask(SECRET, Person.objects.get(pk=reader.pk)).outcome == "refused"


def test_only_what_changed_is_read_again(centre: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    staff.ask("停车", centre)
    index = records.library(centre).index
    read: list[int] = []
    original = records.read
    monkeypatch.setattr(records, "read", lambda by, ids: read.append(len(list(ids))) or original(by, ids))
    made = report(departments()[0], SECRET)
    library = records.library(centre)
    assert read == [1] and library.index is index
    assert index.search(SECRET)[0].id == f"problem:{made.pk}"
    made.revise(made.version, title="改了名字的问题")
    records.library(centre)
    assert index.passage(f"problem:{made.pk}").title == "改了名字的问题" and read == [1, 1]


def test_readers_with_the_same_rights_share_an_index_others_do_not(stock: None) -> None:
    ours, theirs = departments()
    assert records.library(officer(ours, "a")) is not records.library(officer(theirs, "b"))
    both = [Person.objects.get(username=name) for name in ("zhongxin", "zhongxin")]
    assert records.library(both[0]) is records.library(both[1])


def test_the_page_and_the_api_are_for_readers_of_problems_only(centre: Person) -> None:
    page = login(centre).get("/assistant/staff/", {"q": "停车"}).content.decode()
    assert "<mark>停车</mark>" in page
    data = login(centre).get("/api/v1/assistant/staff", {"q": "停车"}).json()
    assert data["outcome"] == "answered" and data["records"][0]["url"].startswith("/")
    assert Client().get("/assistant/staff/", {"q": "停车"}).status_code == 302
    assert Client().get("/api/v1/assistant/staff", {"q": "停车"}).status_code == 401
    chief = Person.objects.get(username="bangban")
    assert login(chief).get("/assistant/staff/", {"q": "停车"}).status_code == 403
