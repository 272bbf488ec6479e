"""The moves of docs/explanation/gaming.md, each tried, each without gain."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.problems import actions, measures
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.terms import now, replaying
from tests.kernel.problems.conftest import DONE, Story, photo

LATER = timedelta(days=60)


@pytest.fixture
def share(story: Story) -> Callable[[str], tuple[int, int, int]]:
    """(counted, whole, narrow) of a rate, sixty days on, when everything fell due."""

    def read(key: str) -> tuple[int, int, int]:
        rates, _counts = measures.rates(Problem.objects.all(), now() + LATER)
        rate = rates[key]
        return rate.counted, rate.whole, rate.narrow

    return read


def test_closing_unsolved(story: Story, share: Any) -> None:
    explained = story.to("ask_to_close", story.working(), "officer", outcome=DONE, proposal="explained")
    story.to("verify", explained, "desk")
    actions.sweep(by=None, at=now() + LATER)
    story.to("decline", story.report("另一件"), "desk", reason="不归区里")
    assert share("solved") == (0, 2, 2)


def test_splitting_the_solved_part_off(story: Story, share: Any) -> None:
    whole = story.report()
    easy, _hard = actions.split(
        by=story.cast["desk"],
        problem=whole,
        version=whole.version,
        parts=[actions.Part("易"), actions.Part("难")],
    )
    story.to("assign", easy, "desk", unit=story.house["housing"])
    story.to("sign", easy, "officer")
    story.to("ask_to_close", easy, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", easy, "desk")
    actions.answer(by=None, following=easy.followings.get(), verdict="confirmed")
    assert share("solved") == (0, 1, 1)


def test_merging_the_late_into_the_young(story: Story, share: Any) -> None:
    late = story.report("旧", at=now() - timedelta(days=20))
    young = story.working("新")
    story.to("merge", late, "desk", into=young, reason="同一处")
    story.to("ask_to_close", young, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", young, "desk")
    actions.sweep(by=None, at=now() + LATER)
    assert share("solved") == (2, 2, 2), "both reports were solved"
    assert share("in_time") == (1, 2, 2), "the late one was late all the same"


def test_merging_into_what_is_already_solved(story: Story) -> None:
    solved, bad = story.solved("好"), story.report("坏")
    with pytest.raises(InvalidInput, match="仍在办理"):
        story.to("merge", bad, "desk", into=solved, reason="像")


def test_extending(story: Story, share: Any) -> None:
    problem = story.working(at=now() - timedelta(days=6))
    until = problem.due_at + timedelta(days=30)
    asked = actions.ask(
        by=story.cast["officer"], problem=problem, subject="extension", reason="难", until=until
    )
    actions.decide(by=story.cast["leader"], decision=asked, version=asked.version, grant=True)
    with replaying(now() + timedelta(days=10)):
        story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
        story.to("verify", problem, "desk")
    actions.sweep(by=None, at=now() + LATER)
    assert share("solved") == (1, 1, 1) and share("in_time") == (0, 1, 1)


def test_triaging_late(story: Story) -> None:
    quick = story.report("甲", at=now() - timedelta(days=4))
    slow = story.report("乙", at=now() - timedelta(days=4))
    story.to("triage", quick, "desk", at=None)
    first = slow.first_due_at
    story.to("triage", slow, "desk")
    assert slow.first_due_at == first == quick.first_due_at


def test_calling_it_difficult_when_it_is_late(story: Story) -> None:
    late = story.report(at=now() - timedelta(days=12))
    first = late.first_due_at
    story.to("triage", late, "desk", urgency="complex")
    assert late.due_at > first == late.first_due_at, "more time to work, none to be in time"
    early = story.report()
    story.to("triage", early, "desk", urgency="complex")
    assert early.first_due_at == early.due_at


def test_handing_it_round(story: Story) -> None:
    problem = story.assigned()
    due = problem.due_at
    story.to("give_back", problem, "officer", reason="不归我们")
    story.to("assign", problem, "desk", unit=story.house["city"])
    assert problem.lead_unit == story.house["housing"]
    story.to("sign", problem, "other")
    story.to("transfer", problem, "other", unit=story.house["street"], reason="还是他们")
    assert (problem.due_at, problem.first_due_at, problem.lead_unit) == (due, due, story.house["housing"])


def test_suspending(story: Story, share: Any) -> None:
    problem = story.working(at=now() - timedelta(days=4))
    first = problem.first_due_at
    until = now() + timedelta(days=20)
    asked = actions.ask(
        by=story.cast["officer"], problem=problem, subject="suspension", reason="等管线", until=until
    )
    with pytest.raises(NotAllowed):
        actions.decide(by=story.cast["officer"], decision=asked, version=asked.version, grant=True)
    actions.decide(by=story.cast["leader"], decision=asked, version=asked.version, grant=True)
    with replaying(until + timedelta(minutes=1)):
        actions.sweep(by=None)
        story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
        story.to("verify", problem, "desk")
    actions.sweep(by=None, at=now() + LATER)
    problem.refresh_from_db()
    assert problem.due_at > problem.first_due_at == first
    assert share("solved") == (1, 1, 1) and share("in_time") == (0, 1, 1)


def test_solving_on_paper(story: Story, share: Any) -> None:
    problem = story.working()
    with pytest.raises(InvalidInput, match="须附佐证"):
        story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[])
    problem.refresh_from_db()
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", problem, "desk")
    actions.sweep(by=None, at=now() + timedelta(days=20))
    problem.refresh_from_db()
    assert problem.state == "solved" and share("solved") == (1, 1, 1)
    with replaying(problem.closed_at + timedelta(days=29)):
        actions.answer(by=None, following=problem.followings.get(), verdict="disputed", comment="照旧")
    problem.refresh_from_db()
    assert problem.result.state == "withdrawn"
    assert share("solved") == (0, 1, 1)


def test_asking_again_with_the_photos_that_did_not_convince(story: Story) -> None:
    problem = story.closing()
    story.to("reject", problem, "desk", reason="照片是别处的")
    with pytest.raises(InvalidInput, match="新的佐证"):
        story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[])
    assert story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()]).state == "closing"


def test_verifying_ones_own_work_or_a_colleagues(story: Story) -> None:
    problem = story.working()
    helper = story.cast["centre"]
    actions.add_evidence(by=helper, problem=problem, version=problem.version, photos=[photo()], phase="after")
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    with pytest.raises(NotAllowed):
        story.to("verify", problem, "centre")
    assert story.to("verify", problem, "second").state == "answering"


def test_dating_ones_own_work(story: Story) -> None:
    problem = story.working()
    with pytest.raises(NotAllowed, match="时间由系统记录"):
        story.to(
            "ask_to_close", problem, "officer", outcome=DONE, photos=[photo()], at=now() - timedelta(days=3)
        )


def test_making_many_of_ones_own_easy_findings(story: Story, share: Any) -> None:
    story.report("居民报的")
    for number in range(3):
        actions.report(
            by=story.cast["officer"], source="grid", title=f"小事{number}", subdistrict=story.house["street"]
        )
    counts = measures.counts(Problem.objects.filter(source="web"), now() + LATER)
    assert share("solved") == (0, 4, 4) and counts["solved_whole"] == 1, "the page cuts by source"


def test_marking_as_unreasonable(story: Story, share: Any) -> None:
    story.solved("好")
    problem = story.working("难")
    asked = actions.ask(by=story.cast["officer"], problem=problem, subject="unreasonable", reason="烦")
    with pytest.raises(NotAllowed):
        actions.decide(by=story.cast["officer"], decision=asked, version=asked.version, grant=True)
    for person in ("centre", "leader"):
        actions.decide(by=story.cast[person], decision=asked, version=asked.version, grant=True)
    assert share("solved") == (1, 2, 1), "the wide denominator keeps it"


def test_asking_to_close_early_without_proof(story: Story, share: Any) -> None:
    problem = story.closing()
    story.to("reject", problem, "desk", reason="照片是别处的")
    assert (problem.asked_at, problem.redone) == (None, 1)


def test_talking_to_somebody_elses_reporter(story: Story, share: Any) -> None:
    mine, other = story.working("甲"), story.report("乙")
    story.to("contact", mine, "officer", text="见了面")
    assert share("response") == (1, 2, 2)
    with pytest.raises(InvalidInput, match="无关"):
        story.to("contact", mine, "officer", text="见了", reporters=[other.reporters.get()])


def test_a_doer_accepting_her_own_report(story: Story) -> None:
    made = actions.report(
        by=story.cast["officer"], source="grid", title="自己报的", subdistrict=story.house["street"]
    )
    problem = made.problem
    story.to("triage", problem, "desk")
    story.to("assign", problem, "desk", unit=story.house["housing"])
    story.to("sign", problem, "officer")
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", problem, "desk")
    with pytest.raises(NotAllowed, match="不能替反映人认可"):
        actions.answer(by=None, following=problem.followings.get(), verdict="confirmed")


def test_silence_is_no_praise(story: Story, share: Any) -> None:
    story.solved("答了")
    story.answering("没答")
    actions.sweep(by=None, at=now() + LATER)
    assert share("satisfied") == (1, 2, 1)


def test_a_dissatisfied_rating_survives_a_second_round(story: Story) -> None:
    problem = story.answering()
    following = problem.followings.get()
    actions.answer(
        by=None, following=following, verdict="disputed", satisfaction="dissatisfied", comment="没修好"
    )
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", problem, "desk")
    actions.sweep(by=None, at=now() + LATER)
    assert problem.reporters.get().satisfaction == "dissatisfied"
