"""Risk of chains: stored figures, the pages that show them, what a dragged bar would do, versions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.actions.risk import store_risks
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries import risk as reads
from hongtu.kernel.chains.models import Chain, ChainRisk, Step
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import RuleSet, today

Cast = Callable[[str], Person]
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def centre(person: Cast) -> Person:
    return person("zhongxin")


@pytest.fixture
def browser(centre: Person, settings: Any) -> Client:
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]
    made = Client()
    made.force_login(centre, backend="django.contrib.auth.backends.ModelBackend")
    return made


@pytest.fixture
def chain(district: None) -> Chain:
    """A chain with at least two steps that have not begun."""
    for found in Chain.objects.filter(subject_label=queries.SUBJECT).order_by("pk"):
        if waiting(found).count() >= 2:
            return found
    pytest.fail("the demonstration has no chain with two steps ahead")


def waiting(chain: Chain) -> Any:
    return chain.steps.filter(actual_start=None).order_by("sequence")


class TestStoredRisks:
    def test_every_chain_of_the_demonstration_has_one(self) -> None:
        found = ChainRisk.objects.all()
        assert found.count() == Chain.objects.filter(subject_label=queries.SUBJECT).count() == 120
        for risk in found:
            assert 0 <= risk.chance <= 1
            assert risk.p50 <= risk.p80 <= risk.p95
            assert risk.computed_on == today()

    def test_the_chance_agrees_with_the_dates(self) -> None:
        for risk in ChainRisk.objects.all():
            assert (risk.chance >= 0.8) == (risk.p80 <= risk.promised)

    def test_moving_a_step_changes_the_risk_of_its_chain_alone(self, chain: Chain, centre: Person) -> None:
        before = dict(ChainRisk.objects.values_list("chain", "p80"))
        step = waiting(chain).first()
        changes = actions.dragged(
            step, step.planned_start + timedelta(60), step.planned_finish + timedelta(60)
        )
        actions.revise_step(by=centre, step=step, version=step.version, changes=changes, reason="设计变更")
        after = dict(ChainRisk.objects.values_list("chain", "p80"))
        assert after[chain.pk] > before[chain.pk]
        assert {k for k in after if after[k] != before[k]} == {chain.pk}

    def test_queries_do_not_grow_with_the_number_of_chains(self) -> None:
        chains = list(Chain.objects.filter(subject_label=queries.SUBJECT).order_by("pk"))
        store_risks(chains=chains[:1], data_date=today())  # reads the calendar, which is then remembered
        counts = []
        for number in (20, 120):  # both with the one chain that has a risk register
            with CaptureQueriesContext(connection) as asked:
                store_risks(chains=chains[:number], data_date=today())
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_a_later_promise_is_safer(self, chain: Chain, centre: Person) -> None:
        before = ChainRisk.objects.get(chain=chain).chance
        actions.move_promise(
            by=centre,
            chain=chain,
            version=chain.version,
            promised=chain.promised + timedelta(200),
            reason="批准延期",
        )
        assert ChainRisk.objects.get(chain=chain).chance >= before
        assert ChainRisk.objects.get(chain=chain).chance > 0.95

    def test_finished_steps_teach_the_durations_of_those_to_come(self, chain: Chain) -> None:
        from hongtu.kernel.chains import risk

        rules = reads.risk_rules(today())
        learned = risk.histories(rules)
        assert "statutory" not in learned
        step = waiting(chain).exclude(whose="statutory").first()
        done = Step.objects.filter(whose=step.whose, name=step.name, unit=step.unit).exclude(
            actual_finish=None
        )
        found = learned[step.whose].learned(step.name, str(step.unit_id))
        assert found.own == done.count()


class TestPages:
    def test_the_risk_page_says_what_a_firm_step_would_win(self, browser: Client, chain: Chain) -> None:
        url = reverse("projects:risk", args=[chain.subject_key])
        plain = browser.get(url)
        assert plain.status_code == 200
        assert plain.context["measure"] is None
        assert len(plain.context["curve"].table.rows) > 3
        step = waiting(chain).last()
        firm = browser.get(url, {"firm": step.pk})
        assert firm.context["measure"]["step"] == step
        assert step.name in firm.content.decode()

    def test_the_wall_lists_the_most_endangered_first(self, browser: Client) -> None:
        page = browser.get("/")
        shown = [row.cells[1].text for row in page.context["wall"].risks.rows]
        chances = [float(str(text).rstrip("%")) for text in shown]
        assert chances == sorted(chances)
        assert len(chances) == 8

    def test_why_leads_from_a_step_back_to_what_fixes_it(self, browser: Client, chain: Chain) -> None:
        step = chain.steps.order_by("sequence").last()
        page = browser.get(reverse("projects:why", args=[step.pk]))
        names = [str(row.cells[0]) for row in page.context["table"].rows]
        assert names[0].endswith(step.name)
        assert names[-1].endswith(page.context["root"].name)
        assert page.context["root_reason"]

    def test_approvals_are_planned_back_from_the_permit(self, browser: Client, chain: Chain) -> None:
        url = reverse("projects:approvals", args=[chain.subject_key])
        late = browser.get(url, {"type": "government_building", "permit": "2027-12-31"})
        assert late.context["feasible"]
        soon = browser.get(url, {"type": "government_building", "permit": str(today() + timedelta(60))})
        assert not soon.context["feasible"]
        assert soon.context["shortfall"] > 100
        assert len(soon.context["table"].rows) == len(late.context["table"].rows) > 20

    def test_without_a_list_of_matters_the_page_says_so(self, browser: Client, chain: Chain) -> None:
        RuleSet.objects.filter(key="projects.approvals").delete()
        page = browser.get(reverse("projects:approvals", args=[chain.subject_key]))
        assert page.status_code == 200
        assert "projects.approvals" in page.content.decode()

    def test_a_stranger_sees_none_of_it(self, person: Cast, chain: Chain, settings: Any) -> None:
        settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]
        owner, made = person("yezhu"), Client()
        hidden = Project.objects.exclude(pk__in=queries.projects(owner).values("pk")).filter(key_project=True)
        made.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
        for name in ("risk", "versions", "approvals"):
            assert made.get(reverse(f"projects:{name}", args=[hidden[0].pk])).status_code == 404


class TestPreview:
    def send(self, browser: Client, chain: Chain, step: Step, start: date, finish: date) -> Any:
        url = reverse("projects:preview", args=[chain.subject_key])
        return browser.post(url, {"step": step.pk, "start": start, "finish": finish, "cause": "plan"})

    def test_it_shows_every_effect_and_saves_nothing(self, browser: Client, chain: Chain) -> None:
        step = waiting(chain).first()
        stored = list(chain.steps.order_by("pk").values())
        page = self.send(
            browser, chain, step, step.planned_start + timedelta(90), step.planned_finish + timedelta(90)
        )
        assert page.status_code == 200
        later = [str(row.cells[0]) for row in page.context["table"].rows]
        assert any(name.endswith(step.name) for name in later)
        assert len(later) == waiting(chain).count()
        assert page.context["broken"]
        assert list(chain.steps.order_by("pk").values()) == stored

    def test_saving_then_gives_the_dates_it_showed(
        self, browser: Client, chain: Chain, centre: Person
    ) -> None:
        step = waiting(chain).first()
        start, finish = step.planned_start + timedelta(30), step.planned_finish + timedelta(35)
        shown = self.send(browser, chain, step, start, finish).context["facts"]
        changes = actions.dragged(step, start, finish)
        actions.revise_step(by=centre, step=step, version=step.version, changes=changes, reason="设计变更")
        assert shown[0][2] == str(max(s.forecast_finish for s in chain.steps.all()))
        step.refresh_from_db()
        assert shown[3][2] == str(step.total_float)

    def test_dates_in_the_wrong_order_are_told(self, browser: Client, chain: Chain) -> None:
        step = waiting(chain).first()
        page = self.send(browser, chain, step, step.planned_finish + timedelta(5), step.planned_finish)
        assert page.context["fault"]


class TestVersions:
    def slip(self, chain: Chain, centre: Person, cause: str) -> None:
        step = waiting(chain).first()
        changes = actions.dragged(
            step, step.planned_start + timedelta(42), step.planned_finish + timedelta(42)
        )
        actions.revise_step(
            by=centre, step=step, version=step.version, changes=changes, reason="连续暴雨", cause=cause
        )

    def test_without_a_change_nothing_moved(self, browser: Client, chain: Chain) -> None:
        page = browser.get(reverse("projects:versions", args=[chain.subject_key]))
        assert page.status_code == 200
        assert page.context["table"].rows == []

    @pytest.mark.parametrize(("cause", "assessed"), [("weather", True), ("excused", False)])
    def test_a_slip_is_put_down_to_its_recorded_cause(
        self, browser: Client, chain: Chain, centre: Person, cause: str, assessed: bool
    ) -> None:
        before = reads.known_moments(chain)[0][0]
        self.slip(chain, centre, cause)
        moments = reads.known_moments(chain)
        assert any(words == "连续暴雨" for _at, words in moments)
        comparison = reads.compared(chain, before, moments[-1][0])
        assert len(comparison.slips) >= 1
        for slip in comparison.slips:
            assert slip.days > 0
            assert slip.days == pytest.approx(sum(share.days for share in slip.shares))
            assert (slip.assessed_days > 0) == assessed
            assert {share.note for share in slip.shares} == {"连续暴雨"}
        page = browser.get(reverse("projects:versions", args=[chain.subject_key]))
        assert "连续暴雨" in page.content.decode()


def test_problems_are_ranked_by_what_they_cost_not_by_age(chain: Chain) -> None:
    from hongtu.engines.schedule.consequence import Block
    from hongtu.kernel.chains.consequence import consequences

    first, second = waiting(chain)[:2]
    done = Step.objects.exclude(actual_finish=None).first()
    until = {first: first.forecast_start + timedelta(1), second: second.forecast_start + timedelta(120)}
    blocks = [Block(f"blocks {s.sequence}", str(s.pk), day) for s, day in until.items()]
    blocks.append(Block("over", str(done.pk), today() + timedelta(400)))
    with CaptureQueriesContext(connection) as asked:
        found = consequences(blocks, today(), reads.risk_rules(today()))
    assert [c.block.activity for c in found] == [str(second.pk), str(first.pk)]
    assert found[0].days > 20
    assert found[0].chance_lost >= found[1].chance_lost >= 0
    assert found[0].own.promise == str(chain.pk)
    assert len(asked) < 15


class TestReasons:
    def test_a_step_that_an_office_decides_leads_to_its_law(self, browser: Client) -> None:
        step = Step.objects.filter(name__contains="消防验收", actual_finish=None).first()
        page = browser.get(reverse("projects:why", args=[step.pk]))
        assert "住建部令51号" in str(page.context["table"].rows[0].cells[-1])

    def test_the_law_follows_the_matters_a_step_names_not_its_name(self, browser: Client) -> None:
        step = Step.objects.filter(name__contains="消防验收", actual_finish=None).first()
        form = browser.get(reverse("projects:step", args=[step.pk])).context["form"]
        given = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
        given |= {"version": step.version, "unit": step.unit_id, "name": "内部会签", "person": ""}

        refused = browser.post(reverse("projects:step", args=[step.pk]), given | {"matters": "P48，P999"})
        assert "P999" in str(refused.context["form"].errors["matters"])

        saved = browser.post(reverse("projects:step", args=[step.pk]), given | {"matters": "p48"})
        assert saved.status_code == 302
        page = browser.get(reverse("projects:why", args=[step.pk]))
        law = str(page.context["table"].rows[0].cells[-1])
        assert "P48" in law and "《" in law and "住建部令51号" not in law

    def test_a_bar_leads_to_its_reasons(self, browser: Client, chain: Chain) -> None:
        page = browser.get(reverse("projects:chain", args=[chain.subject_key])).content.decode()
        for step in chain.steps.all():
            assert f'data-url="{reverse("projects:why", args=[step.pk])}"' in page

    def test_the_baseline_stands_behind_the_bars_that_moved(
        self, browser: Client, chain: Chain, centre: Person
    ) -> None:
        url = reverse("projects:chain", args=[chain.subject_key])
        assert not browser.get(url).context["chart"].ghost_words
        later = chain.promised + timedelta(30)
        actions.move_promise(by=centre, chain=chain, version=chain.version, promised=later, reason="延期")
        step = waiting(chain).first()
        was, by = (step.planned_start, step.planned_finish), timedelta(20)
        changes = actions.dragged(step, was[0] + by, was[1] + by)
        actions.revise_step(by=centre, step=step, version=step.version, changes=changes, reason="设计变更")
        chart = browser.get(url).context["chart"]
        assert chart.ghost_words
        assert next(row.steps[0] for row in chart.chains if row.key == str(step.pk)).ghost == was


@pytest.mark.parametrize(
    ("kind", "permit"),
    [
        ("government_building", "P48"), ("road", "P48"), ("commercial_building", "P48"),
        ("industry", "P48"), ("renovation", "P48"), ("water_farmland", "P55"),
    ],
)  # fmt: skip
def test_approvals_agree_with_what_was_published(
    browser: Client, chain: Chain, kind: str, permit: str
) -> None:
    url = reverse("projects:approvals", args=[chain.subject_key])
    page = browser.get(url, {"type": kind, "permit": "2027-12-31"})
    check = page.context["check"]
    assert len(check.rows) == 5
    for row in check.rows:
        assert str(row.cells[1]) == str(row.cells[2]), row.cells[0]
    assert str(check.rows[3].cells[1]).endswith(permit)
    assert str(check.rows[3].cells[4]).endswith(permit)
    nominal, real = (int(str(check.rows[2].cells[n])) for n in (2, 4))
    assert abs(real - nominal) < 0.25 * nominal
    assert page.context["shares"].table.rows


def test_all_six_causes_are_told_apart(browser: Client, centre: Person) -> None:
    causes = ["owner", "office", "neighbour", "design", "weather", "excused"]
    chains = Chain.objects.filter(subject_label=queries.SUBJECT).order_by("pk")
    chain = next(found for found in chains if waiting(found).count() >= 6)
    before = reads.known_moments(chain)[0][0]
    for number, (step, cause) in enumerate(zip(list(waiting(chain)), causes, strict=False), 1):
        step.refresh_from_db()
        by = timedelta(21 * number)
        changes = actions.dragged(step, step.planned_start + by, step.planned_finish + by)
        actions.revise_step(
            by=centre, step=step, version=step.version, changes=changes, reason="示例", cause=cause
        )
    worst = reads.compared(chain, before, reads.known_moments(chain)[-1][0]).slips[0]
    assert {share.cause.value for share in worst.shares if not share.accepted} == {
        "owner", "approving-office", "neighbour", "design-change", "weather",
    }  # fmt: skip
    assert sum(share.accepted for share in worst.shares) == 1
    assert worst.days == pytest.approx(sum(share.days for share in worst.shares))
    page = browser.get(reverse("projects:versions", args=[chain.subject_key]))
    rows = page.context["causes"].rows
    shown = [str(row.cells[0]) for row in rows[:6]]
    assert shown == ["项目单位", "审批部门", "相邻工程", "设计变更", "天气", "经批准的客观原因"]
    assert all(str(row.cells[1]).startswith("+") for row in rows[:6])
    assert [str(row.cells[2]) == "0" for row in rows[:6]] == [False] * 5 + [True]
