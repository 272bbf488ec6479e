"""The spine as hypothesis plays it: anybody tries anything at any time; all is checked after each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions, measures
from hongtu.kernel.problems.actions import Contact, Outcome, Part
from hongtu.kernel.problems.evidence import Photo
from hongtu.kernel.problems.models import Decision, Evidence, Following, Problem, Reporter
from hongtu.kernel.problems.terms import now, replaying
from hongtu.kernel.problems.vocab import OPEN, State

PLAIN: dict[str, dict[str, Any]] = {
    "decline": {"reason": "不属本区"},
    "sign": {},
    "give_back": {"reason": "不归我们"},
    "state_measures": {"measures": "去修"},
    "contact": {"text": "打了电话"},
    "verify": {},
    "reject": {"reason": "看不清"},
    "resume": {},
    "reopen": {"reason": "又坏了"},
    "detach": {"reason": "不是一件事"},
}
# Moves after which a report may count better than before, or leave the count of what fell due; each needs the
# reporter's word, the time to give it, or puts a report back to work.
MAY_RAISE = {"answer", "sweep", "reopen", "detach"}
PHOTO = Photo(b"\xff\xd8\xff", 1, 1)
WHO = st.integers(0, 5)
WHICH = st.integers(0, 40)


class Spine(RuleBasedStateMachine):
    """`cast` and `house` are set on the class by whoever runs it."""

    cast: list[Person]
    house: dict[str, Unit]
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = now()
        self.reported: dict[int, Any] = {}
        self.leads: dict[int, int] = {}
        self.before: dict[str, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # -- what anybody may try -----------------------------------------------------------------------

    def attempt(self, name: str, run: Callable[[], Any]) -> Any:
        """Run it at the machine's moment. A refusal is a fine answer; anything else is a fault."""
        type(self).steps += 1
        self.before, self.move = self._counts(), name
        self.clock += timedelta(minutes=7)
        with replaying(self.clock):
            try:
                with transaction.atomic():
                    return run()
            except HongtuError:
                return None

    def one(self, which: int) -> Problem:
        rows = list(Problem.objects.order_by("id"))
        return rows[which % len(rows)]

    @initialize()
    def first(self) -> None:
        self.report(True)

    @precondition(lambda self: Problem.objects.count() < 14)
    @rule(public=st.booleans())
    def report(self, public: bool) -> None:
        made = self.attempt(
            "report",
            lambda: actions.report(
                by=None,
                source="web",
                title="问题",
                subdistrict=self.house["street"],
                contact=Contact("居民"),
                confidentiality=0 if public else 1,
            ),
        )
        if made is not None:
            self.reported[made.problem.pk] = made.problem.first_due_at

    @rule(which=WHICH)
    def join(self, which: int) -> None:
        problem = self.one(which)
        if problem.state in OPEN:
            self.attempt("join", lambda: actions.join_report(by=None, problem=problem))

    @rule(which=WHICH, who=WHO, name=st.sampled_from(sorted(PLAIN)))
    def plain(self, which: int, who: int, name: str) -> None:
        problem = self.one(which)
        act = getattr(actions, name)
        self.attempt(
            name, lambda: act(by=self.cast[who], problem=problem, version=problem.version, **PLAIN[name])
        )

    @rule(which=WHICH, who=WHO, urgency=st.sampled_from(["", "urgent", "general", "complex"]))
    def triage(self, which: int, who: int, urgency: str) -> None:
        """In time the desk decides the class and with it the first deadline; late, nobody moves it out."""
        problem = self.one(which)
        in_time = min(problem.clock_due_at or self.clock, problem.first_due_at)
        done = self.attempt(
            "triage",
            lambda: actions.triage(
                by=self.cast[who], problem=problem, version=problem.version, urgency=urgency
            ),
        )
        if done is not None and problem.pk in self.reported:
            assert self.clock <= in_time or done.first_due_at <= self.reported[problem.pk]
            self.reported[problem.pk] = done.first_due_at

    @rule(which=WHICH, who=WHO, unit=st.sampled_from(["housing", "city", "street"]), on=st.booleans())
    def give(self, which: int, who: int, unit: str, on: bool) -> None:
        problem = self.one(which)
        given = {
            "by": self.cast[who],
            "problem": problem,
            "version": problem.version,
            "unit": self.house[unit],
        }
        if on:
            self.attempt("transfer", lambda: actions.transfer(**given, reason="该他们"))
        else:
            self.attempt("assign", lambda: actions.assign(**given))

    @rule(which=WHICH, who=WHO, proof=st.booleans(), solved=st.booleans())
    def close(self, which: int, who: int, proof: bool, solved: bool) -> None:
        problem = self.one(which)
        self.attempt(
            "ask_to_close",
            lambda: actions.ask_to_close(
                by=self.cast[who],
                problem=problem,
                version=problem.version,
                outcome=Outcome("修好了"),
                proposal="solved" if solved else "explained",
                photos=[PHOTO] if proof else [],
            ),
        )

    @rule(which=WHICH, who=WHO)
    def hurry(self, which: int, who: int) -> None:
        """Everything that is open at once, in order: so that the far states are reached often."""
        self.triage(which, 3, "")
        self.give(which, 3, "housing", False)
        for name in ("sign", "state_measures"):
            self.plain(which, 4, name)
        self.close(which, 4, True, True)
        self.plain(which, who, "verify")

    @rule(
        which=WHICH,
        who=st.integers(-1, 5),
        accept=st.booleans(),
        grade=st.sampled_from(["satisfied", "dissatisfied"]),
    )
    def answer(self, which: int, who: int, accept: bool, grade: str) -> None:
        followings = list(Following.objects.filter(active=True).order_by("id"))
        following = followings[which % len(followings)]
        self.attempt(
            "answer",
            lambda: actions.answer(
                by=self.cast[who] if who >= 0 else None,
                following=following,
                verdict="confirmed" if accept else "disputed",
                satisfaction=grade,
                comment="" if accept else "没好",
            ),
        )

    @rule(
        which=WHICH,
        who=WHO,
        subject=st.sampled_from(["extension", "suspension", "unreasonable"]),
        days=st.integers(-3, 70),
    )
    def ask(self, which: int, who: int, subject: str, days: int) -> None:
        problem = self.one(which)
        until = self.clock + timedelta(days=days) if subject != "unreasonable" else None
        self.attempt(
            "ask",
            lambda: actions.ask(
                by=self.cast[who], problem=problem, subject=subject, reason="因为", until=until
            ),
        )

    @precondition(lambda self: Decision.objects.exists())
    @rule(which=WHICH, who=WHO, grant=st.booleans())
    def decide(self, which: int, who: int, grant: bool) -> None:
        rows = list(Decision.objects.order_by("id"))
        decision = rows[which % len(rows)]
        self.attempt(
            "decide",
            lambda: actions.decide(
                by=self.cast[who], decision=decision, version=decision.version, grant=grant, answer="意见"
            ),
        )

    @rule(which=WHICH, other=WHICH, who=WHO)
    def merge(self, which: int, other: int, who: int) -> None:
        problem, into = self.one(which), self.one(other)
        self.attempt(
            "merge",
            lambda: actions.merge(
                by=self.cast[who], problem=problem, version=problem.version, into=into, reason="一样"
            ),
        )

    @precondition(lambda self: Problem.objects.count() < 20)
    @rule(which=WHICH, who=WHO)
    def split(self, which: int, who: int) -> None:
        problem = self.one(which)
        self.attempt(
            "split",
            lambda: actions.split(
                by=self.cast[who], problem=problem, version=problem.version, parts=[Part("一"), Part("二")]
            ),
        )

    @rule(days=st.integers(0, 12))
    def wait(self, days: int) -> None:
        self.clock += timedelta(days=days)
        self.attempt("sweep", lambda: actions.sweep(by=None))

    # -- what must hold -----------------------------------------------------------------------------

    def _counts(self) -> dict[str, int]:
        return measures.counts(Problem.objects.all(), self.clock)

    @invariant()
    def every_open_problem_has_one_owner_and_one_clock(self) -> None:
        for p in Problem.objects.all():
            if p.state in OPEN:
                assert p.owner_unit_id and p.clock and p.clock_due_at, p.state
            else:
                assert not p.owner_unit_id and not p.clock and not p.clock_due_at, p.state

    @invariant()
    def no_reporter_is_lost(self) -> None:
        live = Following.objects.filter(active=True)
        assert not Reporter.objects.exclude(followings__active=True).exists()
        assert not live.filter(problem__state__in=[State.MERGED, State.SPLIT]).exists()

    @invariant()
    def solved_means_verified_by_another_and_not_disputed(self) -> None:
        for p in Problem.objects.filter(state=State.SOLVED):
            assert p.verified_at
            proof = Evidence.objects.filter(problem=p, phase="after")
            assert proof.exists()
            assert not proof.filter(verified_by=None).exists()
            assert not proof.filter(verified_by__in=p.doers).exists()
            assert not p.followings.filter(active=True, verdict="disputed").exists()
            assert p.result.state == "standing"
        assert not Problem.objects.exclude(state=State.SOLVED).filter(result__state="standing").exists()

    @invariant()
    def reports_are_counted_as_they_were_made(self) -> None:
        kept = dict(Problem.objects.filter(origin=True).values_list("pk", "first_due_at"))
        assert kept == self.reported

    @invariant()
    def the_first_office_answers_for_it_to_the_end(self) -> None:
        leads = dict(Problem.objects.filter(lead_unit__isnull=False).values_list("pk", "lead_unit"))
        assert self.leads.items() <= leads.items()
        self.leads = leads

    @invariant()
    def numbers_have_no_gap(self) -> None:
        years: dict[str, list[int]] = {}
        for number in Problem.objects.values_list("number", flat=True):
            year, _dash, ordinal = number.partition("-")
            years.setdefault(year, []).append(int(ordinal))
        for ordinals in years.values():
            assert sorted(ordinals) == list(range(1, len(ordinals) + 1))

    @invariant()
    def no_office_move_raises_a_rate(self) -> None:
        if not self.before or self.move in MAY_RAISE:
            return
        after, before = self._counts(), self.before
        assert after["solved"] <= before["solved"], self.move
        assert after["in_time"] <= before["in_time"], self.move
        assert after["solved_whole"] >= before["solved_whole"], self.move
        assert after["response_whole"] >= before["response_whole"], self.move
        if self.move != "decide":
            assert after["excluded"] <= before["excluded"], self.move
        if self.move != "contact":
            assert after["response"] <= before["response"], self.move
