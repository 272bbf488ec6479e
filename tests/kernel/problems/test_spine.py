"""From report to result: the way a problem goes, and the ways it may not go."""

from datetime import timedelta
from decimal import Decimal

import pytest

from hongtu.kernel.audit.models import ConfidentialEntry, Entry
from hongtu.kernel.base.errors import InvalidInput, NotAllowed, StaleVersion
from hongtu.kernel.events import _subscribers, subscribe
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions
from hongtu.kernel.problems.events import ClockRanOut, ProblemClosed
from hongtu.kernel.problems.models import NumberSeries, Problem, Reporter
from hongtu.kernel.problems.terms import now
from tests.kernel.problems.conftest import DONE, Story, photo


def test_the_whole_way_from_report_to_result(story: Story) -> None:
    problem = story.solved()
    assert (problem.state, problem.outcome, problem.clock) == ("solved", "solved", "")
    assert problem.solved_in_time and problem.closed_at and problem.owner_unit is None
    assert problem.lead_unit == story.house["housing"]
    assert problem.result.state == "standing"
    assert problem.result.quantities.get().amount == Decimal(55)
    assert [e.move for e in problem.log.all()] == [
        "report", "triage", "assign", "sign", "measures", "ask_to_close", "verify", "confirm",
    ]  # fmt: skip
    assert not problem.evidence.filter(verified_by=None).exists()


def test_each_state_has_one_owner_and_one_clock(story: Story) -> None:
    problem = story.report()
    seen = [(problem.clock, problem.owner_unit)]
    for move, by, more in (
        ("triage", "desk", {}),
        ("assign", "desk", {"unit": story.house["housing"]}),
        ("sign", "officer", {}),
        ("state_measures", "officer", {"measures": "划线"}),
        ("ask_to_close", "officer", {"outcome": DONE, "photos": [photo()]}),
        ("verify", "desk", {}),
    ):
        story.to(move, problem, by, **more)
        seen.append((problem.clock, problem.owner_unit))
    street, housing = story.house["street"], story.house["housing"]
    assert seen == [
        ("triage", street), ("assign", street), ("sign", housing), ("measures", housing),
        ("work", housing), ("verify", street), ("answer", street),
    ]  # fmt: skip


def test_numbers_have_no_gaps_and_confidential_ones_leave_none(story: Story) -> None:
    first = story.report("一")
    secret = story.report("密", confidentiality=3)
    second = story.report("二")
    year = first.number[:4]
    assert [first.number, second.number] == [f"{year}-000001", f"{year}-000002"]
    assert secret.number == f"{year}-M00001"
    assert second.pk == first.pk + 1, "the key of the secret one comes from elsewhere"


def test_a_failed_report_gives_its_number_back(story: Story) -> None:
    story.report("一")
    with pytest.raises(InvalidInput):
        story.report("二", spot=actions.Spot(500, 28))
    assert NumberSeries.objects.get().last == 1
    assert story.report("三").number.endswith("000002")


def test_the_doer_cannot_verify(story: Story) -> None:
    problem = story.assigned()
    story.to("sign", problem, "officer")
    actions.add_evidence(
        by=story.cast["desk"], problem=problem, version=problem.version, photos=[photo()], phase="during"
    )
    story.to("state_measures", problem, "officer", measures="划线")
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    with pytest.raises(NotAllowed, match="不能自己复核"):
        story.to("verify", problem, "desk")
    story.to("verify", problem, "centre")


def test_solved_needs_evidence(story: Story) -> None:
    with pytest.raises(InvalidInput, match="佐证"):
        story.to("ask_to_close", story.working(), "officer", outcome=DONE)


def test_an_explained_problem_does_not_count_as_solved(story: Story) -> None:
    problem = story.to("ask_to_close", story.working(), "officer", outcome=DONE, proposal="explained")
    story.to("verify", problem, "desk")
    actions.answer(by=None, following=problem.followings.get(), verdict="confirmed")
    problem.refresh_from_db()
    assert (problem.state, problem.outcome, problem.result.state) == ("explained", "not_solved", "withdrawn")


def test_a_dispute_reopens_the_work_and_withdraws_the_result(story: Story) -> None:
    problem = story.solved()
    with pytest.raises(InvalidInput, match="理由"):
        actions.answer(by=None, following=problem.followings.get(), verdict="disputed")
    actions.answer(by=None, following=problem.followings.get(), verdict="disputed", comment="只划了30个")
    problem.refresh_from_db()
    assert (problem.state, problem.outcome, problem.disputes) == ("working", "open", 1)
    assert problem.result.state == "withdrawn"


def test_one_of_two_reporters_cannot_close_it_alone(story: Story) -> None:
    problem = story.report()
    actions.join_report(by=None, problem=problem)
    story.to("triage", problem, "desk")
    story.to("assign", problem, "desk", unit=story.house["housing"])
    story.to("sign", problem, "officer")
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", problem, "desk")
    first, second = problem.followings.order_by("id")
    actions.answer(by=None, following=first, verdict="confirmed", satisfaction="satisfied")
    problem.refresh_from_db()
    assert problem.state == "answering"
    actions.answer(by=None, following=second, verdict="confirmed", satisfaction="dissatisfied")
    problem.refresh_from_db()
    assert problem.state == "solved"


def test_after_a_transfer_the_first_office_stays_responsible(story: Story) -> None:
    problem = story.assigned()
    due = problem.due_at
    story.to("transfer", problem, "officer", unit=story.house["city"], reason="属城管职责")
    assert (problem.lead_unit, problem.handling_unit) == (story.house["housing"], story.house["city"])
    assert (problem.state, problem.due_at) == ("assigned", due)


def test_extensions_are_approved_by_somebody_else_and_twice_at_most(story: Story) -> None:
    problem = story.working()
    for times in (1, 2):
        until = problem.due_at + timedelta(days=5)
        asked = actions.ask(
            by=story.cast["officer"], problem=problem, subject="extension", reason="等材料", until=until
        )
        with pytest.raises(NotAllowed):
            actions.decide(by=story.cast["officer"], decision=asked, version=asked.version, grant=True)
        actions.decide(by=story.cast["leader"], decision=asked, version=asked.version, grant=True)
        problem.refresh_from_db()
        assert (problem.extensions, problem.due_at, problem.clock_due_at) == (times, until, until)
    with pytest.raises(InvalidInput, match="最多 2 次"):
        actions.ask(
            by=story.cast["officer"],
            problem=problem,
            subject="extension",
            reason="等",
            until=until + timedelta(9),
        )


def test_a_suspension_moves_the_deadline_by_what_it_took_and_keeps_the_first_one(story: Story) -> None:
    problem = story.working(at=now() - timedelta(days=1))
    first = problem.due_at
    until = now() + timedelta(days=30)
    asked = actions.ask(
        by=story.cast["officer"], problem=problem, subject="suspension", reason="等汛期过去", until=until
    )
    actions.decide(by=story.cast["leader"], decision=asked, version=asked.version, grant=True)
    problem.refresh_from_db()
    assert (problem.state, problem.clock, problem.clock_due_at) == ("suspended", "suspension", until)
    told = actions.sweep(by=None, at=until + timedelta(minutes=1))
    problem.refresh_from_db()
    assert told["resumed"] == 1 and problem.state == "working"
    assert problem.due_at > first and problem.first_due_at == first


def test_unreasonable_takes_two_different_people(story: Story) -> None:
    problem = story.working()
    asked = actions.ask(
        by=story.cast["officer"], problem=problem, subject="unreasonable", reason="要求拆邻居房"
    )
    actions.decide(by=story.cast["centre"], decision=asked, version=asked.version, grant=True)
    problem.refresh_from_db()
    assert problem.state == "working"
    with pytest.raises(NotAllowed, match="两个人"):
        actions.decide(by=story.cast["centre"], decision=asked, version=asked.version, grant=True)
    actions.decide(by=story.cast["leader"], decision=asked, version=asked.version, grant=True)
    problem.refresh_from_db()
    assert (problem.state, problem.outcome) == ("unreasonable", "excluded")


def test_a_merge_keeps_every_reporter_and_the_earlier_deadline(story: Story) -> None:
    old = story.report("旧", at=now() - timedelta(days=5))
    young = story.working("新")
    story.to("merge", old, "desk", into=young, reason="同一件事")
    young.refresh_from_db()
    assert young.due_at == old.due_at
    assert young.followings.filter(active=True).count() == 2
    story.to("ask_to_close", young, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", young, "desk")
    for following in young.followings.filter(active=True):
        actions.answer(by=None, following=following, verdict="confirmed")
    old.refresh_from_db()
    assert (old.state, old.outcome) == ("merged", "solved")
    assert not Reporter.objects.exclude(followings__active=True).exists()


def test_a_merge_can_be_undone(story: Story) -> None:
    one, two = story.report("一"), story.working("二")
    story.to("merge", one, "desk", into=two, reason="像")
    story.to("detach", one, "desk", reason="其实不是")
    assert one.state == "triaged" and one.followings.get().active
    assert two.followings.filter(active=True).count() == 1


def test_merging_in_a_circle_is_refused(story: Story) -> None:
    one, two = story.report("一"), story.report("二")
    with pytest.raises(InvalidInput, match="自己"):
        story.to("merge", one, "desk", into=one, reason="x")
    story.to("merge", one, "desk", into=two, reason="x")
    with pytest.raises(InvalidInput):
        story.to("merge", two, "desk", into=one, reason="x")


def test_a_split_problem_is_solved_only_when_all_parts_are(story: Story) -> None:
    whole = story.report()
    actions.split(
        by=story.cast["desk"], problem=whole, version=whole.version,
        parts=[actions.Part("停车"), actions.Part("照明")],
    )  # fmt: skip
    parts = list(whole.parts.order_by("id"))
    for number, part in enumerate(parts):
        assert (part.first_due_at, part.reported_at) == (whole.first_due_at, whole.reported_at)
        assert part.followings.filter(active=True).count() == 1
        story.to("assign", part, "desk", unit=story.house["housing"])
        story.to("sign", part, "officer")
        story.to("ask_to_close", part, "officer", outcome=DONE, photos=[photo()])
        story.to("verify", part, "desk")
        actions.answer(by=None, following=part.followings.get(), verdict="confirmed")
        whole.refresh_from_db()
        assert whole.outcome == ("open", "solved")[number]


def test_nobody_dates_her_own_work(story: Story) -> None:
    with pytest.raises(NotAllowed, match="时间由系统记录"):
        story.to("triage", story.report(), "desk", at=now() - timedelta(days=3))


def test_the_loser_of_two_moves_is_told(story: Story) -> None:
    problem = story.report()
    stale = problem.version
    story.to("triage", problem, "desk")
    with pytest.raises((StaleVersion, InvalidInput)):
        actions.assign(by=story.cast["desk"], problem=problem, version=stale, unit=story.house["city"])


def test_an_office_reaches_its_own_problems_only(story: Story) -> None:
    problem = story.assigned()
    with pytest.raises(NotAllowed):
        story.to("sign", problem, "other")


def test_a_clock_that_ran_out_is_told_once(story: Story) -> None:
    told: list[ClockRanOut] = []
    subscribe(ClockRanOut)(told.append)
    try:
        problem = story.report(at=now() - timedelta(days=9))
        story.report("另一件")
        for _again in range(3):
            actions.sweep(by=None)
        assert told == [ClockRanOut(problem.pk, "triage")]
        story.to("triage", problem, "desk")
        actions.sweep(by=None, at=now() + timedelta(days=8))
        assert {t.clock for t in told[1:]} == {"assign", "triage"}, "the next clock, the other's first"
        assert len(told) == 3
    finally:
        _subscribers[ClockRanOut].remove(told.append)


def test_what_happens_to_a_confidential_problem_shows_nowhere_in_the_ordinary_audit(
    story: Story, cast: dict[str, Person]
) -> None:
    before = Entry.objects.count()
    problem = story.report("密", confidentiality=2)
    story.to("triage", problem, "centre")
    story.to("assign", problem, "centre", unit=story.house["housing"])
    until = problem.due_at + timedelta(days=2)
    actions.ask(by=cast["centre"], problem=problem, subject="extension", reason="密因", until=until)
    assert Entry.objects.count() == before
    assert ConfidentialEntry.objects.filter(reason="密因", object_key=problem.pk).count() == 1
    story.report("不密")
    assert Entry.objects.count() > before


def test_an_undisputed_answer_settles_when_its_time_is_over(story: Story) -> None:
    closed: list[ProblemClosed] = []
    subscribe(ProblemClosed)(closed.append)
    try:
        problem = story.answering()
        actions.sweep(by=None, at=now() + timedelta(days=30))
        problem.refresh_from_db()
        assert problem.state == "solved"
        assert [(c.problem, c.outcome) for c in closed] == [(problem.pk, "solved")]
    finally:
        _subscribers[ProblemClosed].remove(closed.append)


def test_a_private_link_is_kept_as_a_hash_only(story: Story) -> None:
    problem = story.report()
    link = story.links[problem.pk]
    assert actions.reporter_of(link).problem == problem
    assert not Reporter.objects.filter(link_hash=link).exists()
    with pytest.raises(InvalidInput, match="失效"):
        actions.reporter_of("nonsense")


def test_the_database_itself_refuses_a_problem_without_clock_or_owner(story: Story) -> None:
    from django.db import IntegrityError, transaction

    problem = story.report()
    for changes in ({"clock": ""}, {"owner_unit": None}, {"state": "solved"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Problem.objects.filter(pk=problem.pk).update(version=problem.version + 1, **changes)
