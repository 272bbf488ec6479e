"""What the program itself says (reasons, explanations, paths) speaks the reader's language everywhere."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import translation
from docx import Document

from hongtu.domains.dispatch.models import AgendaItem, Escalation
from hongtu.domains.projects.models import Project
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.chains.models import Baseline, StepDateChange

ClientAs = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("district")
KEPT = ((Project, "light_reason"), (AgendaItem, "explanation"), (AgendaItem, "path"), (Escalation, "reason"),
        (Baseline, "name"), (StepDateChange, "reason"))  # fmt: skip
IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def _no_static_files(settings: Any) -> None:
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]


@pytest.fixture
def english(client_as: ClientAs) -> Client:
    client = client_as("zhongxin")
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def sentences() -> Iterator[Sentence]:
    """Every sentence the program keeps, those within others too."""
    for model, name in KEPT:
        for kept in model._base_manager.values_list(name, flat=True).distinct().order_by():
            yield from _whole(kept)


def _whole(kept: Sentence) -> Iterator[Sentence]:
    if kept.pattern:
        yield kept
        for value in kept.values.values():
            if isinstance(value, Sentence) and str(value):
                yield from _whole(value)


def shown(client: Client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, url
    written = re.sub(
        r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), page.content.decode(), flags=re.I
    )
    return unescape(written)  # the data of maps and charts is part of the page


def test_every_kept_sentence_has_its_english() -> None:
    found = {kept.pattern for kept in sentences()}
    assert len(found) > 10
    with translation.override("en"):
        assert [pattern for pattern in found if IDEOGRAPH.search(str(Sentence(pattern)))] == []


def test_no_page_shows_the_chinese_of_a_reason_to_an_english_reader(english: Client) -> None:
    late = Project.objects.filter(light="late").order_by("-days_late")[0]
    item = AgendaItem.objects.filter(meeting__state="planned", origin="escalated")[0]
    with translation.override("en"):
        reason = str(late.light_reason)
    chinese = {str(kept) for kept in sentences() if len(str(kept)) > 4}
    pages = {
        "/": reason,
        "/screen/": reason,
        "/ledgers/projects/?columns=name,light,light_reason&light=late": reason,
        f"/ledgers/projects/{late.pk}/": reason,
        f"/projects/{late.pk}/chain/": "",
        "/dispatch/": "",
        f"/dispatch/{item.meeting_id}/?item={item.pk}": "escalated to level",
        "/ledgers/escalations/": "escalated to level",
        "/ledgers/escalations/?q=尚未完成": "escalated to level",
    }
    for url, words in pages.items():
        text = shown(english, url)
        assert words in text, (url, words)
        assert [
            kept for kept in chinese if kept in text.replace("尚未完成", "", url.count("?q=") * 2)
        ] == [], url


def test_an_export_the_api_and_the_report_speak_english_too(english: Client, client_as: ClientAs) -> None:
    url = "/ledgers/projects/export.csv?columns=name,light_reason&light=late"
    answer = b"".join(english.get(url)).decode("utf-8-sig")  # type: ignore[arg-type]
    reasons = [row[1] for row in csv.reader(io.StringIO(answer)) if len(row) > 1]
    assert len(reasons) > 10 and "Investment stands at" in "".join(reasons)
    assert not any(IDEOGRAPH.search(reason) for reason in reasons)
    listed = english.get("/api/v1/projects/?light=late").json()["items"]
    assert any("overdue" in row["light_reason"] for row in listed)
    assert any(
        "逾期" in r["light_reason"]
        for r in client_as("zhongxin").get("/api/v1/projects/?light=late").json()["items"]
    )
    report = Document(io.BytesIO(english.get("/print/monthly-report.docx").content))
    late = report.tables[-2]  # the last one is the imprint at the foot
    cells = [cell.text for row in late.rows[1:] for cell in row.cells[-1:]]
    assert cells and not any(IDEOGRAPH.search(text) for text in cells)


def test_a_proposed_path_left_as_it_stood_stays_translatable(english: Client) -> None:
    item = AgendaItem.objects.filter(meeting__state="planned", origin="escalated", outcome="pending")[0]
    with translation.override("en"):
        offered = str(item.path)
    given = {"version": item.version, "decision": "This week", "unit": item.unit_id or "", "path": offered}
    english.post(f"/dispatch/items/{item.pk}/", {**given, "due_on": "2099-01-01", "decide": "1"})
    item.refresh_from_db()
    assert item.outcome == "decided" and item.path.pattern and not item.path.typed
