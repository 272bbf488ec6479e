"""Around a report: what others reported nearby, photos cleared for the public, keys of applications."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hongtu.domains.problems.models import ApiKey
from hongtu.kernel.problems.models import Category, Evidence, Problem


@pytest.mark.usefixtures("district")
class TestNearby:
    def given(self, problem: Problem) -> dict[str, Any]:
        return {
            "category": problem.category_id,
            "description": problem.description or problem.title,
            "subdistrict": problem.subdistrict_id,
            "address": problem.address,
            "position": "",
            "position-system": "wgs84",
            "name": "赵女士",
            "phone": "13800000000",
        }

    @pytest.fixture
    def known(self) -> Problem:
        """An open problem anyone may see."""
        rows = Problem.objects.filter(
            confidentiality=0, state="working", kind="problem", category__isnull=False
        )
        return rows.exclude(subdistrict=None)[0]

    def test_what_was_reported_nearby_is_shown_before_sending(self, known: Problem) -> None:
        page = Client().post("/problems/report/alike/", self.given(known)).content.decode()
        assert known.number in page and "不是同一件事" in page
        other = {**self.given(known), "description": "夜市油烟扰民，请管一管摊贩"}
        assert known.number not in Client().post("/problems/report/alike/", other).content.decode()

    def test_what_is_not_public_is_no_hint(self, known: Problem) -> None:
        known.revise(known.version, confidentiality=1)
        page = Client().post("/problems/report/alike/", self.given(known)).content.decode()
        assert known.number not in page

    def test_she_decides_to_follow_it_or_to_report_her_own(self, known: Problem) -> None:
        before, followers = Problem.objects.count(), known.followings.count()
        joined = Client().post(
            "/problems/report/", {**self.given(known), "same": known.number, "public": "on"}
        )
        assert joined.status_code == 302
        assert (Problem.objects.count(), known.followings.count()) == (before, followers + 1)
        own = Client().post("/problems/report/", {**self.given(known), "public": "on"})
        assert own.status_code == 302
        assert Problem.objects.count() == before + 1, "never merged by itself"


@pytest.mark.usefixtures("district")
def test_a_photo_is_public_once_somebody_cleared_it(client_as: Callable[..., Client]) -> None:
    piece = Evidence.objects.filter(problem__confidentiality=0, photo=True, public=False)[0]
    assert Client().get(f"/problems/photos/{piece.pk}.jpg").status_code == 404
    client = client_as("zhongxin")
    page = client.get(f"/problems/{piece.problem_id}/").content.decode()
    assert "公开勾选的照片" in page
    client.post(f"/problems/{piece.problem_id}/publish/", {"photo": piece.pk})
    piece.refresh_from_db()
    assert piece.public
    client.post(f"/problems/{piece.problem_id}/publish/", {})
    piece.refresh_from_db()
    assert not piece.public


@pytest.mark.usefixtures("district")
def test_an_application_learns_how_to_get_a_key_and_the_centre_issues_it(
    client_as: Callable[..., Client],
) -> None:
    page = Client().get("/problems/open311/").content.decode()
    assert "申请密钥" in page and "/open311/v2" in page and "发放密钥" not in page
    assert client_as("zhujian").post("/problems/open311/keys/", {"name": "x"}).status_code == 403
    centre = client_as("zhongxin")
    centre.post("/problems/open311/keys/", {"name": "文明出行"})
    page = centre.get("/problems/open311/").content.decode()
    fresh = re.search(r'id="fresh-key">([^<]+)<', page)
    assert fresh is not None
    assert fresh[1] not in centre.get("/problems/open311/").content.decode(), "shown once"
    code = Category.objects.filter(active=True, attributes=[])[0].code
    given = {
        "api_key": fresh[1],
        "service_code": code,
        "lat": "28.7",
        "long": "115.86",
        "description": "路灯不亮",
    }
    assert Client().post("/open311/v2/requests.json", given).status_code in (200, 201)
    key = ApiKey.objects.get(name="文明出行")
    centre.post(f"/problems/open311/keys/{key.pk}/withdraw/")
    assert Client().post("/open311/v2/requests.json", given).status_code == 403
