"""Guides out of Word, PDF and Excel: recognised, corrected, confirmed as drafts; an export comes back."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongtu.domains.matters.models import Guide, Matter
from hongtu.domains.matters.rules.interpretation import interpret
from hongtu.domains.matters.rules.recognition import recognise
from hongtu.kernel.people.models import Person
from hongtu.ledger.documents import open_document
from hongtu.ledger.models import ImportJob
from tests.matters.conftest import login

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAME = "电动自行车充电设施安装申请"


def told(name: str) -> Any:
    return interpret(recognise(open_document((EXAMPLES / name).read_bytes()).blocks))


@pytest.mark.parametrize("name", ["guide-table.docx", "guide-table.pdf"])
def test_a_table_with_labels_is_read_whole(name: str) -> None:
    (guide,) = told(name)
    assert guide.name == NAME and not guide.troubles and len(guide.found) == 36
    assert (guide.fields["legal_days"], guide.fields["promised_days"]) == (20, 7)
    assert guide.elements["link_addr"] == "https://example.gov.cn/charging"
    assert [m["name"] for m in guide.parts["materials"]] == [
        "充电设施安装申请表",
        "申请人居民身份证",
        "相邻业主同意书",
        "安装位置示意图",
    ]
    assert guide.parts["materials"][3]["necessity"] == "later" and guide.parts["materials"][3]["copies"] == 2
    assert guide.parts["materials"][1]["held_by_government"]
    assert [s["name"] for s in guide.parts["steps"]] == ["申请", "受理", "现场勘验", "决定", "送达"]
    assert guide.parts["offices"][0]["window"] == "3号综合窗口"


@pytest.mark.parametrize("name", ["guide-paragraphs.docx", "guide-paragraphs.pdf"])
def test_headed_paragraphs_are_read(name: str) -> None:
    (guide,) = told(name)
    assert guide.name == NAME and not guide.troubles
    assert (guide.fields["legal_days"], guide.fields["promised_days"], guide.fields["fee"]) == (
        20,
        7,
        "不收费",
    )
    assert len(guide.parts["materials"]) == 4 and guide.parts["materials"][1]["held_by_government"]
    assert guide.parts["steps"][2] == {
        "name": "现场勘验",
        "days": "3个工作日内",
        "text": "会同消防、供电踏勘",
    }
    assert guide.parts["offices"][0]["hours"].startswith("周一至周五")


def test_a_list_has_a_guide_a_row() -> None:
    first, second = told("guides-list.xlsx")
    assert (first.name, second.name) == (NAME, "旧衣回收点设置申请")
    assert second.fields["promised_days"] == 0 and second.elements["is_fee"] is False


def upload(client: Client, name: str, data: bytes | None = None) -> Any:
    content = data if data is not None else (EXAMPLES / name).read_bytes()
    return client.post("/matters/import/", {"file": SimpleUploadedFile(name, content)})


def test_a_word_file_becomes_a_draft_of_a_new_matter(stock: None, editor: Person) -> None:
    client = login(editor)
    url = upload(client, "guide-table.docx")["Location"]
    page = client.get(url)
    assert "认出36/78项要素" in page.content.decode() and "表1第1行" in page.content.decode()
    fingerprint = page.context["job"].fingerprint
    refused = client.post(url, {"confirm": "1", "fingerprint": fingerprint, "matter-0": "new"}, follow=True)
    assert "选择主题" in refused.content.decode() and not Matter.objects.filter(name=NAME).exists()
    data = {"confirm": "1", "fingerprint": fingerprint, "matter-0": "new", "theme-0": "housing"}
    made = client.post(url, data, follow=True)
    guide = Guide.objects.get(matter__name=NAME)
    assert guide.state == "draft" and str(guide.pk) in made.redirect_chain[-1][0]
    assert (guide.effective_from.isoformat(), guide.result) == ("2025-06-01", "安装意见书")
    assert guide.standing.filled >= 36 and guide.drafted_by == editor
    twice = client.post(url, data, follow=True)
    assert twice.status_code == 200 and Guide.objects.filter(matter__name=NAME).count() == 1


def test_a_correction_moves_a_piece_to_another_element(stock: None, editor: Person) -> None:
    client = login(editor)
    url = upload(client, "guide-paragraphs.pdf")["Location"]
    page = client.get(url)
    number = next(r["number"] for r in page.context["rows"] if r["label"] == "九、特别提醒")
    client.post(url, {"check": "1", f"piece-{number}": "rights"})
    job = ImportJob.objects.get(pk=page.context["job"].pk)
    assert job.fingerprint != page.context["job"].fingerprint
    stale = client.post(
        url, {"confirm": "1", "fingerprint": page.context["job"].fingerprint, "theme-0": "housing"}
    )
    assert stale.status_code == 302 and not Matter.objects.filter(name=NAME).exists()
    client.post(
        url, {"confirm": "1", "fingerprint": job.fingerprint, "matter-0": "new", "theme-0": "housing"}
    )
    guide = Guide.objects.get(matter__name=NAME)
    assert guide.elements["rights"].startswith("同意书") and guide.mistakes == ""


def test_what_must_not_be_asked_is_left_out_and_said(stock: None, editor: Person) -> None:
    from io import BytesIO

    from docx import Document

    document = Document()
    for text in (
        "一、事项名称",
        "居住证申领帮办",
        "二、申请材料",
        "1.身份证",
        "2.亲属关系证明",
        "三、承诺时限",
        "很快",
    ):
        document.add_paragraph(text)
    stream = BytesIO()
    document.save(stream)
    client = login(editor)
    url = upload(client, "own.docx", stream.getvalue())["Location"]
    page = client.get(url)
    ((guide,),) = (page.context["guides"],)
    words = " ".join(text for _place, text in guide["troubles"])
    assert "不得向群众索要" in words and "很快" in words
    assert {place for place, _text in guide["troubles"]} == {"第3段", "第6段"}
    client.post(url, {"confirm": "1", "fingerprint": page.context["job"].fingerprint})
    made = Guide.objects.get(matter__code="BB136", number=2)
    assert [m.name for m in made.materials.all()] == ["身份证"]
    assert made.fee and made.basis, "what the file does not say stays as it was"


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_what_is_exported_comes_back_unchanged(permit: Guide, editor: Person, kind: str) -> None:
    client = login(editor)
    content = client.get(f"/matters/guides/{permit.pk}/guide.{kind}").content
    url = upload(client, f"guide.{kind}", content)["Location"]
    page = client.get(url)
    ((guide,),) = (page.context["guides"],)
    assert guide["troubles"] == [] and guide["matter"] == str(permit.matter_id)
    said = client.post(url, {"confirm": "1", "fingerprint": page.context["job"].fingerprint}, follow=True)
    assert "没有新建草稿" in said.content.decode()
    assert Guide.objects.filter(matter=permit.matter).count() == 1


def test_a_wrong_file_is_refused_on_the_page_with_its_code(
    stock: None, editor: Person, visitor: Client
) -> None:
    client = login(editor)
    for name, data, code in (
        ("a.pdf", b"%PDF-1.4\nnothing", "file.damaged"),
        ("a.docx", b"plain text", "document.wrong_type"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "document.legacy_doc",
        ),
    ):
        page = upload(client, name, data)
        assert page.status_code == 422 and code in page.content.decode()
    assert ImportJob.objects.filter(ledger="guide-documents").count() == 0
    assert visitor.get("/matters/import/").status_code == 302
    other = Person.objects.get(username="zhongxin")
    url = upload(client, "guides-list.xlsx")["Location"]
    assert login(other).get(url).status_code in (403, 404), "nobody else's import"
