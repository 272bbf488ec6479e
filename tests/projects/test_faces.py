"""Work faces: found in conflict, solved, signed by both parties, carried out in their chains."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.actions.faces import FaceFaults
from hongtu.domains.projects.actions.solving import solve_run
from hongtu.domains.projects.demo.faces import case, parties
from hongtu.domains.projects.models import FaceAgreement, JointRun, Project, WorkFace
from hongtu.domains.projects.queries import faces as reads
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.chains.models import Baseline, Step, StepDateChange
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

Cast = Callable[[str], Person]
ClientAs = Callable[..., Client]

pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def road() -> Project:
    return parties()[0]


@pytest.fixture
def centre_of_emergency() -> Project:
    return parties()[1]


def conflicts() -> list[dict[str, Any]]:
    scene, _document = reads.scene(None, today())
    return reads.conflicts(scene) if scene else []


@pytest.fixture
def solved(person: Cast) -> JointRun:
    """The demonstration's conflict, solved."""
    run = JointRun.objects.create(
        asked_by=person("zhongxin"), seconds=5, scene=reads.document(reads.faces(None, today()), today())
    )
    assert solve_run(run.pk) == "done"
    run.refresh_from_db()
    return run


def proposed(run: JointRun, by: Person, aim: str = "least_cost") -> FaceAgreement:
    alternatives = run.report["clusters"][0]["alternatives"]
    number = next(n for n, row in enumerate(alternatives) if row["aim"] == aim)
    return actions.propose_agreement(by=by, run=run, cluster=0, alternative=number, reason="")


class TestConflicts:
    def test_the_newspaper_case_is_found(self, road: Project, centre_of_emergency: Project) -> None:
        pairs = {tuple(row["spaces"]) for row in conflicts()}
        assert ("road-drain-2a", "ec-office") in pairs
        scene, _document = reads.scene(None, today())
        assert scene is not None
        assert reads.clusters(scene) == [[road.pk, centre_of_emergency.pk]]

    def test_the_page_shows_it_to_both_parties(self, client_as: ClientAs) -> None:
        for user in ("zhongxin", "yezhu", "jijiu", "lingdao"):
            page = client_as(user).get(reverse("projects:faces"))
            assert page.status_code == 200
            assert "临时项目部（红线内）" in page.content.decode()


class TestAlternatives:
    def test_each_is_proven_checked_and_says_who_loses_what(self, solved: JointRun, road: Project) -> None:
        alternatives = solved.report["clusters"][0]["alternatives"]
        assert len(alternatives) >= 3
        assert all(row["optimal"] and row["verified"] for row in alternatives)
        assert min(row["total_yuan"] for row in alternatives) == alternatives[0]["total_yuan"]
        for row in alternatives:
            assert sum(loss["yuan"] for loss in row["losses"]) == row["total_yuan"]
            assert {loss["project"] for loss in row["losses"]} == {str(p.pk) for p in parties()}

    def test_the_page_puts_them_side_by_side_in_both_languages(
        self, solved: JointRun, client_as: ClientAs
    ) -> None:
        url = reverse("projects:joint", args=[solved.pk])
        chinese = client_as("yezhu").get(url).content.decode()
        assert "总损失最小" in chinese
        assert "304,400" in chinese
        assert "分期退让" in chinese

    def test_a_stopped_search_keeps_what_it_has(self, person: Cast) -> None:
        document = reads.document(reads.faces(None, today()), today())
        run = JointRun.objects.create(seconds=5, scene=document, stop_asked=True)
        assert solve_run(run.pk) in {"stopped", "done"}
        run.refresh_from_db()
        assert run.report["conflicts"]

    def test_running_twice_does_nothing_more(self, solved: JointRun) -> None:
        before = Entry.objects.count()
        assert solve_run(solved.pk) == "done"
        assert Entry.objects.count() == before

    def test_a_scene_without_a_way_out_says_so(self) -> None:
        document = reads.document(reads.faces(None, today()), today())
        for feature in document["features"]:
            feature["properties"]["fixed"] = True
        run = JointRun.objects.create(seconds=3, scene=document)
        assert solve_run(run.pk) == "failed"
        run.refresh_from_db()
        assert run.faults[0]["code"] == "NO_JOINT_SCHEDULE"


class TestSigning:
    def test_both_sign_and_the_chains_follow(
        self, solved: JointRun, person: Cast, road: Project, centre_of_emergency: Project
    ) -> None:
        agreement = proposed(solved, person("zhongxin"))
        agreement = actions.sign_agreement(
            by=person("yezhu"), agreement=agreement, project=road, version=agreement.version
        )
        assert agreement.state == "proposed"
        assert conflicts(), "one signature changes nothing"
        before = queries.chain_of(road).steps.get(name="雨污水等管网完成").forecast_finish  # type: ignore[union-attr]
        agreement = actions.sign_agreement(
            by=person("jijiu"), agreement=agreement, project=centre_of_emergency, version=agreement.version
        )
        assert agreement.state == "in_force"
        assert conflicts() == [], "nobody is in anybody's way any more"
        leaving = Step.objects.filter(
            chain=queries.chain_of(centre_of_emergency), name__startswith="让出作业面"
        )
        days = [str(step.finish_no_later_than) for step in leaving.order_by("planned_finish")]
        lines = [c["date"] for c in agreement.terms["constraints"] if c["space"] == "ec-office"]
        assert days == lines
        drains = queries.chain_of(road).steps.get(name="雨污水等管网完成")  # type: ignore[union-attr]
        entering = Step.objects.filter(chain=queries.chain_of(road), name__startswith="进入作业面")
        assert drains.forecast_finish >= max(step.forecast_finish for step in entering)
        assert drains.forecast_finish > before, "the chain is re-planned"
        for project in (road, centre_of_emergency):
            kept = Baseline.objects.filter(chain=queries.chain_of(project))
            assert "协议" in str(kept.latest("known_since"))
        assert (
            Entry.objects.filter(action="projects.sign_agreement", object_key=str(agreement.pk)).count() == 2
        )

    def test_a_shifted_face_moves_the_plan_of_its_step_with_a_reason(
        self, solved: JointRun, person: Cast, road: Project, centre_of_emergency: Project
    ) -> None:
        drains = queries.chain_of(road).steps.get(name="雨污水等管网完成")  # type: ignore[union-attr]
        agreement = proposed(solved, person("zhongxin"), "party_first")
        for user, project in (("yezhu", road), ("jijiu", centre_of_emergency)):
            agreement = actions.sign_agreement(
                by=person(user), agreement=agreement, project=project, version=agreement.version
            )
        after = Step.objects.get(pk=drains.pk)
        assert after.planned_finish > drains.planned_finish
        change = StepDateChange.objects.filter(step=after, field="planned_finish").first()
        assert change is not None
        assert (change.cause, change.after) == ("neighbour", after.planned_finish)

    def test_who_may_not_sign(
        self, solved: JointRun, person: Cast, road: Project, centre_of_emergency: Project
    ) -> None:
        agreement = proposed(solved, person("zhongxin"))
        for user, project in (("zhongxin", road), ("lingdao", road), ("yezhu", centre_of_emergency)):
            with pytest.raises(NotAllowed):
                actions.sign_agreement(
                    by=person(user), agreement=agreement, project=project, version=agreement.version
                )
        assert agreement.signatures.count() == 0

    def test_faces_that_moved_on_are_not_signed(self, solved: JointRun, person: Cast, road: Project) -> None:
        agreement = proposed(solved, person("zhongxin"))
        face = WorkFace.objects.get(code="road-drain-2a")
        face.revise(face.version, finish=date(2025, 12, 1))
        with pytest.raises(InvalidInput) as refusal:
            actions.sign_agreement(
                by=person("yezhu"), agreement=agreement, project=road, version=agreement.version
            )
        assert refusal.value.code == "projects.run_outdated"

    def test_a_withdrawn_proposal_cannot_be_signed(
        self, solved: JointRun, person: Cast, road: Project
    ) -> None:
        agreement = proposed(solved, person("zhongxin"))
        agreement = actions.withdraw_agreement(
            by=person("zhongxin"), agreement=agreement, version=agreement.version, reason="重新协商"
        )
        with pytest.raises(InvalidInput):
            actions.sign_agreement(
                by=person("yezhu"), agreement=agreement, project=road, version=agreement.version
            )

    def test_an_outsider_cannot_propose(self, solved: JointRun, person: Cast) -> None:
        with pytest.raises(NotAllowed):
            proposed(solved, person("lingdao"))


class TestFiles:
    def test_export_and_upload_again_changes_nothing(self, client_as: ClientAs, person: Cast) -> None:
        client = client_as("zhongxin")
        exported = client.get(reverse("projects:faces-export"))
        assert exported["Content-Type"].startswith("application/geo+json")
        before = dict(WorkFace.objects.values_list("code", "version"))
        file = SimpleUploadedFile("faces.geojson", exported.content)
        answer = client.post(reverse("projects:faces-upload"), {"file": file})
        assert answer.status_code == 302
        assert dict(WorkFace.objects.values_list("code", "version")) == before

    def test_faults_are_said_as_on_the_command_line_and_nothing_is_written(self, client_as: ClientAs) -> None:
        document = case()
        document["features"][0]["properties"]["finish"] = "2020-01-01"
        document["features"][1]["properties"].pop("project")
        file = SimpleUploadedFile("faces.geojson", json.dumps(document).encode())
        before = WorkFace.objects.count()
        answer = client_as("zhongxin").post(reverse("projects:faces-upload"), {"file": file})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "WINDOW_REVERSED" in text
        assert "结束日期早于开始日期" in text
        assert WorkFace.objects.count() == before

    def test_a_project_that_is_not_in_the_ledger_is_named(self, person: Cast) -> None:
        document = case()
        document["hongtu"]["projects"][0]["name"] = "不存在的项目"
        with pytest.raises(FaceFaults) as refusal:
            actions.upload_faces(by=person("zhongxin"), document=document)
        assert refusal.value.faults[0].code == "PROJECT_NOT_IN_LEDGER"

    def test_nobody_writes_on_the_ground_of_others(self, person: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.upload_faces(by=person("yezhu"), document=case())

    def test_not_json(self, client_as: ClientAs) -> None:
        file = SimpleUploadedFile("faces.geojson", b"{oops")
        answer = client_as("zhongxin").post(reverse("projects:faces-upload"), {"file": file})
        assert "FILE_NOT_JSON" in answer.content.decode()


class TestChangesByHand:
    def given(self, face: WorkFace, **changes: Any) -> dict[str, Any]:
        from hongtu.domains.projects.forms.faces import FaceForm

        form = FaceForm(face=face)
        position = form["position"].value()
        shown: dict[str, Any] = {name: form[name].value() for name in form.fields if name != "position"}
        shown = {name: value for name, value in shown.items() if value not in (None, False, "")}
        place = {"position": str(position), "position-kind": position.kind, "position-system": "wgs84"}
        return {**shown, **place, "reason": "按现场放线", **changes}

    def test_a_face_moved_out_of_the_way_clashes_no_more(self, client_as: ClientAs) -> None:
        face = WorkFace.objects.get(code="ec-office")
        before = {tuple(row["spaces"]) for row in conflicts()}
        assert any("ec-office" in pair for pair in before)
        away = "115.830000,28.700000; 115.830300,28.700000; 115.830300,28.700300"
        client = client_as("zhongxin")
        url = reverse("projects:face", args=[face.pk])
        page = client.post(url, self.given(face, **{"position": away, "position-kind": "area"}))
        assert page.status_code == 302, page.context["form"].errors
        assert not any("ec-office" in row["spaces"] for row in conflicts())
        face.refresh_from_db()
        assert face.geometry["coordinates"][0][0] == [115.83, 28.7]

    def test_an_untouched_ground_stays_to_the_last_digit(self, client_as: ClientAs) -> None:
        face = WorkFace.objects.get(code="ec-office")
        ground, finish = face.geometry, face.finish
        page = client_as("zhongxin").post(
            reverse("projects:face", args=[face.pk]), self.given(face, access="shared")
        )
        assert page.status_code == 302
        face.refresh_from_db()
        assert (face.access, face.geometry, face.finish) == ("shared", ground, finish)

    def test_the_second_of_two_editors_is_told(self, client_as: ClientAs) -> None:
        face = WorkFace.objects.get(code="ec-office")
        given, url = self.given(face, name="项目部"), reverse("projects:face", args=[face.pk])
        client = client_as("zhongxin")
        assert client.post(url, given).status_code == 302
        again = client.post(url, {**given, "name": "另一个名称"})
        assert again.status_code == 422
        face.refresh_from_db()
        assert face.name == "项目部"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"finish": "2001-01-01"}, "finish"),
            ({"reason": ""}, "reason"),
            ({"position": "115.8,28.6; 115.9,28.7", "position-kind": "area"}, "position"),
        ],
    )
    def test_faults_stand_at_their_fields(
        self, client_as: ClientAs, change: dict[str, Any], field: str
    ) -> None:
        face = WorkFace.objects.get(code="ec-office")
        page = client_as("zhongxin").post(
            reverse("projects:face", args=[face.pk]), self.given(face, **change)
        )
        assert page.status_code == 422
        assert field in page.context["form"].errors

    def test_ground_that_cannot_be_is_refused_in_words(self, client_as: ClientAs) -> None:
        face = WorkFace.objects.get(code="ec-office")
        bow = "115.8,28.6; 115.801,28.601; 115.801,28.6; 115.8,28.601"
        page = client_as("zhongxin").post(
            reverse("projects:face", args=[face.pk]),
            self.given(face, **{"position": bow, "position-kind": "area"}),
        )
        assert page.status_code == 422
        assert "GEOMETRY_INVALID" in page.content.decode()
        assert WorkFace.objects.get(pk=face.pk).geometry == face.geometry

    def test_an_alternative_for_other_ground_is_not_signed(
        self, solved: JointRun, person: Cast, road: Project
    ) -> None:
        made = proposed(solved, person("zhongxin"))
        face = WorkFace.objects.get(code="ec-office")
        actions.revise_face(
            by=person("zhongxin"),
            face=face,
            version=face.version,
            changes={"access": "shared"},
            reason="共用",
        )
        with pytest.raises(InvalidInput) as refusal:
            actions.sign_agreement(by=person("yezhu"), agreement=made, project=road, version=made.version)
        assert refusal.value.code == "projects.run_outdated"

    def test_strangers_can_neither_change_nor_remove(self, client_as: ClientAs) -> None:
        face = WorkFace.objects.get(code="ec-office")
        for name in ("face", "face-remove"):
            assert client_as("yezhu").get(reverse(f"projects:{name}", args=[face.pk])).status_code in (
                403,
                404,
            )
