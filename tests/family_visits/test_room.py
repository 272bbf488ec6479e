"""What the room promises: two go, another confirms, little is kept and goes, every look is written down."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client

from hongtu.domains.family_visits import actions, jobs, queries
from hongtu.domains.family_visits.models import Entry, Need, Official, PostRisk, Retention, Visit
from hongtu.domains.family_visits.vocab import PURPOSES, NeedState, VisitState, Why
from hongtu.kernel.access.actions import grant, revise_grant, set_password
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.policies import can, objects
from hongtu.kernel.access.roles import CLOSED_ROLES, ROLES, Confidentiality
from hongtu.kernel.audit import chain
from hongtu.kernel.audit.chain import BrokenChain
from hongtu.kernel.audit.models import Entry as HouseEntry
from hongtu.kernel.base.errors import InvalidInput, NotAllowed, StaleVersion
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today
from tests.family_visits.conftest import TEXTS, Room

HOME = "/family-visits/"


def need_of(room: Room, visit: Visit, owner: Person | None = None) -> Need:
    due = today() + dt.timedelta(days=30)
    return actions.ask(
        by=room.officer, visit=visit, asked="Secret wish", owner=owner or room.officer, due_on=due
    )


# --- who goes where


def test_a_visit_makes_the_next_one_due_an_interval_later(room: Room) -> None:
    official = room.official(risk=1)
    assert queries.due_list(room.officer, today())[0].proposal.why == Why.NEVER
    room.held(official)
    [due] = queries.due_list(room.officer, today())
    assert due.proposal.due_on == queries.rules.add_months(today(), official.risk.interval_months)


def test_one_person_alone_is_refused(room: Room) -> None:
    with pytest.raises(InvalidInput) as refused:
        room.planned(companion=room.officer)
    assert "companion" in refused.value.fields


def test_nobody_visits_her_own_family_or_minds_her_own_need(room: Room) -> None:
    official = room.official(account=room.second)
    with pytest.raises(InvalidInput) as refused:
        room.planned(official)
    assert "companion" in refused.value.fields
    with pytest.raises(InvalidInput):
        room.official(account=room.officer)
    visit = room.planned(official, companion=room.lead)
    with pytest.raises(InvalidInput):
        need_of(room, visit, owner=room.second)


def test_only_members_go(room: Room) -> None:
    with pytest.raises(InvalidInput) as refused:
        room.planned(visitor=room.administrator)
    assert "visitor" in refused.value.fields


def test_a_family_has_one_planned_visit_at_a_time(room: Room) -> None:
    official = room.official()
    room.planned(official)
    with pytest.raises(InvalidInput):
        room.planned(official)


def test_all_five_are_answered_and_not_in_the_future(room: Room) -> None:
    visit = room.planned()
    with pytest.raises(InvalidInput) as refused:
        actions.hold(
            by=room.officer, visit=visit, version=1, held_on=today(), texts={**TEXTS, "conduct": "  "}
        )
    assert list(refused.value.fields) == ["conduct"]
    with pytest.raises(InvalidInput):
        actions.hold(
            by=room.officer, visit=visit, version=1, held_on=today() + dt.timedelta(days=1), texts=TEXTS
        )


def test_a_draft_is_kept_on_the_server_and_goes_when_the_visit_is_called_off(room: Room) -> None:
    visit = room.planned()
    visit = actions.keep_draft(by=room.officer, visit=visit, version=1, texts={"work": "half a word"})
    assert visit.contents() == {"work": "half a word"}
    assert visit.state == VisitState.PLANNED
    visit = actions.cancel(by=room.officer, visit=visit, version=visit.version, reason="family_away")
    assert visit.contents() == {}


def test_of_two_who_write_the_same_record_the_second_is_told(room: Room) -> None:
    visit = room.planned()
    actions.keep_draft(by=room.officer, visit=visit, version=1, texts={"work": "hers"})
    with pytest.raises(StaleVersion):
        actions.keep_draft(by=room.second, visit=visit, version=1, texts={"work": "mine"})


# --- what the family asked for


def test_a_need_is_closed_by_another_than_who_met_it(room: Room) -> None:
    need = need_of(room, room.held())
    need = actions.settle(
        by=room.officer, need=need, version=need.version, outcome="met", result="Done", told_on=today()
    )
    with pytest.raises(InvalidInput):
        actions.confirm(by=room.officer, need=need, version=need.version, agreed=True)
    need = actions.confirm(by=room.lead, need=need, version=need.version, agreed=True)
    assert (need.state, need.confirmed_by, need.closed_on) == (NeedState.CLOSED, room.lead, today())


def test_a_family_that_disagrees_sends_it_back_with_what_they_said(room: Room) -> None:
    need = need_of(room, room.held())
    need = actions.settle(
        by=room.officer, need=need, version=need.version, outcome="explained", result="No", told_on=today()
    )
    with pytest.raises(InvalidInput):
        actions.confirm(by=room.lead, need=need, version=need.version, agreed=False)
    need = actions.confirm(by=room.lead, need=need, version=need.version, agreed=False, reply="Not so")
    assert (need.state, need.returned, need.told_on) == (NeedState.OPEN, 1, None)
    assert need.contents()["reply"] == "Not so"


# --- need to know


def test_officers_see_their_own_the_lead_sees_all(room: Room, make_person: Callable[..., Person]) -> None:
    third = make_person("third")
    actions.admit(by=room.lead, person=third, role="discipline_officer")
    visit = room.planned()
    assert list(objects(Visit, by=room.officer)) == list(objects(Visit, by=room.second)) == [visit]
    assert list(objects(Visit, by=third)) == []
    assert list(objects(Visit, by=room.lead)) == [visit]
    with pytest.raises(Http404):
        queries.visit(visit.pk, third)


def test_nobody_sees_what_is_about_herself_not_even_the_lead(
    room: Room, as_: Callable[[Person], Client]
) -> None:
    official = room.official(account=room.lead)
    visit = actions.plan(
        by=None, official=official, planned_on=today(), visitor=room.officer, companion=room.second
    )
    need = need_of(room, visit)
    for model, record in ((Official, official), (Visit, visit), (Need, need)):
        assert not objects(model, by=room.lead).filter(pk=record.pk).exists()
        assert objects(model, by=room.officer).filter(pk=record.pk).exists()
    keys = {str(official.pk), str(visit.pk), str(need.pk)}
    as_(room.officer).get(f"{HOME}visits/{visit.pk}/")
    assert keys & {e.object_key for e in Entry.objects.all()}
    assert not keys & {e.object_key for e in queries.log(room.lead)}
    page = as_(room.lead).get(f"{HOME}log/").content.decode()
    assert not any(key in page for key in keys)


def test_the_roles_of_the_room_hold_nothing_else_and_nobody_else_holds_it() -> None:
    for role in ROLES.values():
        inside = {p for p in role.permissions if p.startswith("family_visits.")}
        assert bool(inside) == role.closed, role.code
        assert role.closed == (role.ceiling >= Confidentiality.CONFIDENTIAL), role.code
        assert not role.closed or inside == role.permissions, role.code


# --- who gets in


def test_an_administrator_can_neither_give_nor_see_a_role_of_the_room(
    room: Room, as_: Callable[[Person], Client]
) -> None:
    for code in CLOSED_ROLES:
        with pytest.raises(InvalidInput) as closed:
            grant(by=room.administrator, person=room.administrator, role=code, unit=room.administrator.unit)
        with pytest.raises(InvalidInput) as unknown:
            grant(
                by=room.administrator,
                person=room.administrator,
                role="misspelt",
                unit=room.administrator.unit,
            )
        assert closed.value.as_dict() == unknown.value.as_dict()
    own = Assignment.objects.get(person=room.administrator)
    with pytest.raises(InvalidInput):
        revise_grant(by=room.administrator, record=own, version=own.version, role="discipline_lead")
    client = as_(room.administrator)
    seen = client.get("/ledgers/roles/").content.decode() + client.get("/api/v1/roles/").content.decode()
    assert "discipline" not in seen and "纪检" not in seen
    hidden = Assignment.objects.get(person=room.lead)
    assert client.get(f"/ledgers/roles/{hidden.pk}/").status_code == 404
    assert objects(Assignment, by=room.administrator).count() == 1


def test_letting_somebody_in_leaves_no_gap_in_the_numbers_of_roles(
    room: Room, make_person: Callable[..., Person]
) -> None:
    before = make_person("before", "auditor").assignments.get().pk
    actions.admit(by=room.lead, person=make_person("third"), role="discipline_officer")
    assert make_person("after", "auditor").assignments.get().pk == before + 1


def test_who_gets_a_new_password_from_an_administrator_is_outside_until_let_in_again(
    room: Room, as_: Callable[[Person], Client]
) -> None:
    set_password(
        by=room.administrator, person=room.officer, version=room.officer.version, password="Impostor-2026-x"
    )
    impostor = Person.objects.get(pk=room.officer.pk)
    assert not can(impostor, "family_visits.read")
    assert as_(impostor).get(HOME).status_code == 404
    last = Entry.objects.latest("sequence")
    assert (last.action, last.reason) == ("family_visits.withdraw", "password_set")
    actions.admit(by=room.lead, person=impostor, role="discipline_officer")
    assert as_(Person.objects.get(pk=impostor.pk)).get(HOME).status_code == 200


def test_the_last_lead_cannot_lock_the_door_behind_her(room: Room) -> None:
    with pytest.raises(InvalidInput):
        actions.withdraw(by=room.lead, person=room.lead, reason="left")
    with pytest.raises(NotAllowed):
        actions.admit(by=room.officer, person=room.administrator, role="discipline_lead")


# --- little is kept, and it goes


def test_every_stored_field_has_a_purpose() -> None:
    for name, model in (("official", Official), ("visit", Visit), ("need", Need)):
        stored = {field.name for field in model._meta.concrete_fields}
        assert stored == set(PURPOSES[name]), name
        assert all(PURPOSES[name].values())


def test_no_word_of_a_family_lies_in_the_database_in_clear(room: Room) -> None:
    visit = room.held()
    need = need_of(room, visit)
    actions.settle(
        by=room.officer, need=need, version=need.version, outcome="met", result="Secret help", told_on=today()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~* %s', ["secret|greeted the"])
            assert cursor.fetchone() == (0,), table


def test_everything_is_deleted_when_its_time_is_over_and_old_copies_cannot_be_opened(
    room: Room, django_capture_on_commit_callbacks: Any
) -> None:
    visit = room.held()
    need = need_of(room, visit)
    visit.refresh_from_db()
    last_day = visit.expires_on
    backup = (str(visit.pk), visit.sealed)
    assert actions.purge(by=None, now=last_day) == 0
    assert Visit.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.purge(by=None, now=last_day + dt.timedelta(days=40)) == 3
    assert not any(model.objects.exists() for model in (Official, Visit, Need))
    from hongtu.domains.family_visits.models import ratchet
    from hongtu.kernel.base.sealing import Unreadable

    with pytest.raises(Unreadable):
        ratchet().open(*backup)
    entry = Entry.objects.latest("sequence")
    assert entry.action == "family_visits.purge" and entry.detail["deleted"] == 3
    assert str(need.pk) not in str(entry.detail)
    chain.verify(chain=Entry)


def test_the_nightly_job_deletes(room: Room, django_capture_on_commit_callbacks: Any) -> None:
    visit = room.held()
    Visit.objects.filter(pk=visit.pk).update(
        expires_on=today() - dt.timedelta(days=1), version=visit.version + 1
    )
    with django_capture_on_commit_callbacks(execute=True):
        jobs.purge(timestamp=0)
    assert not Visit.objects.exists() and Official.objects.exists()


def test_an_official_taken_off_the_list_is_gone_with_all_that_was_written(room: Room) -> None:
    official = room.official()
    need_of(room, room.held(official))
    actions.release(by=room.lead, record=official)
    assert not any(model.objects.exists() for model in (Official, Visit, Need))


def test_a_visit_keeps_the_official_on_the_list_as_long_as_its_record(room: Room) -> None:
    official = room.official()
    Retention.objects.update(months=48, version=2)
    visit = room.held(official)
    official.refresh_from_db()
    assert official.expires_on == visit.expires_on == queries.rules.add_months(today(), 48)
    assert official.contents()["name"] == "Zhang Secret"


def test_a_lost_key_is_said_on_the_page_and_breaks_nothing(
    room: Room, as_: Callable[[Person], Client], settings: Any, tmp_path: Path
) -> None:
    visit = room.held()
    settings.HONGTU_CLOSED_KEY = tmp_path / "another.key"
    page = as_(room.lead).get(HOME)
    assert page.status_code == 200 and "无法显示" in page.content.decode()
    assert as_(room.lead).get(f"{HOME}visits/{visit.pk}/").status_code == 200


# --- every look is written down


def test_every_page_writes_down_who_looked_at_what(room: Room, as_: Callable[[Person], Client]) -> None:
    visit = room.held()
    need = need_of(room, visit)
    risk = PostRisk.objects.first()
    assert risk is not None
    client = as_(room.lead)
    pages = {
        "": ("home", visit.official_id),
        "officials/new/": ("official_form", None),
        f"officials/{visit.official_id}/": ("official", visit.official_id),
        f"officials/{visit.official_id}/edit/": ("official_form", visit.official_id),
        f"visits/{visit.pk}/": ("visit", visit.pk),
        "needs/": ("needs", need.pk),
        f"needs/{need.pk}/": ("need", need.pk),
        "log/": ("log", None),
        "retention/": ("retention", None),
        "settings/": ("settings", None),
        f"settings/risk/{risk.pk}/": ("settings", None),
        "members/": ("members", None),
    }
    for path, (page, key) in pages.items():
        before = Entry.objects.count()
        answer = client.get(HOME + path)
        assert answer.status_code == 200, path
        assert "no-store" in answer["Cache-Control"], path
        # not `no-referrer`: browsers would send `Origin: null`, and every form be refused
        assert answer["Referrer-Policy"] == "same-origin", path
        entry = Entry.objects.latest("sequence")
        assert Entry.objects.count() == before + 1, path
        assert (entry.action, entry.actor_id, entry.detail["page"]) == (
            "family_visits.read",
            room.lead.pk,
            page,
        )
        assert key is None or str(key) in entry.detail["records"], path
    from hongtu.domains.family_visits.urls import urlpatterns

    shown = {p.name for p in urlpatterns} - {
        "official-release", "plan", "record", "cancel", "need-new", "settle", "confirm", "purge", "withdraw",
    }  # fmt: skip
    assert len(shown) == len(pages), "a page that this test does not look at"


def test_who_looked_stands_on_the_page_for_those_who_answer_for_the_record(
    room: Room, as_: Callable[[Person], Client]
) -> None:
    visit = room.held()
    as_(room.second).get(f"{HOME}visits/{visit.pk}/")
    assert room.second.name in [e.actor_label for e in queries.readers(visit)]


def test_the_house_knows_nothing_of_what_is_done_here(room: Room, as_: Callable[[Person], Client]) -> None:
    before = list(HouseEntry.objects.values_list("sequence", "hash"))
    need_of(room, room.held())
    as_(room.lead).get(HOME)
    assert list(HouseEntry.objects.values_list("sequence", "hash")) == before
    chain.verify()


def test_the_rooms_own_chain_is_verified_against_its_head_and_no_other(room: Room, tmp_path: Path) -> None:
    head = chain.export_head(tmp_path / "key", chain=Entry)
    room.held()
    assert chain.verify(head, chain=Entry).sequence == Entry.objects.count()
    with pytest.raises(BrokenChain, match="another chain"):
        chain.verify(head)
    cut = {**head, "sequence": 10**6}
    with pytest.raises(BrokenChain):
        chain.verify(cut, chain=Entry)


def test_the_rooms_chain_cannot_be_changed(room: Room) -> None:
    from django.db import DatabaseError, transaction

    entry = Entry.objects.latest("sequence")
    for write in (lambda: Entry.objects.filter(pk=entry.pk).update(reason="x"), entry.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
