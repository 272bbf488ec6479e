"""The ranking of a day, opened down to the records it counts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.assessment import actions, queries, rules
from hongtu.domains.assessment.forms import PublishForm
from hongtu.domains.assessment.queries.scoring import Result
from hongtu.domains.assessment.rules import Score
from hongtu.domains.assessment.views import documents
from hongtu.domains.assessment.views.common import (
    Asked,
    ask_form,
    asked,
    computed,
    crumbs,
    number,
    score,
    subject_of,
    visible,
)
from hongtu.domains.assessment.views.tables import ranking_chart, ranking_table
from hongtu.domains.assessment.vocab import Standing
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can
from hongtu.kernel.indicators.vocab import Subject
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Cell, Column, Crumb, Figure, Row, Tab, Table


@guard("assessment.read")
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Straight to the ranking of those who build."""
    return HttpResponseRedirect(reverse("assessment:ranking", args=[Subject.OWNER.value]))


def _figures(ask: Asked, lines: list[Score]) -> list[Figure]:
    ranked = [s for s in lines if s.rank is not None]
    mean = sum(s.total or 0 for s in ranked) / len(ranked) if ranked else None
    vetoed = [s for s in lines if s.veto]
    left = [s for s in lines if s.standing is Standing.UNRANKED]
    return [
        Figure(_("参加排名"), str(len(ranked)), _("家"), note=_left(len(left))),
        Figure(_("平均得分"), number(mean, 1) or "—", _("分")),
        Figure(
            _("经批准免责"), str(sum(s.excused for s in lines)), _("条"),
            url=reverse("ledger:list", args=["excuses"]) + "?state=approved",
        ),
        Figure(
            _("一票否决"), str(len(vetoed)), _("家"), url=reverse("ledger:list", args=["falsifications"]),
            note=_("得分为零") if vetoed else "",
        ),
    ]  # fmt: skip


def _left(count: int) -> str:
    return _("另有%(n)d家适用分值不足") % {"n": count} if count else ""


def _before(ask: Asked) -> tuple[Any, dict[int, int | None] | None]:
    """The last published ranking of an earlier day, and its ranks by unit."""
    found = queries.latest(ask.subject.value, ask.on)
    return found, {line["unit"]: line["rank"] for line in found.lines} if found else None


def known_words(ask: Asked) -> str:
    """The moment of knowledge in words."""
    return timezone.localtime(ask.known).strftime("%Y-%m-%d %H:%M:%S") if ask.known else _("现在")


@guard("assessment.read")
@require_GET
def ranking(request: PersonRequest, subject: str) -> HttpResponse:
    """Chart and table of one subject; every score opens."""
    return _ranking(request, subject)


def _ranking(request: PersonRequest, code: str, status: int = 200, **forms: Any) -> HttpResponse:
    subject, form = subject_of(code), ask_form(request)
    ask = asked(request, subject, form)
    found = computed(ask)
    lines = visible(found.lines, request.user) if found else []
    last, before = _before(ask)

    def address(line: Score) -> str:
        return ask.url("unit", line.unit)

    tabs = [
        Tab(_(s.label), Asked(s, ask.on, ask.known).url("ranking"), current=s is subject) for s in Subject
    ]
    title = _("%(subject)s考核通报（截至%(on)s）") % {"subject": _(subject.label), "on": ask.on}
    waiting = {name: list(rows[:20]) for name, rows in queries.waiting(request.user).items()}
    context = {
        "subject": subject,
        "subject_words": _(subject.label),
        "ask": ask,
        "form": form,
        "tabs": tabs,
        "scheme": found.scheme if found else None,
        "scheme_url": reverse("assessment:scheme", args=[_key(found)]) if found else "",
        "figures": _figures(ask, lines),
        "chart": ranking_chart(lines, address),
        "table": ranking_table(lines, address, before),
        "last": last,
        "own_only": not queries.whole_district(request.user),
        "may_publish": can(request.user, "assessment.approve") and found and not ask.known and not ask.scheme,
        "may_manage": can(request.user, "assessment.manage"),
        "may_export": can(request.user, "assessment.export"),
        "publish_form": forms.get("publish_form") or PublishForm(initial={"on": ask.on, "name": title}),
        "published": list(queries.rankings(request.user).filter(subject=subject.value)[:8]),
        "waiting": _waiting(waiting),
        "known_words": known_words(ask),
        "excel_url": ask.url("ranking-excel"),
        "word_url": ask.url("ranking-word"),
        "compare_url": ask.url("compare"),
    }
    return render(request, "assessment/ranking.html", context, status=status)


def _key(found: Result) -> int:
    return int(getattr(found.scheme, "row_key", None) or found.scheme.pk)


def _waiting(rows: dict[str, list[Any]]) -> list[tuple[str, str]]:
    """What waits for her decision: (words, address)."""
    names = {
        "schemes": ("scheme", _("考核办法")),
        "excuses": ("excuse", _("免责申请")),
        "adjustments": ("adjustment", _("加减分")),
        "falsifications": ("falsification", _("弄虚作假")),
        "objections": ("objection", _("考核异议")),
    }
    return [
        (f"{names[kind][1]} · {one}", reverse(f"assessment:{names[kind][0]}", args=[one.pk]))
        for kind, found in rows.items()
        for one in found
    ]


@guard("assessment.approve")
@require_POST
def publish(request: PersonRequest, subject: str) -> HttpResponse:
    """Freeze the ranking and seal it."""
    found, form = subject_of(subject), PublishForm(request.POST)
    if form.is_valid():
        made = attempt(
            form, lambda: actions.publish(by=request.user, subject=found.value, **form.cleaned_data)
        )
        if made:
            text = _("已发布：%(number)s") % {"number": made.number}
            return done(request, text, reverse("assessment:published", args=[made.pk]))
    return _ranking(request, subject, 422, publish_form=form)


def _sheet(request: PersonRequest, code: str) -> documents.Sheet:
    subject = subject_of(code)
    ask = asked(request, subject, ask_form(request))
    found = computed(ask)
    if found is None:
        raise Http404(_("那一天没有施行的考核办法。"))
    return documents.Sheet(
        title=_("%(subject)s考核排名（截至%(on)s）") % {"subject": _(subject.label), "on": ask.on},
        subject=_(subject.label),
        scheme=found.scheme.name,
        on=ask.on,
        known=known_words(ask),
        lines=visible(found.lines, request.user),
    )


@guard("assessment.export")
@require_GET
def ranking_excel(request: PersonRequest, subject: str) -> HttpResponse:
    """The ranking as shown, as Excel."""
    return documents.excel(_sheet(request, subject))


@guard("assessment.export")
@require_GET
def ranking_word(request: PersonRequest, subject: str) -> HttpResponse:
    """The ranking as an official document; a draft while it has no number."""
    return documents.word(_sheet(request, subject))


def line_of(request: PersonRequest, ask: Asked, unit: int) -> tuple[Result, Score]:
    """One unit's score within her reach; Http404 otherwise, as for a unit that is not assessed."""
    found = computed(ask)
    line = found.by_unit.get(unit) if found else None
    if found is None or line is None or not visible([line], request.user):
        raise Http404(_("没有这家单位的得分，或您无权查看。"))
    return found, line


def unit_crumbs(ask: Asked, *last: Crumb) -> list[Crumb]:
    return crumbs(Crumb(_(ask.subject.label), ask.url("ranking")), *last)


def items_table(line: Score, address: Any) -> Table:
    """Each item with points, both denominators and both rates; the number of records opens them."""
    columns = [
        Column(_("考核项"), frozen=True),
        Column(_("分值"), "number"),
        Column(_("得分"), "number"),
        Column(_("完成"), "number"),
        Column(_("全部应计"), "number"),
        Column(_("剔除免责后应计"), "number"),
        Column(_("占全部"), "number"),
        Column(_("占剔除后"), "number"),
        Column(_("免责（条）"), "number"),
        Column(_("记录（条）"), "number"),
    ]
    rows = []
    for item in line.items:
        found = item.tally
        rows.append(
            Row(
                [
                    item.title,
                    number(item.points),
                    score(item.got) if item.got is not None else _("不适用"),
                    number(found.value) if found.rows else "",
                    number(found.whole) if found.rows else "",
                    number(found.narrow) if found.rows else "",
                    rate(found.value, found.whole),
                    rate(found.value, found.narrow),
                    str(found.excused) if found.excused else "",
                    Cell(str(found.rows), address(item.key)) if found.rows else "0",
                ],
                key=item.key,
            )
        )
    return Table(_("考核项"), columns, rows, identifier="items")


def rate(value: float, whole: float) -> str:
    """A share as a percentage; a mean of days stays a plain number above one."""
    return f"{100 * value / whole:.1f}%" if whole else ""


@guard("assessment.read")
@require_GET
def unit(request: PersonRequest, subject: str, unit: int) -> HttpResponse:
    """One unit's score: items, both denominators, adjustments, vetoes."""
    form = ask_form(request)
    ask = asked(request, subject_of(subject), form)
    found, line = line_of(request, ask, unit)
    plan = found.plan
    context = {
        "line": line,
        "ask": ask,
        "form": form,
        "subject_words": _(ask.subject.label),
        "standing": _(Standing(line.standing).label),
        "status": _status(line),
        "table": items_table(line, lambda key: ask.url("rows", unit, key)),
        "count": len(found.lines),
        "methods": [method(item) for item in plan.items],
        "applicable": number(line.applicable),
        "total": number(line.total) or "—",
        "base": number(line.base) or "—",
        "adjustments": queries.adjustments_of(request.user, unit, ask.subject.value, found.moment),
        "charges": queries.charges_of(request.user, unit, ask.subject.value, found.moment),
        "known_words": known_words(ask),
        "compare_url": ask.url("compare"),
        "excused_much": _excused_much(line, plan.settings["excused_warning"]),
        "breadcrumbs": unit_crumbs(ask, Crumb(line.name)),
    }
    return render(request, "assessment/unit.html", context)


def _status(line: Score) -> str:
    from hongtu.domains.assessment.views.common import STATUS

    return STATUS[Standing(line.standing)].value


def _excused_much(line: Score, most: float) -> list[str]:
    """Items of which so much was excused that the rate says little."""
    return [i.title for i in line.items if i.tally.whole and 1 - i.tally.narrow / i.tally.whole > most]


def method(item: rules.Item) -> str:
    """How an item's points come about, in words."""
    words = {
        "title": item.title,
        "points": number(item.points),
        "cap": f"{100 * item.cap:.0f}",
        "limit": number(item.limit),
    }
    if item.formula is rules.Formula.SHARE:
        return _("%(title)s：%(points)s分×完成÷剔除免责后应计，到%(cap)s%%为满分") % words
    if item.formula is rules.Formula.COMPLEMENT:
        return _("%(title)s：%(points)s分×（1−发生÷剔除免责后应计）") % words
    return _("%(title)s：%(points)s分×（1−平均值÷%(limit)s），最低0分") % words
