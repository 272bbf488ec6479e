"""The 78 elements: all of the national table, each kept, shown, counted as missing, reviewed."""

import csv
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.models import Guide
from hongtu.domains.matters.queries import elements
from hongtu.domains.matters.rules.elements import BY_KEY, DETAILS, ELEMENTS, OWN, Element
from hongtu.domains.matters.rules.values import read, write
from hongtu.domains.matters.vocab import ElementKind, Holder
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today
from tests.matters.conftest import login
from tests.shared_data import shared

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def example(element: Element) -> Any:
    """A value that the element takes."""
    if element.choices is not None:
        return next(iter(element.choices)).value
    codes = {"catalog_code": "000101001000", "task_code": "1" * 31, "dept_code": "11360000000000000X"}
    return {
        ElementKind.BOOLEAN: True,
        ElementKind.INTEGER: 3,
        ElementKind.ADDRESS: "https://example.gov.cn/a?b=1",
        ElementKind.ROWS: [{name: f"{name}内容" for name, _label in element.columns}],
    }.get(element.kind, codes.get(element.key, f"{element.label}的内容"))


def test_the_list_is_that_of_the_national_table() -> None:
    with shared("domain/09_guide_elements.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [r["key"] for r in rows] == [e.key for e in ELEMENTS]
    assert [r["required"] == "是" for r in rows] == [e.mandatory for e in ELEMENTS]


@pytest.mark.parametrize("element", (*OWN, *DETAILS), ids=lambda e: e.key)
def test_what_is_written_is_read_back(element: Element) -> None:
    value = read(element, example(element))
    assert value is not None
    assert read(element, write(element, value)) == value


def test_a_guide_with_all_elements_lacks_nothing_and_shows_them(
    permit: Guide, editor: Person, chief: Person, visitor: Client
) -> None:
    made = actions.next_version(
        by=editor,
        guide=permit,
        elements={e.key: example(e) for e in OWN},
        parts={"materials": [{"name": "身份证", "details": {e.key: example(e) for e in DETAILS}}]},
        expires_on=None,
    )
    for key, material in (
        ("flow_chart", ""),
        ("result_sample", ""),
        ("form_blank", "身份证"),
        ("form_example", "身份证"),
    ):
        file = SimpleUploadedFile(f"{key}.png", PNG)
        actions.attach(by=editor, guide=made, element=key, material=material, file=file)
    made = actions.submit(by=editor, guide=made, version=made.version)
    made = actions.decide(by=chief, guide=made, version=made.version, publish=True)
    guide = queries.with_parts(Guide.objects.filter(pk=made.pk)).get()
    must, may = elements.missing(guide)
    assert must == [] and [item.element.key for item in may] == ["plan_cancel_date"]
    assert (guide.standing.filled, guide.standing.lacking) == (77, [])
    page = visitor.get("/matters/m/BB136/").content.decode()
    for element in (*OWN, *DETAILS):
        words = elements.words(element, example(element))
        assert all(line.split(" | ")[0] in page for line in words.splitlines()), element.key
    assert page.count(".png</a>") == 4
    file_url = f"/matters/files/{guide.files.get(element='form_blank').pk}/"
    assert b"".join(visitor.get(file_url)) == PNG


def test_the_missing_ones_are_named_mandatory_first(permit: Guide) -> None:
    must, may = elements.missing(queries.with_parts(Guide.objects.filter(pk=permit.pk)).get())
    assert [item.element.key for item in must] == ["catalog_code", "task_code", "dept_code"]
    assert all(not item.element.mandatory for item in may)
    assert permit.standing.lacking == ["catalog_code", "task_code", "dept_code"]


def test_a_wrong_value_is_refused_by_name(permit: Guide, editor: Person) -> None:
    with pytest.raises(InvalidInput) as refusal:
        actions.next_version(by=editor, guide=permit, elements={"catalog_code": "12", "is_online": "也许"})
    assert refusal.value.code == "matters.element_not_code"
    assert set(refusal.value.fields) == {"element_catalog_code", "element_is_online"}


def test_limits_in_other_units_are_compared(permit: Guide, editor: Person) -> None:
    made = actions.next_version(
        by=editor, guide=permit, legal_days=7, promised_days=1, day_unit="month",
        elements={**permit.elements, "anticipate_type": "working"},
    )  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        actions.submit(by=editor, guide=made, version=made.version)
    assert refusal.value.code == "matters.promise_beyond_law"


def test_files_go_with_the_next_version_and_are_kept_from_residents_until_it_counts(
    permit: Guide, editor: Person, visitor: Client
) -> None:
    draft = actions.next_version(by=editor, guide=permit)
    file = SimpleUploadedFile("流程图.png", PNG)
    made = actions.attach(by=editor, guide=draft, element="flow_chart", file=file)
    assert visitor.get(f"/matters/files/{made.pk}/").status_code == 404
    assert login(editor).get(f"/matters/files/{made.pk}/").status_code == 200
    follower = actions.next_version(by=editor, guide=draft)
    assert [f.sha256 for f in follower.files.all()] == [made.sha256]
    actions.detach(by=editor, guide=follower, key=follower.files.get().pk)
    assert draft.files.count() == 1
    with pytest.raises(InvalidInput) as refusal:
        actions.attach(
            by=editor, guide=draft, element="flow_chart", file=SimpleUploadedFile("a.pdf", b"no PDF at all")
        )
    assert refusal.value.code.startswith(("document.", "matters.file"))


def test_the_form_keeps_every_element(permit: Guide, editor: Person) -> None:
    client = login(editor)
    url = client.post(f"/matters/guides/{permit.pk}/next/")["Location"]
    form = client.get(url).context["form"]
    shown = {f.name for section in form.sections() for f in section.fields}
    assert shown == set(form.fields) - {"version"}, "every field stands in a section"
    data = {
        k: v for k, v in form.initial.items() if v is not None and k not in ("places", "kept", "elements")
    }
    data["element_link_addr"] = "javascript:alert(1)"
    refused = client.post(url, data)
    assert refused.status_code == 422 and "https://" in refused.content.decode()
    data |= {
        "element_link_addr": "https://example.gov.cn/x",
        "element_fee_items": "工本费 | 20元 | 某通知 | 否",
    }
    assert client.post(url, data).status_code == 302
    made = Guide.objects.get(matter=permit.matter, number=2)
    assert made.elements["link_addr"] == "https://example.gov.cn/x"
    assert made.elements["fee_items"] == [
        {"name": "工本费", "standard": "20元", "basis": "某通知", "waiver": "否"}
    ]
    assert (
        made.elements["is_entry_center"] is True
        and made.elements["questions"] == permit.elements["questions"]
    )
    assert [m.details for m in made.materials.all()] == [m.details for m in permit.materials.all()]


def test_a_window_is_put_on_the_map(permit: Guide, editor: Person) -> None:
    client = login(editor)
    url = client.post(f"/matters/guides/{permit.pk}/next/")["Location"]
    form = client.get(url).context["form"]
    data = {
        k: v for k, v in form.initial.items() if v is not None and k not in ("places", "kept", "elements")
    }
    kept = data["offices"]
    refused = client.post(url, {**data, "offices": f"{kept}\n分窗口 | 1号 | 示例路 |  |  | 东经一百一十五度"})
    assert refused.status_code == 422 and "经度,纬度" in refused.content.decode()
    assert (
        client.post(
            url, {**data, "offices": f"{kept}\n分窗口 | 1号 | 示例路 |  |  | 115.86,28.69 gcj02"}
        ).status_code
        == 302
    )
    first, second = Guide.objects.get(matter=permit.matter, number=2).offices.all()
    assert first.place_id == permit.offices.get().place_id
    assert second.place.point != pytest.approx((115.86, 28.69), abs=1e-4), (
        "converted from what the map app says"
    )
    assert second.place.point == pytest.approx((115.86, 28.69), abs=0.01)


def test_one_material_is_completed_on_its_own_page(permit: Guide, editor: Person) -> None:
    draft = actions.next_version(by=editor, guide=permit)
    client, url = login(editor), f"/matters/guides/{draft.pk}/materials/1/"
    form = client.get(url).context["form"]
    saved = client.post(url, {**form.initial, "accept_stand": "字迹清楚", "copies": "2"})
    assert saved.status_code == 302
    first = draft.materials.get(sequence=1)
    assert (first.details["accept_stand"], first.copies) == ("字迹清楚", 2)
    late = client.post(url, {**form.initial, "accept_stand": "另一人写的"})
    assert late.status_code == 422, "the second of two editors is told, not overwritten"


def test_the_list_of_what_is_missing(stock: None, editor: Person) -> None:
    page = login(editor).get("/matters/incomplete/", {"lacking": "dept_code"})
    assert "实施主体编码" in page.content.decode()
    assert page.context["page"].paginator.count == 233
    assert 0.4 < queries.completeness(today()) < 1


def test_the_ledger_shows_and_sorts_by_what_is_missing(stock: None, editor: Person) -> None:
    client = login(editor)
    page = client.get(
        "/ledgers/guides/?columns=matter&columns=filled&columns=lacking&columns=element_is_online"
    )
    assert page.status_code == 200 and BY_KEY["is_online"].holder is Holder.ELEMENT
    assert "是" in page.content.decode()


def test_the_reference_table_is_up_to_date() -> None:
    from tools import guide_elements

    assert guide_elements.TARGET.read_text(encoding="utf-8") == guide_elements.text(), (
        "run tools/guide_elements.py"
    )
