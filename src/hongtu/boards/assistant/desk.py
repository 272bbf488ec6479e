"""The chief helper's desk: the queue, the answer with its correction, what nobody could answer."""

from datetime import timedelta

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
from hongtu.domains.matters.models import Guide
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import form_status
from hongtu.ui.components import Crumb

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
        self.fields["field"].choices = [("", "—"), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        given: dict[str, object] = super().clean() or {}
        if bool(given.get("field")) != bool(given.get("text")):
            self.add_error("text", _("字段和更正后的内容要一起填写。"))
        return given


@guard("matters.answer")
def queue(request: PersonRequest) -> HttpResponse:
    """Who waits, the most urgent first."""
    context = {
        "waiting": queries.handovers(request.user)[:200],
        "answered": queries.handovers(request.user, "answered").order_by("-answered_at")[:30],
        "now": timezone.now(),
    }
    return render(request, "boards/assistant_queue.html", context)


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
    context = {
        "questions": queries.unanswered(today() - timedelta(90)),
        "complaints": queries.complaints(),
    }
    return render(request, "boards/assistant_unanswered.html", context)
