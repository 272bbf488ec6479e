"""The wall: its numbers are the district's, each opens the rows it counts, and it stays quick to ask."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.wall import multiply
from hongtu.boards import wall
from hongtu.boards.figures import figures
from hongtu.boards.filters import WallFilter
from hongtu.domains.projects import queries
from hongtu.domains.projects.models import Project
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import district as the_district
from hongtu.kernel.profile.models import today

Cast = Callable[[str], Person]
ClientAs = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(autouse=True)
def _no_static_files(settings: Any) -> None:
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]


def built(by: Person, **chosen: Any) -> wall.Wall:
    form = WallFilter(chosen, by)
    return wall.build(by, form.condition(), urlencode(chosen), the_district(), today())


def counted(client: Client, url: str) -> int:
    """How many rows a list says it has."""
    page = client.get(url)
    assert page.status_code == 200, url
    text = re.sub(r"<[^>]+>", "", page.content.decode())
    found = re.search(r"共\s*([\d,]+)\s*[条项]", text)
    assert found, f"{url} does not say how many rows it has"
    return int(found.group(1).replace(",", ""))


def test_its_figures_are_those_of_the_records(person: Cast) -> None:
    found = figures()
    shown = {str(f.label): str(f.value) for f in built(person("zhongxin")).figures}
    assert shown["重大项目"] == str(found["projects"]) == "241"
    assert shown["总投资"] == "1,655.70"
    assert shown["年度计划投资"] == "275.67"
    assert shown["链条事项按期率"] == f"{found['on_time_rate']:.1%}"


@pytest.mark.parametrize("username", ["zhongxin", "yezhu", "jiedao"])
def test_each_light_opens_the_projects_it_counts(person: Cast, client_as: ClientAs, username: str) -> None:
    shown = built(person(username))
    client = client_as(username)
    assert sum(count for _status, count, _url in shown.lights) == int(str(shown.figures[0].value))
    for status, count, url in shown.lights:
        assert counted(client, url) == count, status


def filters(person: Person) -> list[dict[str, Any]]:
    project = queries.projects(person).filter(light="late").first()
    assert project is not None
    return [
        {"responsible_unit": project.responsible_unit_id},
        {"leader": project.leader_id},
        {"subdistrict": project.subdistrict_id, "light": "late"},
        {"kind": project.kind},
        {"q": "学校"},
        {"q": "xzzx"},
    ]


@pytest.mark.parametrize("number", range(6))
def test_under_a_filter_every_figure_still_opens_its_rows(
    person: Cast, client_as: ClientAs, number: int
) -> None:
    centre, client = person("zhongxin"), client_as("zhongxin")
    chosen = filters(centre)[number]
    shown = built(centre, **chosen)
    projects = int(str(shown.figures[0].value).replace(",", ""))
    assert 0 < projects < 241, chosen
    for figure in shown.figures[:4]:
        assert counted(client, figure.url) == projects, figure.label
    steps_due = re.search(r"/ ([\d,]+)", str(shown.figures[4].note))
    assert steps_due
    assert counted(client, shown.figures[4].url) == int(steps_due.group(1).replace(",", ""))
    assert counted(client, shown.due_url) == shown.due_count


def test_the_fields_chart_opens_the_projects_of_a_field(person: Cast, client_as: ClientAs) -> None:
    shown = built(person("zhongxin"))
    urls = {cell.url for row in shown.fields.table.rows for cell in row.cells if getattr(cell, "url", "")}
    urls |= set(re.findall(r'"(/[^"]*kind=[^"]*)"', json.dumps(shown.fields.option)))
    assert len(urls) >= 5
    for url in urls:
        kind = url.rsplit("kind=", 1)[1]
        assert counted(client_as("zhongxin"), url) == Project.objects.filter(kind=kind).count()


def test_kept_and_missed_steps_add_up_to_the_due(client_as: ClientAs) -> None:
    found, client = figures(), client_as("zhongxin")
    assert counted(client, "/steps/?state=due") == found["steps_due"]
    assert counted(client, "/steps/?state=kept") == found["steps_kept"]
    assert counted(client, "/steps/?state=missed") == found["steps_due"] - found["steps_kept"]
    assert counted(client, "/steps/") == found["chain_steps"]


def test_the_page_says_what_it_shows(client_as: ClientAs) -> None:
    page = client_as("zhongxin").get("/").content.decode()
    for words in ("1,655.70", "275.67", "数据截至", "示例数据", "行知中学"):
        assert words in page
    assert page.count("A0挂图") == 1


def test_a_value_that_is_not_offered_shows_nothing(person: Cast) -> None:
    assert built(person("zhongxin"), leader="999999").figures[0].value == "0"


def test_the_worst_chains_come_first(person: Cast) -> None:
    order = ["late", "warning", "normal", "not_due", "done", "excused"]
    drawn = [order.index(row.status.value) for row in built(person("zhongxin")).chains.chains]
    assert len(drawn) == 120
    assert drawn == sorted(drawn)


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_district_four_times_the_size_asks_no_more_queries(client_as: ClientAs) -> None:
    client = client_as("zhongxin")
    client.get("/")
    small = {url: queries_of(client, url) for url in ("/", "/screen/", "/steps/", "/ledgers/projects/")}
    multiply(3)
    assert Project.objects.count() == 241 * 4
    large = {url: queries_of(client, url) for url in small}
    assert large == small
    assert small["/"] <= 40


def test_the_screen_shows_the_same_figures_and_needs_no_mouse(client_as: ClientAs) -> None:
    page = client_as("lingdao").get("/screen/").content.decode()
    for words in ("241", "1,655.70", "275.67", 'http-equiv="refresh"'):
        assert words in page
    assert "<form" not in page


def test_a_reader_without_projects_is_refused(client_as: ClientAs) -> None:
    for url in ("/", "/screen/", "/steps/", "/print/chains-a0-landscape.pdf"):
        assert client_as("guanli").get(url).status_code == 403, url


def test_english_leaves_no_chinese_in_the_frame(client_as: ClientAs) -> None:
    client = client_as("zhongxin")
    client.cookies["django_language"] = "en"
    page = client.get("/").content.decode()
    heads = re.findall(r"<(?:h1|h2|label|th scope=.col)[^>]*>(.*?)</(?:h1|h2|th|label)>", page, re.DOTALL)
    texts = [re.sub(r"<[^>]+>", "", h).strip() for h in heads]
    names = set(Project.objects.values_list("name", flat=True)) | {the_district().name}
    for text in texts:
        for name in names:
            text = text.replace(name, "")
        assert not re.search(r"[一-鿿]", text.replace("（示例）", "").replace("示例", "")), text


def test_the_filter_condition_keeps_to_what_she_sees(person: Cast) -> None:
    owner = person("yezhu")
    assert queries.projects(owner).filter(WallFilter({}, owner).condition() & Q()).count() < 241


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_project_page_leads_to_its_handbook(client_as: ClientAs, language: str) -> None:
    client, project = client_as("yezhu"), queries.projects(Person.objects.get(username="yezhu"))[0]
    client.cookies["django_language"] = language
    page = client.get(f"/ledgers/projects/{project.pk}/").content.decode()
    link = re.search(rf'href="(/handbook/{project.pk}/)"[^>]*>(.*?)</a>', page, re.S)
    assert link and ("Handbook" if language == "en" else "办事手册") in link[2]
    assert client.get(link[1]).status_code == 200


def test_a_question_typed_on_the_matters_page_goes_to_the_assistant(client_as: ClientAs) -> None:
    page = Client().get("/matters/").content.decode()
    assert re.search(r'class="ask-box" method="post" action="/assistant/ask/"', page)
