"""The owners' vote: the page of one vote, and the calculator for anybody."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.forms import BallotsForm, SumsForm
from hongtu.domains.consultation.models import Household, Poll
from hongtu.domains.consultation.rules import common_property
from hongtu.domains.consultation.rules.common_property import ARTICLE, Criterion, MixedVotes, Result
from hongtu.domains.consultation.views.common import crumbs, topic_url
from hongtu.domains.consultation.vocab import CommonMatter, Standing
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get, objects
from hongtu.ledger.pages import attempt, done
from hongtu.ui.charts import Chart, Series, bar
from hongtu.ui.components import Cell, Column, Crumb, Row, Table
from hongtu.ui.formats import grouped
from hongtu.ui.status import Status


def _names() -> dict[str, str]:
    return {
        "people_voting": _("参与人数"),
        "area_voting": _("参与面积"),
        "people_consenting": _("同意人数"),
        "area_consenting": _("同意面积"),
    }


def _amount(name: str, value: Fraction) -> str:
    """People as a whole number, area in square metres to two places, exact in the register."""
    if name.startswith("people"):
        return grouped(int(value), 0)
    return grouped(round(value * 100) / 100, 2)


def _needed(criterion: Criterion) -> str:
    if criterion.strict:
        return _("超过 1/2")
    return _("不少于 %(share)s") % {"share": f"{criterion.needed.numerator}/{criterion.needed.denominator}"}


def share_words(criterion: Criterion) -> str:
    """The share in percent with two places, cut off rather than rounded: 66.66 % never shows as two
    thirds."""
    share = criterion.share
    return "—" if share is None else f"{int(share * 10000) / 100:.2f}%"


def criteria_table(result: Result) -> Table:
    """The four conditions with sums, share, what the law asks, and whether it is met."""
    names = _names()
    columns = [
        Column(_("条件"), "nowrap", frozen=True),
        Column(_("计入"), "number"),
        Column(_("基数"), "number"),
        Column(_("占比"), "number"),
        Column(_("法定要求"), "nowrap"),
        Column(_("结果"), "nowrap"),
    ]
    rows = [
        Row(
            [
                names[c.name],
                _amount(c.name, c.part),
                _amount(c.name, c.whole),
                share_words(c),
                _needed(c),
                Cell(_("满足"), status=Status.NORMAL, worded=True)
                if c.met
                else Cell(_("不满足"), status=Status.LATE, worded=True),
            ]
        )
        for c in result.criteria
    ]
    return Table(
        _("四项条件"), columns, rows, unit=_("人、平方米"), empty=_("还没有数据"), identifier="criteria"
    )


def criteria_chart(result: Result) -> Chart:
    """Shares beside what the law asks."""
    names = _names()
    return bar(
        _("占比与法定要求"),
        [names[c.name] for c in result.criteria],
        [
            Series(_("实际占比"), [float(c.share or 0) for c in result.criteria]),
            Series(_("法定要求"), [float(c.needed) for c in result.criteria]),
        ],
        identifier="criteria-chart",
        share=True,
        horizontal=True,
        height="normal",
    )


def verdict(result: Result, *, running: bool = False) -> dict[str, Any]:
    """What the page says of a result; `running`: ballots still come in."""
    paragraph = (
        _("第二款：三分之二以上参与，参与者的四分之三以上同意（第六项至第八项）")
        if result.special
        else _("第二款：三分之二以上参与，参与者过半数同意（其他事项）")
    )
    return {
        "result": result,
        "status": Status.NORMAL if result.passed else Status.WARNING if running else Status.LATE,
        "word": _verdict_word(result.passed, running),
        "article": f"{_(ARTICLE)} {paragraph}",
        "matter": _(result.matter.label),
        "criteria": criteria_table(result),
        "chart": criteria_chart(result),
    }


def _verdict_word(passed: bool, running: bool) -> str:
    if running:
        return _("目前已达到法定要求") if passed else _("目前未达到法定要求")
    return _("通过") if passed else _("未通过")


def _register(poll: Poll) -> dict[str, int]:
    """What the register holds, so that a wrong count is found: parts, left out, the builder's, without
    ballot."""
    homes = Household.objects.filter(estate=poll.estate_id)
    counted = homes.filter(counted=True)
    return {
        "parts": homes.count(),
        "left_out": homes.filter(counted=False).count(),
        "builder": counted.exclude(standing=Standing.DELIVERED).count(),
        "silent": counted.exclude(ballots__poll=poll).count(),
    }


def _poll_page(request: PersonRequest, poll: Poll, form: BallotsForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "poll": poll,
        "topic_url": topic_url(poll.topic),
        "register": _register(poll),
        "form": form or BallotsForm(),
        "editable": poll.closed_on is None
        and objects(Poll, by=request.user, to="change").filter(pk=poll.pk).exists(),
        "breadcrumbs": crumbs(Crumb(poll.topic.name, topic_url(poll.topic)), Crumb(_("业主表决"))),
    }
    try:
        context |= verdict(queries.result(poll), running=poll.closed_on is None)
    except MixedVotes as mixed:
        context["mixed"] = "、".join(mixed.parts)
    return render(request, "consultation/poll.html", context, status=422 if form and form.is_bound else 200)


@guard("owners.read")
@require_GET
def poll(request: PersonRequest, pk: int) -> HttpResponse:
    """How a vote stands, with the sums."""
    return _poll_page(request, get(Poll, pk, by=request.user))


@guard("owners.change")
@require_POST
def cast(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter ballots from paper."""
    found = get(Poll, pk, by=request.user, to="change")
    form = BallotsForm(request.POST)
    if form.is_valid():
        entered = attempt(form, lambda: actions.cast(by=request.user, poll=found, ballots=form.rooms()) + 1)
        if entered:
            text = _("已录入 %(count)d 张选票") % {"count": entered - 1}
            return done(request, text, request.path.replace("/cast/", "/"))
    return _poll_page(request, found, form)


@guard("owners.change")
@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """End the vote."""
    found = get(Poll, pk, by=request.user, to="change")
    form = BallotsForm({})
    version = int(request.POST.get("version", "0") or 0) if request.POST.get("version", "").isdigit() else 0
    form.is_valid()
    made = attempt(form, lambda: actions.close_poll(by=request.user, poll=found, version=version))
    if made:
        text = _("业主表决已结束：通过") if made.passed else _("业主表决已结束：未通过")
        return done(request, text, request.path.replace("/close/", "/"))
    return _poll_page(request, found, form)


@guard(public=True)
@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """The calculator: sums in, result out, nothing kept."""
    form = SumsForm(request.GET or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        sums = queries.sums_of(given)
        context |= verdict(common_property.judge(CommonMatter(given["matter"]), sums))
    return render(
        request, "consultation/calculator.html", context, status=422 if form.is_bound and form.errors else 200
    )
