"""The chief helper's desk: the queue, the answer with its correction, what nobody could answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.models import Feedback, Guide, Handover
from hongtu.domains.matters.vocab import Outcome
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import form_status
from hongtu.ui.components import Cell, Column, Crumb, Row, Table
from hongtu.ui.offers import offer
from hongtu.ui.status import Status

SOON = timedelta(hours=4)
"""Before the deadline: the queue warns."""
CORRECTABLE = ("conditions", "fee", "time_note", "result", "phone", "mistakes", "channels", "department")


class ReplyForm(forms.Form):
    """The helper's answer, and what it corrects in the record."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reply = forms.CharField(label=gettext_lazy("答复"), widget=forms.Textarea(attrs={"rows": 4}))
    assisted = forms.BooleanField(label=gettext_lazy("已协助办成"), required=False)
    field = forms.ChoiceField(label=gettext_lazy("同时更正指南的字段"), required=False)
    text = forms.CharField(
        label=gettext_lazy("更正后的内容"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = [(n, Guide._meta.get_field(n).verbose_name) for n in CORRECTABLE]  # type: ignore[union-attr]
        offer(self, "field", [("", "—"), *names])

    def clean(self) -> dict[str, object]:
        given: dict[str, object] = super().clean() or {}
        if bool(given.get("field")) != bool(given.get("text")):
            self.add_error("text", _("字段和更正后的内容要一起填写。"))
        return given


@guard("matters.answer")
def queue(request: PersonRequest) -> HttpResponse:
    """Who waits, the most urgent first."""
    waiting = queries.handovers(request.user)[:200]
    answered = queries.handovers(request.user, "answered").order_by("-answered_at")[:30]
    context = {"waiting": _waiting(waiting), "answered": _answered(answered)}
    return render(request, "boards/assistant_queue.html", context)


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _question(item: Handover) -> Cell:
    return Cell(item.question[:60], reverse("boards:assistant-item", args=[item.pk]))


def _waiting(items: Iterable[Handover]) -> Table:
    """Who waits: until when, and whether that has passed."""
    now, soon = timezone.now(), timezone.now() + SOON
    columns = [
        Column(_("问题"), frozen=True),
        Column(_("时限"), "nowrap"),
        Column(_("事项")),
        Column(_("受理单位"), "nowrap"),
        Column(_("联系方式"), "nowrap"),
    ]
    rows = []
    for item in items:
        late = Status.LATE if item.due_at < now else Status.WARNING if item.due_at < soon else Status.NORMAL
        due = Cell(_moment(item.due_at), status=late)
        rows.append(
            Row([_question(item), due, str(item.matter or "—"), str(item.unit), item.contact], str(item.pk))
        )
    return Table(_("待答复"), columns, rows, empty=_("没有待答复的问题"), identifier="waiting-table")


def _answered(items: Iterable[Handover]) -> Table:
    columns = [
        Column(_("问题"), frozen=True),
        Column(_("答复时间"), "nowrap"),
        Column(_("帮办员"), "nowrap"),
        Column(_("更正"), "nowrap"),
    ]
    rows = [
        Row(
            [
                _question(item),
                _moment(item.answered_at) if item.answered_at else "",
                str(item.helper or "—"),
                _draft(item),
            ],
            str(item.pk),
        )
        for item in items
    ]
    return Table(_("最近答复"), columns, rows, empty=_("还没有答复"), identifier="answered-table")


def _draft(item: Handover) -> Cell:
    """The correction that came of it, and how far its review is."""
    if item.draft is None:
        return Cell("—")
    return Cell(item.draft.get_state_display(), reverse("ledger:detail", args=["guides", item.draft.pk]))


@guard("matters.answer")
@require_http_methods(["GET", "POST"])
def queue_item(request: PersonRequest, pk: int) -> HttpResponse:
    """One question with its whole conversation; the answer may correct the record."""
    item = queries.handover(pk, request.user)
    guide = queries.whole(today()).filter(matter=item.matter).first() if item.matter else None
    form = ReplyForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        correction = {given["field"]: given["text"]} if given["field"] and guide else {}
        try:
            actions.answer_handover(
                by=request.user,
                handover=item,
                version=given["version"],
                reply=given["reply"],
                assisted=given["assisted"],
                guide=guide,
                correction=correction,
            )
        except HongtuError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已答复"))
            return HttpResponseRedirect(reverse("boards:assistant-queue"))
    context = {
        "item": item,
        "guide": guide,
        "turns": item.conversation.turns.all(),
        "form": form,
        "breadcrumbs": [Crumb(_("帮办队列"), reverse("boards:assistant-queue")), Crumb(item.question[:30])],
    }
    status = form_status(form)
    return render(request, "boards/assistant_item.html", context, status=status)


@guard("matters.change")
def unanswered(request: PersonRequest) -> HttpResponse:
    """What nobody could answer in the last 90 days, the most frequent first, and what was found wanting."""
    questions = queries.unanswered(today() - timedelta(90))
    context = {"questions": _questions(questions), "complaints": _complaints(queries.complaints())}
    return render(request, "boards/assistant_unanswered.html", context)


def _questions(found: Iterable[Mapping[str, Any]]) -> Table:
    columns = [
        Column(_("问题"), frozen=True),
        Column(_("次数"), "number"),
        Column(_("结果"), "nowrap"),
        Column(_("最近一次"), "nowrap"),
    ]
    outcomes = {outcome.value: _(outcome.label) for outcome in Outcome}
    rows = [
        Row([q["question"] or "—", str(q["times"]), outcomes[q["outcome"]], _moment(q["last"])])
        for q in found
    ]
    return Table(_("没有答案"), columns, rows, empty=_("没有待补的问题"), identifier="questions-table")


def _complaints(found: Iterable[Feedback]) -> Table:
    columns = [
        Column(_("问题"), frozen=True),
        Column(_("理由"), "nowrap"),
        Column(_("说明"), "long"),
        Column(_("事项")),
        Column(_("时间"), "nowrap"),
    ]
    rows = []
    for item in found:
        matter = item.turn.conversation.matter
        url = reverse("matters:matter", args=[matter.code]) if matter else ""
        asked = str(item.turn.record.get("question", "")) or "—"
        about = Cell(str(matter or "—"), url)
        rows.append(Row([asked, item.get_reason_display(), item.text, about, _moment(item.at)]))
    return Table(_("不满意的回答"), columns, rows, empty=_("没有不满意的回答"), identifier="complaints-table")
