"""What changes a score by decision: excuses, adjustments, falsified data, objections. One page layout for
all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.assessment import actions
from hongtu.domains.assessment.forms import (
    AdjustmentForm,
    ExcuseForm,
    FalsificationForm,
    ReasonForm,
)
from hongtu.domains.assessment.models import Adjustment, Excuse, Falsification, Objection
from hongtu.domains.assessment.views.common import crumbs, signed
from hongtu.domains.assessment.vocab import Charge, Decision, ObjectionState
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, get, objects, require
from hongtu.kernel.indicators.registry import Indicator, find
from hongtu.kernel.people.models import Unit
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Crumb

Facts = Sequence[tuple[str, Any]]


def _who(person: Any, at: Any) -> str:
    when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
    return " · ".join(str(part) for part in (person, when) if part) or "—"


def _case(request: PersonRequest, record: Any, facts: Facts, status: int = 200, **more: Any) -> HttpResponse:
    """The page: facts, then what may be decided. more: form, decide_url, approve, refuse (button words),
    ..."""
    context = {
        "record": record,
        "facts": [(label, value) for label, value in facts if value not in ("", None)],
        "state": record.get_state_display(),
        "kind": record._meta.verbose_name,
        "form": ReasonForm(initial={"version": record.version}),
        "breadcrumbs": crumbs(Crumb(str(record))),
        **more,
    }
    return render(request, "assessment/case.html", context, status=status)


def _decided(
    request: PersonRequest, record: Any, page: Callable[..., HttpResponse], run: Callable[..., Any], text: str
) -> HttpResponse:
    """Take a decision out of the two buttons of the page; 403 for who decides nothing."""
    require(request.user, "assessment.approve")
    form = ReasonForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: run(given["version"], "refuse" not in request.POST, given["answer"]))
        if made:
            return done(request, text, request.path)
    return page(status=422, form=form)


def _new(request: PersonRequest, form: Any, title: str, note: str, run: Callable[[], Any]) -> HttpResponse:
    """A form that begins a case; its page when it is done."""
    if request.method == "POST" and form.is_valid():
        made = attempt(form, run)
        if made:
            name = type(made).__name__.lower()
            return done(request, _("已提出，待另一人审批"), reverse(f"assessment:{name}", args=[made.pk]))
    context = {"form": form, "title": title, "note": note, "breadcrumbs": crumbs(Crumb(title))}
    return render(
        request, "assessment/case_new.html", context, status=422 if request.method == "POST" else 200
    )


def _may(request: PersonRequest, *hands: int | None) -> bool:
    return can(request.user, "assessment.approve") and request.user.pk not in hands


# -- excuses --------------------------------------------------------------------------------------


def _record(request: PersonRequest) -> tuple[Indicator, Any, Unit]:
    """The record an excuse is asked for; Http404 when it is out of her reach."""
    given = {**request.GET.dict(), **request.POST.dict()}
    indicator = find(given.get("indicator", ""))
    keys = [given.get(name, "") for name in ("record", "unit")]
    if indicator is None or not all(k.isascii() and k.isdigit() and len(k) < 16 for k in keys):
        raise Http404(_("请从得分明细里选择要免责的记录。"))
    key = int(keys[0])
    seen = key in indicator.readable(request.user, [key])
    record = indicator.model._default_manager.filter(pk=key).first() if seen else None
    unit = Unit.objects.filter(pk=int(keys[1])).first()
    if record is None or unit is None:
        raise Http404(_("没有这条记录，或您无权查看。"))
    return indicator, record, unit


@guard("assessment.change")
@require_http_methods(["GET", "POST"])
def excuse_new(request: PersonRequest) -> HttpResponse:
    """Ask that a record leaves the denominator."""
    indicator, record, unit = _record(request)
    form = ExcuseForm(request.POST or None)
    name = (request.POST.get("name") or request.GET.get("name") or str(record))[:200]
    part = (request.POST.get("part") or request.GET.get("part") or "")[:40]

    def run() -> Any:
        return actions.ask_excuse(
            by=request.user, indicator=indicator.key, record=record.pk, part=part, name=name, unit=unit,
            **form.cleaned_data,
        )  # fmt: skip

    title = _("申请免责：%(name)s") % {"name": name}
    note = _("%(unit)s · %(indicator)s。批准后这条记录不计入分母，前后两个应计数都会显示。") % {
        "unit": unit.name,
        "indicator": _(indicator.title),
    }
    return _new(request, form, title, note, run)


@guard("assessment.read")
@require_http_methods(["GET", "POST"])
def excuse(request: PersonRequest, pk: int) -> HttpResponse:
    """One excuse, decided by somebody else than who asked."""
    found = get(Excuse, pk, by=request.user)
    indicator = find(found.indicator)

    def page(status: int = 200, **more: Any) -> HttpResponse:
        facts = [
            (_("被考核单位"), found.unit),
            (_("指标"), _(indicator.title) if indicator else found.indicator),
            (_("客观原因"), found.reason),
            (_("佐证"), found.basis),
            (_("原因发生日期"), found.since),
            (_("申请"), _who(found.asked_by, found.asked_at)),
            (_("审批"), _who(found.decided_by, found.decided_at) if found.decided_at else ""),
            (_("审批意见"), found.answer),
        ]
        open_to = found.state == Decision.ASKED and _may(request, found.asked_by_id)
        return _case(
            request, found, facts, status, decidable=open_to, approve=_("批准"), refuse=_("不批准"), **more
        )

    if request.method == "GET":
        return page()
    return _decided(
        request,
        found,
        page,
        lambda v, ok, a: actions.decide_excuse(
            by=request.user, excuse=found, version=v, approve=ok, answer=a
        ),
        _("已审批"),
    )


# -- adjustments ----------------------------------------------------------------------------------


@guard("assessment.manage")
@require_http_methods(["GET", "POST"])
def adjustment_new(request: PersonRequest) -> HttpResponse:
    """Points to be added or taken."""
    form = AdjustmentForm(request.POST or None, initial={"on": today()})

    def run() -> Any:
        return actions.ask_adjustment(by=request.user, **form.cleaned_data)

    note = _("上级表扬、提前投产加分，通报批评减分；须另一人批准后计入。")
    return _new(request, form, _("提出加减分"), note, run)


@guard("assessment.read")
@require_http_methods(["GET", "POST"])
def adjustment(request: PersonRequest, pk: int) -> HttpResponse:
    """One adjustment."""
    found = get(Adjustment, pk, by=request.user)

    def page(status: int = 200, **more: Any) -> HttpResponse:
        facts = [
            (_("被考核单位"), found.unit),
            (_("考核对象"), found.get_subject_display()),
            (_("分值"), signed(float(found.points))),
            (_("依据"), found.basis),
            (_("发生日期"), found.on),
            (_("提出"), _who(found.asked_by, found.created_at)),
            (_("审批"), _who(found.decided_by, found.decided_at) if found.decided_at else ""),
            (_("审批意见"), found.answer),
        ]
        open_to = found.state == Decision.ASKED and _may(request, found.asked_by_id)
        return _case(
            request, found, facts, status, decidable=open_to, approve=_("批准"), refuse=_("不批准"), **more
        )

    if request.method == "GET":
        return page()
    return _decided(
        request, found, page,
        lambda v, ok, a: actions.decide_adjustment(
            by=request.user, adjustment=found, version=v, approve=ok, answer=a
        ),
        _("已审批"),
    )  # fmt: skip


# -- falsified data -------------------------------------------------------------------------------


@guard("assessment.manage")
@require_http_methods(["GET", "POST"])
def falsification_new(request: PersonRequest) -> HttpResponse:
    """Put down that data were falsified."""
    form = FalsificationForm(request.POST or None, initial={"occurred_on": today()})

    def run() -> Any:
        return actions.report_falsification(by=request.user, **form.cleaned_data)

    note = _("须另一人认定后才生效：认定后该单位当年得分为零，并可在期限内申诉。")
    return _new(request, form, _("登记弄虚作假"), note, run)


def _charge(request: PersonRequest, found: Falsification, status: int = 200, **more: Any) -> HttpResponse:
    facts = [
        (_("被考核单位"), found.unit),
        (_("考核对象"), found.get_subject_display()),
        (_("发生日期"), found.occurred_on),
        (_("事实"), found.facts),
        (_("证据"), found.basis),
        (_("提出"), _who(found.reported_by, found.created_at)),
        (_("认定"), _who(found.decided_by, found.decided_at) if found.decided_at else ""),
        (_("认定意见"), found.answer),
        (_("申诉期限"), found.appeal_until),
        (_("申诉"), _who(found.appealed_by, found.appealed_at) if found.appealed_at else ""),
        (_("申诉理由"), found.appeal),
        (
            _("复核"),
            _who(found.appeal_decided_by, found.appeal_decided_at) if found.appeal_decided_at else "",
        ),
        (_("复核意见"), found.appeal_answer),
    ]
    appealed = found.state == Charge.APPEALED
    hands = (
        (found.reported_by_id, found.decided_by_id, found.appealed_by_id)
        if appealed
        else (found.reported_by_id,)
    )
    mine = objects(Falsification, by=request.user, to="change").filter(pk=found.pk).exists()
    in_time = found.appeal_until is not None and today() <= found.appeal_until
    shown = {
        "decidable": found.state in (Charge.REPORTED, Charge.APPEALED) and _may(request, *hands),
        "decide_url": reverse("assessment:appeal-decide", args=[found.pk]) if appealed else "",
        "approve": _("维持认定") if appealed else _("认定"),
        "refuse": _("撤销认定") if appealed else _("不成立"),
        "appeal_url": reverse("assessment:appeal", args=[found.pk])
        if found.state == Charge.CONFIRMED and in_time and mine
        else "",
        "appeal_form": ReasonForm(initial={"version": found.version}, prefix="appeal"),
    }
    return _case(request, found, facts, status, **{**shown, **more})


@guard("assessment.read")
@require_http_methods(["GET", "POST"])
def falsification(request: PersonRequest, pk: int) -> HttpResponse:
    """A finding of falsified data, its confirmation, its appeal."""
    found = get(Falsification, pk, by=request.user)
    if request.method == "GET":
        return _charge(request, found)
    return _decided(
        request, found, lambda status, **more: _charge(request, found, status, **more),
        lambda v, ok, a: actions.decide_falsification(
            by=request.user, charge=found, version=v, confirm=ok, answer=a
        ),
        _("已作出认定"),
    )  # fmt: skip


@guard("assessment.change")
@require_POST
def appeal(request: PersonRequest, pk: int) -> HttpResponse:
    """The unit appeals."""
    found = get(Falsification, pk, by=request.user, to="change")
    form = ReasonForm(request.POST, prefix="appeal")
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.appeal(
                by=request.user, charge=found, version=given["version"], reason=given["answer"]
            ),
        )
        if made:
            return done(
                request, _("申诉已提交，由第三人复核"), reverse("assessment:falsification", args=[pk])
            )
    return _charge(request, found, 422, appeal_form=form)


@guard("assessment.approve")
@require_POST
def appeal_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """A third person upholds or quashes."""
    found, form = get(Falsification, pk, by=request.user), ReasonForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.decide_appeal(
                by=request.user, charge=found, version=given["version"],
                uphold="refuse" not in request.POST, answer=given["answer"],
            ),
        )  # fmt: skip
        if made:
            return done(request, _("已复核"), reverse("assessment:falsification", args=[pk]))
    return _charge(request, found, 422, form=form)


# -- objections -----------------------------------------------------------------------------------


@guard("assessment.read")
@require_http_methods(["GET", "POST"])
def objection(request: PersonRequest, pk: int) -> HttpResponse:
    """An objection to a published line, and its answer."""
    found = get(Objection, pk, by=request.user)
    line = next((s for s in found.ranking.lines if s["unit"] == found.unit_id), None)
    titles = {i["key"]: i["title"] for i in line["items"]} if line else {}

    def page(status: int = 200, **more: Any) -> HttpResponse:
        facts = [
            (_("通报"), found.ranking.name),
            (_("被考核单位"), found.unit),
            (_("异议项"), titles.get(found.item, _("总分"))),
            (_("理由"), found.reason),
            (_("提出"), _who(found.asked_by, found.asked_at)),
            (_("答复"), _who(found.decided_by, found.decided_at) if found.decided_at else ""),
            (_("答复意见"), found.answer),
        ]
        open_to = found.state == ObjectionState.OPEN and _may(request, found.asked_by_id)
        return _case(
            request, found, facts, status, decidable=open_to, approve=_("成立"), refuse=_("不成立"),
            back=(found.ranking.name, reverse("assessment:published", args=[found.ranking_id])), **more,
        )  # fmt: skip

    if request.method == "GET":
        return page()
    return _decided(
        request, found, page,
        lambda v, ok, a: actions.decide_objection(
            by=request.user, objection=found, version=v, accept=ok, answer=a
        ),
        _("已答复"),
    )  # fmt: skip
