"""What may be done to a problem now, by whom, with which form and which action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.domains.problems import forms as own
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions, rules
from hongtu.kernel.problems.actions import Counted, Outcome, Part
from hongtu.kernel.problems.actions.core import case_of
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.queries import problems
from hongtu.kernel.problems.vocab import Move, Subject

Run = Callable[[Person, Problem, int, dict[str, Any]], Any]


def _do(action: Callable[..., Any]) -> Run:
    return lambda by, problem, version, values: action(by=by, problem=problem, version=version, **values)


def _close(by: Person, problem: Problem, version: int, values: dict[str, Any]) -> Any:
    counted: tuple[Counted, ...] = ()
    if values["measure"]:
        label, unit = own.named(values["measure"], values["label"], values["unit"])
        counted = (Counted(values["measure"], label, values["amount"], unit),)
    return actions.ask_to_close(
        by=by,
        problem=problem,
        version=version,
        outcome=Outcome(values["summary"], counted, values["cost"], values["funding"]),
        proposal=values["proposal"],
        photos=values["photos"],
    )


def _ask(subject: Subject) -> Run:
    def run(by: Person, problem: Problem, version: int, values: dict[str, Any]) -> Any:
        until = own.close_of(values["until"]) if "until" in values else None
        return actions.ask(by=by, problem=problem, subject=subject, reason=values["reason"], until=until)

    return run


def _merge(by: Person, problem: Problem, version: int, values: dict[str, Any]) -> Any:
    into = problems(by, "triage").filter(number=values["into"].strip()).first()
    if into is None:
        text = _("没有这个编号，或您无权处理它。")
        raise InvalidInput(text, fields={"into": [text]})
    return actions.merge(by=by, problem=problem, version=version, into=into, reason=values["reason"])


def _split(by: Person, problem: Problem, version: int, values: dict[str, Any]) -> Any:
    parts = [Part(line.strip()) for line in values["parts"].splitlines() if line.strip()]
    return actions.split(by=by, problem=problem, version=version, parts=parts, reason=values["reason"])


@dataclass(frozen=True)
class Step:
    """A step of the page: `move` decides when it is offered, `right` to whom, `main` draws it as the next
    step."""

    slug: str
    move: Move
    right: str
    form: type[own.MoveForm]
    run: Run
    main: bool = False
    label: Any = ""
    danger: bool = False


STEPS = {
    step.slug: step
    for step in (
        Step("triage", Move.TRIAGE, "triage", own.TriageForm, _do(actions.triage), main=True),
        Step("assign", Move.ASSIGN, "triage", own.AssignForm, _do(actions.assign), main=True),
        Step("sign", Move.SIGN, "change", own.SignForm, _do(actions.sign), main=True),
        Step("measures", Move.MEASURES, "change", own.MeasuresForm, _do(actions.state_measures), main=True),
        Step("close", Move.ASK_TO_CLOSE, "change", own.CloseForm, _close, main=True),
        Step("verify", Move.VERIFY, "triage", own.TextForm, _do(actions.verify), main=True),
        Step("resume", Move.RESUME, "change", own.TextForm, _do(actions.resume), main=True),
        Step("contact", Move.CONTACT, "change", own.ContactForm, _do(actions.contact)),
        Step("transfer", Move.TRANSFER, "change", own.TransferForm, _do(actions.transfer)),
        Step("return", Move.RETURN, "change", own.ReasonForm, _do(actions.give_back)),
        Step(
            "extend", Move.EXTEND, "change", own.AskForm, _ask(Subject.EXTENSION),
            label=gettext_lazy("申请延期"),
        ),
        Step(
            "suspend", Move.SUSPEND, "change", own.AskForm, _ask(Subject.SUSPENSION),
            label=gettext_lazy("申请挂起"),
        ),
        Step(
            "unreasonable", Move.EXCLUDE, "change", own.ReasonForm, _ask(Subject.UNREASONABLE),
            label=gettext_lazy("申请认定不合理"),
        ),
        Step("reject", Move.REJECT, "triage", own.ReasonForm, _do(actions.reject), danger=True),
        Step("merge", Move.MERGE, "triage", own.MergeForm, _merge),
        Step("detach", Move.DETACH, "triage", own.ReasonForm, _do(actions.detach)),
        Step("split", Move.SPLIT, "triage", own.SplitForm, _split),
        Step("decline", Move.DECLINE, "triage", own.ReasonForm, _do(actions.decline), danger=True),
        Step("reopen", Move.REOPEN, "triage", own.ReasonForm, _do(actions.reopen)),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A button of the page."""

    label: str
    url: str
    kind: str
    main: bool


def offers(problem: Problem, person: Person, *, may_change: bool, may_triage: bool) -> list[Offer]:
    """The buttons this person gets, the next step first."""
    case = case_of(problem)
    found: list[Offer] = []
    for step in STEPS.values():
        if not {"change": may_change, "triage": may_triage}[step.right]:
            continue
        if rules.check(step.move, case) is not None:
            continue
        if step.move in (Move.VERIFY, Move.REJECT) and rules.may_verify(case, person.pk) is not None:
            continue
        url = reverse("problems:move", args=[problem.pk, step.slug])
        main = step.main and rules.target(step.move, case) is not case.state  # leads on, not round
        kind = "primary" if main and not any(o.main for o in found) else "danger" if step.danger else ""
        found.append(Offer(str(step.label) or _(step.move.label), url, kind, main))
    return found
