"""Consultations as people hold them: nobody skips a step, nothing becomes a result without what a result
takes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hongtu.boards.figures import figures
from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.models import Conclusion, Objection, Task
from hongtu.domains.consultation.rules import table
from hongtu.domains.consultation.vocab import Agreement, Choice, Refusal, Step
from hongtu.kernel.access.limits import TooManyRequests
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions as spine
from hongtu.kernel.problems.models import Problem, Quantity
from tests.consultation.conftest import Story, owners_vote, small_estate
from tests.kernel.problems.conftest import photo

pytestmark = pytest.mark.usefixtures("district")


def refused(code: Refusal, run: Any) -> InvalidInput:
    """The refusal with its code."""
    with pytest.raises((InvalidInput, NotAllowed)) as found:
        run()
    assert found.value.code == code.value, found.value.message
    return found.value  # type: ignore[return-value]


@pytest.mark.parametrize(("measure", "amount"), [("parking_spaces", 55), ("lifts", 36), ("facade_m2", 30000)])
def test_the_papers_consultations_lead_to_the_results_that_exist_once(measure: str, amount: int) -> None:
    assert figures()[measure] == amount
    [quantity] = Quantity.objects.filter(measure=measure)
    task = Task.objects.get(problem=quantity.result.problem)
    assert (task.state, task.conclusion.topic.verdict) == ("done", "adopt")
    assert task.amount == quantity.result.cost


def test_the_number_comes_from_the_one_series(story: Story) -> None:
    last = max(Problem.objects.values_list("number", flat=True))
    assert story.topic.number > last
    assert not Problem.objects.filter(number=story.topic.number).exists()


def test_who_registered_a_topic_does_not_screen_it(story: Story) -> None:
    own = story.do(
        actions.register, by=story.officer, name="x", description="y", kind="other",
        subdistrict=story.topic.subdistrict, community=story.topic.community,
    )  # fmt: skip
    refused(
        Refusal.OWN_SCREENING,
        lambda: actions.screen(by=story.officer, topic=own, version=own.version, verdict="adopt"),
    )
    with pytest.raises(NotAllowed):
        story.move(actions.screen, by=story.worker, verdict="adopt")


def test_what_one_office_answers_for_becomes_its_problem(story: Story) -> None:
    refused(
        Refusal.UNIT,
        lambda: story.move(actions.screen, by=story.officer, verdict="transfer", reason="职责明确"),
    )
    story.move(
        actions.screen, by=story.officer, verdict="transfer", reason="职责明确", unit=story.topic.subdistrict
    )
    given = story.topic.handed_to
    assert given is not None and (given.kind, given.state) == ("consultation", "assigned")
    assert story.topic.state == "transferred"
    refused(Refusal.CLOSED, lambda: story.of_topic(actions.invite, part="member", name="x", reason="y"))


def test_who_must_sit_at_the_table_follows_from_kind_and_place(story: Story) -> None:
    estate = small_estate(story.worker)
    lift = Story(kind="lift", estate=estate, common_matter="5")
    lift.screen()
    lift.of_topic(actions.invite, part="interested", name="甲")
    refusal = refused(Refusal.LACKING, lambda: lift.move(actions.advance))
    for part in ("社区", "政协委员", "居民代表", "物业服务企业", "业主委员会", "第三方机构", "职能部门"):
        assert part in refusal.message
    assert "电梯安全状况须由检测机构说明" in refusal.message
    invited = lift.of_topic(actions.invite, part="expert", name="检测员")
    assert (invited.by_rule, invited.reason) == (True, "电梯安全状况须由检测机构说明")


def test_those_concerned_are_half_of_the_table(story: Story) -> None:
    story.screen()
    for part, name in (("interested", "甲"), ("community", "乙"), ("member", "丙")):
        story.of_topic(actions.invite, part=part, name=name)
    assert "33%" in refused(Refusal.LACKING, lambda: story.move(actions.advance)).message
    story.of_topic(actions.invite, part="interested", name="丁")
    story.move(actions.advance)


def test_the_notice_period_runs_on_the_working_calendar(story: Story) -> None:
    """Friday 2025-04-25 and three working days: Sunday the 27th is worked, so Tuesday the 29th."""
    story.to(Step.PREPARE)

    def notice(day: date, **more: Any) -> Any:
        return story.of_topic(actions.give_notice, held_on=day, place="议事厅", host="主持", **more)

    refusal = refused(Refusal.NOTICE_SHORT, lambda: notice(date(2025, 4, 28)))
    assert "2025-04-29" in refusal.message
    assert notice(date(2025, 4, 29)).state == "noticed"
    refusal = refused(Refusal.NOTICE_SHORT, lambda: notice(date(2025, 5, 6), noticed_on=date(2025, 4, 29)))
    assert "2025-05-07" in refusal.message, "30 April, then the holidays, 6 and 7 May"
    refused(Refusal.NOTICE_PAST, lambda: notice(date(2025, 5, 20), noticed_on=date(2025, 4, 24)))


def test_a_formal_consultation_has_longer_notice() -> None:
    formal = Story(formal=True).to(Step.PREPARE)
    refusal = refused(
        Refusal.NOTICE_SHORT,
        lambda: formal.of_topic(actions.give_notice, held_on=date(2025, 5, 8), place="议事厅", host="主持"),
    )
    assert "15" in refusal.message


def test_an_option_without_money_holds_the_topic_up(story: Story) -> None:
    story.to(Step.PREPARE)
    story.of_topic(
        actions.add_option, name="贵的", description="做法", cost=Decimal(10), funds={"owners": Decimal(4)}
    )
    story.of_topic(actions.add_option, name="没算的", description="做法", cost=None)
    message = refused(Refusal.LACKING, lambda: story.move(actions.advance)).message
    assert "“贵的”的资金来源比费用少 6 万元" in message and "“没算的”没有费用测算" in message


def test_a_conflict_of_interest_takes_the_vote_not_the_word(story: Story) -> None:
    story.to(Step.DISCUSS)
    story.day = date(2025, 5, 8)
    people = {p.name: p for p in story.topic.participants.all()}
    for name, seat in people.items():
        if name != "庚":
            conflict = name == "己"
            story.do(
                actions.declare, participant=seat, version=seat.version,
                interest="conflict" if conflict else "none", text="参与报价" if conflict else "",
            )  # fmt: skip
    present = [p for n, p in people.items() if n != "辛"]
    story.do(actions.sign_in, meeting=story.meeting, version=story.meeting.version, present=present)
    people = {p.name: p for p in story.topic.participants.all()}
    story.do(actions.speak, meeting=story.meeting, participant=people["己"], kind="fact", text="报价如下")
    refusal = refused(Refusal.LACKING, lambda: story.move(actions.advance))
    assert "1 位到会人员还没有作利益冲突声明" in refusal.message
    seat = people["庚"]
    story.do(actions.declare, participant=seat, version=seat.version, interest="none")
    story.move(actions.advance)

    def vote(name: str) -> Any:
        return story.do(
            actions.vote, meeting=story.meeting, participant=people[name], choice="consent", signed=True
        )

    refused(Refusal.RECUSED, lambda: vote("己"))
    refused(Refusal.ABSENT, lambda: vote("辛"))
    assert vote("甲").choice == "consent"


def test_a_conflict_must_be_explained(story: Story) -> None:
    story.to(Step.PREPARE)
    seat = story.topic.participants.all()[0]
    refused(
        Refusal.REASON,
        lambda: story.do(actions.declare, participant=seat, version=seat.version, interest="conflict"),
    )


def test_facts_come_before_proposals(story: Story) -> None:
    story.to(Step.DISCUSS)
    story.day = date(2025, 5, 8)
    people = list(story.topic.participants.all())
    for seat in people:
        story.do(actions.declare, participant=seat, version=seat.version, interest="none")
    story.do(actions.sign_in, meeting=story.meeting, version=story.meeting.version, present=people)
    story.do(actions.speak, meeting=story.meeting, participant=people[0], kind="proposal", text="换掉")
    assert "先说事实" in refused(Refusal.LACKING, lambda: story.move(actions.advance)).message


def test_nobody_signs_in_before_the_day(story: Story) -> None:
    story.to(Step.DISCUSS)
    refused(
        Refusal.TOO_EARLY,
        lambda: story.do(actions.sign_in, meeting=story.meeting, version=story.meeting.version, present=()),
    )


def conclude(story: Story) -> Conclusion:
    option = queries.options(story.topic)[0]
    return story.move(actions.conclude, text="意见", option=option)  # type: ignore[no-any-return]


def test_who_is_outvoted_is_on_record(story: Story) -> None:
    story.to(Step.CONCLUDE)
    story.vote(against=2)
    refused(Refusal.MINORITY, lambda: conclude(story))
    one = story.topic.participants.all()[0]
    story.do(
        actions.speak, meeting=story.meeting, participant=one, kind="opinion", text="反对", minority=True
    )
    made = conclude(story)
    assert (made.agreement, made.consenting, made.opposing) == ("majority", 6, 2)


def test_everybody_who_voted_signs(story: Story) -> None:
    story.to(Step.CONCLUDE)
    refused(Refusal.NOBODY_VOTED, lambda: conclude(story))
    story.vote(signed=False)
    refused(Refusal.UNSIGNED, lambda: conclude(story))


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("ccc", Agreement.CONSENSUS),
        ("cca", Agreement.MAJORITY),
        ("co", Agreement.NONE),
        ("coo", Agreement.NONE),
    ],
)
def test_how_a_meeting_concluded_follows_from_its_votes(votes: str, outcome: Agreement) -> None:
    words = {"c": Choice.CONSENT, "o": Choice.OPPOSE, "a": Choice.ABSTAIN}
    assert table.agreement([words[v] for v in votes]) is outcome


def test_common_property_needs_the_owners_vote_on_the_same_option(story: Story) -> None:
    estate = small_estate(story.worker)
    common = Story(kind="other", estate=estate, common_matter="8").to(Step.CONCLUDE)
    common.vote()
    refused(Refusal.POLL_NEEDED, lambda: conclude(common))
    lost = owners_vote(common, consenting=2)
    assert lost.passed is False
    refused(Refusal.POLL_NEEDED, lambda: conclude(common))


def test_a_passed_vote_is_kept_with_the_conclusion_whatever_the_register_becomes(story: Story) -> None:
    estate = small_estate(story.worker)
    common = Story(kind="other", estate=estate, common_matter="8").to(Step.CONCLUDE)
    common.vote()
    poll = owners_vote(common, consenting=3)
    assert poll.passed is True, "three of four is three quarters"
    made = conclude(common)
    assert made.poll == poll
    from hongtu.domains.consultation.models import Household

    Household.objects.create(estate=estate, room="2-1", area=900)
    assert queries.result(poll).sums.people == 4
    refused(Refusal.POLL_CLOSED, lambda: common.do(actions.cast, poll=poll, ballots={"consent": ["2-1"]}))


def test_ballots_of_unknown_rooms_and_rooms_written_twice_are_refused_whole(story: Story) -> None:
    estate = small_estate(story.worker)
    common = Story(kind="other", estate=estate, common_matter="8").to(Step.DISCUSS)
    poll = common.do(actions.open_poll, option=queries.options(common.topic)[0])

    def cast(**ballots: Any) -> Any:
        return common.do(actions.cast, poll=poll, ballots=ballots)

    refusal = refused(Refusal.UNKNOWN_ROOMS, lambda: cast(consent=["1-0", "9-9"]))
    assert "9-9" in refusal.message and set(refusal.fields) == {"consent"}
    refused(Refusal.TWICE, lambda: cast(consent=["1-0"], oppose=["1-0"]))
    assert poll.ballots.count() == 0
    assert cast(consent=["1-0", "1-1"]) == 2
    assert cast(oppose=["1-1"]) == 1, "entering a room again corrects it"
    assert sorted(poll.ballots.values_list("choice", flat=True)) == ["consent", "oppose"]


def test_the_posting_is_not_cut_short(story: Story) -> None:
    story.to(Step.POST)
    refused(
        Refusal.TOO_SHORT,
        lambda: story.of_topic(actions.post, text="x", until=story.day + timedelta(days=4)),
    )
    posting = story.of_topic(actions.post, text="x")
    assert posting.until == story.day + timedelta(days=5)
    story.day = posting.until
    assert "期满才能转办" in refused(Refusal.LACKING, lambda: story.move(actions.advance)).message
    story.day += timedelta(days=1)
    story.move(actions.advance)


def test_an_objection_holds_the_topic_up_until_it_is_answered(story: Story) -> None:
    story.to(Step.POST)
    posting = story.of_topic(actions.post, text="x")
    with story.now():
        objection = actions.make_objection(by=None, posting=posting, address="1.1.1.1", text="不公平")
    story.day += timedelta(days=6)
    assert "1 条异议" in refused(Refusal.LACKING, lambda: story.move(actions.advance)).message
    with story.now():
        refused(
            Refusal.NOT_OPEN,
            lambda: actions.make_objection(by=None, posting=posting, address="2.2.2.2", text="晚了"),
        )
    story.do(actions.answer_objection, objection=objection, version=objection.version, answer="已解释")
    story.move(actions.advance)


def test_an_upheld_objection_goes_back_to_the_table_once(story: Story) -> None:
    for number in (1, 2):
        story.to(Step.POST)
        posting = story.of_topic(actions.post, text="x")
        with story.now():
            made = actions.make_objection(by=None, posting=posting, address="1.1.1.1", text="不公平")
        story.do(actions.answer_objection, objection=made, version=made.version, answer="属实", upheld=True)
        story.day = posting.until + timedelta(days=1)
        assert "重新协商" in refused(Refusal.LACKING, lambda: story.move(actions.advance)).message
        if number == 1:
            story.move(actions.reconsider, reason="异议成立")
            assert (story.topic.round, story.topic.step) == (2, "prepare")
            assert queries.conclusion(story.topic) is None, "the first round stays on file"
            assert story.topic.conclusions.count() == 1
            story.options()
            story.of_topic(
                actions.give_notice, held_on=story.day + timedelta(days=14), place="议事厅", host="主持"
            )
            story.move(actions.advance)
            story.day = story.meeting.held_on
            people = list(story.topic.participants.all())
            story.do(actions.sign_in, meeting=story.meeting, version=story.meeting.version, present=people)
            story.do(
                actions.speak, meeting=story.meeting, participant=people[0], kind="fact", text="重新核实"
            )
            story.move(actions.advance)
    refused(Refusal.RECONSIDERED, lambda: story.move(actions.reconsider, reason="再来"))


def test_a_conclusion_that_stands_is_not_reconsidered(story: Story) -> None:
    story.to(Step.POST)
    refused(Refusal.NOTHING_TO_RECONSIDER, lambda: story.move(actions.reconsider, reason="再来"))


def test_too_many_objections_of_one_address_are_refused(story: Story) -> None:
    story.to(Step.POST)
    posting = story.of_topic(actions.post, text="x")
    with story.now():
        for number in range(10):
            actions.make_objection(by=None, posting=posting, address="1.1.1.1", text=f"异议{number}")
        with pytest.raises(TooManyRequests):
            actions.make_objection(by=None, posting=posting, address="1.1.1.1", text="又一条")
        actions.make_objection(by=None, posting=posting, address="3.3.3.3", text="别人的")
    assert Objection.objects.filter(posting=posting).count() == 11


@pytest.mark.parametrize("lacking", ["amount", "funding", "unit", "person", "approach", "due_on", "evidence"])
def test_no_decision_is_handed_over_without_what_a_result_takes(story: Story, lacking: str) -> None:
    story.to(Step.ASSIGN)
    task = story.do(
        actions.set_task,
        conclusion=queries.conclusion(story.topic),
        **{n: v for n, v in story.whole_task().items() if n != lacking},
    )
    refusal = refused(
        Refusal.INCOMPLETE_TASK,
        lambda: story.do(actions.hand_over, by=story.officer, task=task, version=task.version),
    )
    assert str(Task._meta.get_field(lacking).verbose_name) in refusal.message
    known = Problem.objects.exclude(consultation_task__isnull=False)[0]
    with pytest.raises(IntegrityError, match="consultation_task_is_whole"), transaction.atomic():
        task.revise(task.version, state="handed", problem=known)


def test_the_database_takes_no_result_without_proof(story: Story) -> None:
    story.to(Step.SUPERVISE)
    task = Task.objects.get(conclusion__topic=story.topic)
    with pytest.raises(IntegrityError, match="evidence"), transaction.atomic():
        task.revise(task.version, state="done", done_on=story.day)


def test_the_database_archives_no_agreement_whose_tasks_have_not_ended(story: Story) -> None:
    story.to(Step.SUPERVISE)
    with pytest.raises(IntegrityError, match="every task ended"), transaction.atomic():
        story.topic.revise(story.topic.version, state="archived", archived_on=story.day, archive="x.pdf")


def solve(story: Story, task: Task) -> Problem:
    """The spine's own way: signed, done with a photo, verified by another, accepted."""
    checker = Person.objects.get(username="check-1")
    problem = Problem.objects.get(pk=task.problem_id)
    other = Person.objects.get(username="work-360113004")
    with story.now():
        spine.sign(by=other, problem=problem, version=problem.version)
        spine.state_measures(by=other, problem=problem, version=problem.version, measures="安装")
        spine.ask_to_close(
            by=other, problem=problem, version=problem.version, photos=[photo()],
            outcome=spine.Outcome("雨棚已更换"),
        )  # fmt: skip
        spine.verify(by=checker, problem=problem, version=problem.version)
        spine.answer(by=None, following=problem.followings.get(), verdict="confirmed")
    problem.refresh_from_db()
    return problem


def test_a_task_is_done_when_the_spine_proves_it_and_open_again_when_reopened(
    story: Story, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    story.to(Step.SUPERVISE)
    task = Task.objects.get(conclusion__topic=story.topic)
    problem = task.problem
    assert problem is not None and problem.number > story.topic.number
    assert problem.due_at.astimezone().date() == date(2025, 6, 30)
    assert "1 张任务单还在办理" in refused(Refusal.LACKING, lambda: story.move(actions.advance)).message
    story.do(actions.inspect, task=task, supervisor="委员", finding="在装")
    solved = solve(story, task)
    task.refresh_from_db()
    assert (task.state, task.done_on) == ("done", story.day)
    with story.now():
        spine.reopen(by=None, problem=solved, version=solved.version, reason="又漏了")
    task.refresh_from_db()
    assert (task.state, task.done_on) == ("handed", None)


def test_to_the_archive(story: Story, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    story.to(Step.SUPERVISE)
    task = Task.objects.get(conclusion__topic=story.topic)
    story.do(actions.inspect, task=task, supervisor="委员", finding="在装")
    solve(story, task)
    story.move(actions.advance)
    seats = list(story.topic.participants.all())
    own = story.topic.participants.get(person=story.resident)
    story.of_topic(actions.evaluate, by=story.resident, participant=own, satisfaction="satisfied")
    with pytest.raises(NotAllowed):
        story.of_topic(actions.evaluate, by=story.resident, participant=seats[0], satisfaction="satisfied")
    assert "至少要 4 人" in refused(Refusal.LACKING, lambda: story.move(actions.advance)).message
    for seat in seats[:3]:
        story.of_topic(actions.evaluate, participant=seat, satisfaction="basically")
    story.move(actions.advance)
    story.move(actions.archive, document=b"%PDF-1.7 whole")
    assert story.topic.state == "archived" and story.topic.archive.read() == b"%PDF-1.7 whole"
    refused(
        Refusal.CLOSED,
        lambda: story.do(actions.revise, record=story.topic, version=story.topic.version, name="x"),
    )


def test_without_agreement_there_is_nothing_to_do_but_the_public_knows(story: Story) -> None:
    story.to(Step.CONCLUDE)
    one = story.topic.participants.all()[0]
    story.vote(against=5)
    story.do(
        actions.speak, meeting=story.meeting, participant=one, kind="opinion", text="不同意", minority=True
    )
    made = conclude(story)
    assert (made.agreement, made.option) == ("none", None)
    story.post()
    assert story.topic.step == "archive"
    with story.now():
        assert queries.postings().filter(conclusion=made).exists()
    story.move(actions.archive, document=b"%PDF-1.7 none")
    assert story.topic.state == "archived"


def test_a_problem_is_the_task_of_one_consultation_only(story: Story) -> None:
    story.to(Step.ASSIGN)
    task = story.do(actions.set_task, conclusion=queries.conclusion(story.topic), **story.whole_task())
    taken = Task.objects.exclude(problem=None)[0].problem
    refused(
        Refusal.NOT_RELATED,
        lambda: story.do(
            actions.adopt_problem, by=story.officer, task=task, version=task.version, problem=taken
        ),
    )


def test_proposals_of_one_kind_and_place_suggest_a_topic_until_they_belong_to_one(story: Story) -> None:
    [group] = queries.suggestions(story.worker)
    assert (group["kind"], group["n"]) == ("environment", 4)
    topic = Story(kind="environment", estate_id=group["estate"])
    found = list(queries.similar(topic.topic, story.worker))
    assert len(found) == 4
    topic.of_topic(actions.merge_proposals, proposals=found)
    assert queries.suggestions(story.worker) == []


def test_each_measure_has_both_its_numbers(story: Story) -> None:
    before = queries.measures(None)
    story.to(Step.ASSIGN)
    after = queries.measures(None)
    assert after["adopted"] == (before["adopted"][0] + 1, before["adopted"][1] + 1)
    assert after["consensus"] == (before["consensus"][0] + 1, before["consensus"][1] + 1)
    assert after["carried_out"] == before["carried_out"] == (3, 3)


def test_the_calculation_needs_nobody_to_be_named() -> None:
    """The register keeps a number, so no list of names can leak from it."""
    from hongtu.domains.consultation.models import Household

    names = {field.name for field in Household._meta.get_fields()}
    assert "owner" in names and not names & {"name", "owner_name", "phone"}
