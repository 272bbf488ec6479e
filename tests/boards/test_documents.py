"""What is printed: the A0 wall chart on one sheet, the A3 ledger page by page, the report in Word."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from docx import Document
from pypdf import PdfReader

from hongtu.domains.projects.models import Project

ClientAs = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(autouse=True)
def _no_static_files(settings: Any) -> None:
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]


def printed(client: Client, page: str, query: str = "") -> PdfReader:
    response = client.get(f"/print/chains-{page}.pdf?{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(response.content))


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def millimetres(reader: PdfReader) -> tuple[int, int]:
    box = reader.pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def test_the_a0_wall_holds_all_120_chains_on_one_sheet(client_as: ClientAs) -> None:
    reader = printed(client_as("zhongxin"), "a0-landscape")
    assert len(reader.pages) == 1
    assert millimetres(reader) == (1189, 841)
    text = plain(reader.pages[0].extract_text())
    names = Project.objects.filter(key_project=True).values_list("name", flat=True)
    missing = [name for name in names if plain(name) not in text]
    assert len(names) == 120
    assert not missing, "a name cannot be read back from the sheet"
    assert "数据截至" in text
    assert "第1/1页" in text


def test_the_a3_ledger_repeats_its_head_and_counts_its_pages(client_as: ClientAs) -> None:
    reader = printed(client_as("zhongxin"), "a3-landscape")
    assert millimetres(reader) == (420, 297)
    assert len(reader.pages) > 1
    for number, page in enumerate(reader.pages, 1):
        text = plain(page.extract_text())
        assert "责任单位" in text, f"page {number} lacks the head"
        assert f"第{number}/{len(reader.pages)}页" in text


def test_paper_follows_the_filter_and_the_reader(client_as: ClientAs) -> None:
    project = Project.objects.filter(key_project=True, light="late").first()
    assert project is not None
    text = plain(printed(client_as("zhongxin"), "a3-landscape", "light=late").pages[0].extract_text())
    on_track = Project.objects.filter(key_project=True, light="normal")[0]
    assert plain(project.name) in text
    assert plain(on_track.name) not in text
    assert client_as("jiedao").get("/print/chains-a0-landscape.pdf").status_code == 403


def test_an_unknown_paper_is_not_found(client_as: ClientAs) -> None:
    assert client_as("zhongxin").get("/print/chains-a9.pdf").status_code == 404


def test_the_monthly_report_is_word_with_the_district_in_numbers(client_as: ClientAs) -> None:
    response = client_as("zhongxin").get("/print/monthly-report.docx")
    assert response.status_code == 200
    document = Document(io.BytesIO(response.content))
    text = "\n".join(p.text for p in document.paragraphs)
    for words in ("241个", "1,655.70亿元", "275.67亿元", "120个", "1,200项", "红谷滩区"):
        assert words in text, words
    late = Project.objects.filter(light="late").count()
    assert f"滞后{late}个" in text
    listed = document.tables[1]
    assert len(listed.rows) - 1 == min(late, 60)
    section = document.sections[0]
    assert round(section.top_margin.mm) == 37, "GB/T 9704"
    assert round(section.left_margin.mm) == 28
