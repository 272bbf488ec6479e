"""The full-cycle manual: the nodes of a project's type on four lines, ticked off, printed."""

from typing import Any

from django.test import Client

from hongtu.boards import handbook_manual
from hongtu.domains.matters import actions
from hongtu.domains.matters.models import Matter
from hongtu.domains.projects.models import Project
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


def build(project: Project) -> handbook_manual.Manual:
    return handbook_manual.build(project, today())


def client_of(username: str) -> Client:
    client = Client()
    person = Person.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_each_type_of_project_has_its_own_nodes_on_four_lines(district: None) -> None:
    road = Project.objects.filter(type="road").first()
    building = Project.objects.filter(type="government_building").first()
    assert road and building
    lines = build(building).lines
    assert [line.key for line in lines] == ["approval", "design", "construction", "procurement"]
    assert all(len(line.nodes) >= 4 for line in lines)
    codes = {node.code for node in build(road).nodes}
    assert "C3" not in codes and "A7" in codes, "a road has no basement but is handed over"
    for node in build(building).nodes:
        assert node.who and node.office and node.steps and node.documents and node.checks and node.cautions


def test_ticks_are_kept_and_approvals_close_their_node(district: None) -> None:
    project = Project.objects.filter(type="government_building").first()
    assert project
    client, url = client_of("zhongxin"), f"/manual/{project.pk}/"
    first = next(n for n in build(project).nodes if n.code == "D1")
    data = {"node": "D1", "item": first.checks[0].key, "done": "1"}
    assert client.post(url + "tick/", data).status_code == 302
    node = next(n for n in build(project).nodes if n.code == "D1")
    assert (node.ready, node.done_on, node.status) == (1, None, "normal")
    client.post(url + "tick/", {"node": "D1", "done": "1"})
    assert next(n for n in build(project).nodes if n.code == "D1").done_on == today()
    client.post(url + "tick/", {"node": "D1", "done": "0"})
    assert next(n for n in build(project).nodes if n.code == "D1").done_on is None
    land = next(n for n in build(project).nodes if n.code == "D2")
    assert [a.code for a in land.approvals] == ["P40"] and land.done_on is None
    actions.tick(
        by=Person.objects.get(username="zhongxin"),
        project=project.pk,
        done=True,
        matter=Matter.objects.get(code="P40"),
    )
    assert next(n for n in build(project).nodes if n.code == "D2").done_on == today()
    assert client.post(url + "tick/", {"node": "D1", "item": "no such line", "done": "1"}).status_code == 404
    page = client.get(url).content.decode()
    assert "设计任务书" in page and "使用单位已书面确认功能与面积" in page


def test_it_is_printed_and_taken_along_as_word(district: None) -> None:
    import io

    from docx import Document
    from pypdf import PdfReader

    project = Project.objects.filter(type="government_building").first()
    assert project
    client = client_of("zhongxin")
    pages = PdfReader(io.BytesIO(client.get(f"/manual/{project.pk}/book-a5.pdf").content)).pages
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [420, 595]
    told = "".join(page.extract_text() for page in pages)
    assert "目录" in told and "施工许可" in told and f"/manual/{project.pk}/" in told
    word: Any = Document(io.BytesIO(client.get(f"/manual/{project.pk}/manual.docx").content))
    assert any("报批报建" in p.text for p in word.paragraphs) and len(word.tables) == len(
        build(project).nodes
    )


def test_nobody_ticks_what_she_may_not_change(district: None) -> None:
    project = Project.objects.filter(type="road").first()
    assert project
    assert client_of("bianji").post(
        f"/manual/{project.pk}/tick/", {"node": "D1", "done": "1"}
    ).status_code in (403, 404)
