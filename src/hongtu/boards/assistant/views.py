"""The assistant's public page and its API."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.boards.assistant import answers, service, staff, streaming
from hongtu.boards.assistant.api import ASKING, SESSION_KEY, TELLING
from hongtu.domains.matters import actions, queries, vocab
from hongtu.domains.matters.models import Turn
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.limits import limited
from hongtu.kernel.access.policies import can
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.profile.models import district, today
from hongtu.ui.components import Crumb

MOST_BYTES = 200_000


def _talk(request: HttpRequest) -> Any:
    return queries.conversation(request.session.get(SESSION_KEY, ""))


def _person(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


@guard(public=True)
@require_GET
def assistant_page(request: HttpRequest) -> HttpResponse:
    """One box; below it what was said."""
    talk = _talk(request)
    turns = list(talk.turns.prefetch_related("feedback")) if talk else []
    context = {
        "talk": talk,
        "turns": turns,
        "reword": turns[-1].number if turns and streaming.possible(turns[-1]) else 0,
        "handover": talk.handovers.order_by("-pk").first() if talk else None,
        "question": request.GET.get("q", "")[:2000],
        "staff_url": reverse("boards:assistant-staff") if can(request.user, "problems.read") else "",
        "reasons": [(r.value, _(r.label)) for r in vocab.FeedbackReason],
        "district": district(),
    }
    return render(request, "boards/assistant.html", context)


@guard(public=True)
@limited("assistant.ask", ASKING)
@require_POST
def assistant_ask(request: HttpRequest) -> HttpResponse:
    """A question, or a choice out of those offered."""
    _answer, turn = service.say(
        request.POST.get("q", ""),
        key=request.session.get(SESSION_KEY, ""),
        choice=request.POST.get("choice", "")[:20],
        by=_person(request),
    )
    request.session[SESSION_KEY] = turn.conversation.key
    return HttpResponseRedirect(reverse("boards:assistant") + f"#turn-{turn.number}")


@guard(public=True)
@limited("assistant.handover", TELLING)
@require_POST
def assistant_handover(request: HttpRequest) -> HttpResponse:
    """Bring in the chief helper with the conversation."""
    talk = _talk(request)
    if talk is None:
        raise Http404(_("还没有对话。"))
    service.hand_over(talk, request.POST.get("contact", ""), by=_person(request))
    return HttpResponseRedirect(reverse("boards:assistant") + "#handover")


@guard(public=True)
@limited("assistant.feedback", TELLING)
@require_POST
def assistant_feedback(request: HttpRequest, number: int) -> HttpResponse:
    """What the asker says of one answer of her own conversation."""
    talk = _talk(request)
    turn = Turn.objects.filter(conversation=talk, number=number, speaker=vocab.Speaker.ASSISTANT).first()
    if talk is None or turn is None:
        raise Http404(_("没有这条回答。"))
    try:
        actions.give_feedback(
            by=_person(request),
            turn=turn,
            reason=request.POST.get("reason", ""),
            text=answers.clean(request.POST.get("text", "")),
        )
    except HongtuError as refusal:
        return HttpResponse(refusal.message, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(reverse("boards:assistant") + f"#turn-{number}")


@guard(public=True)
@limited("assistant.feedback", TELLING)
@require_POST
def assistant_settle(request: HttpRequest) -> HttpResponse:
    """“The thing is done”: the assist is counted and the conversation ends."""
    talk = _talk(request)
    if talk is not None:
        actions.settle(by=_person(request), conversation=talk)
    request.session.pop(SESSION_KEY, None)
    return HttpResponseRedirect(reverse("boards:assistant"))


@guard(public=True)
@xframe_options_exempt
@require_GET
def assistant_widget(request: HttpRequest) -> HttpResponse:
    """The box alone, for a frame on another site that HONGTU_WIDGET_SITES names. Sets no cookie: the
    conversation lives in the frame and ends with it."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with override(language):
        reasons = [(r.value, _(r.label)) for r in vocab.FeedbackReason]
        context = {"district": district(), "language": language, "reasons": reasons}
        response = render(request, "boards/assistant_widget.html", context)
    response._csp_replace = {"frame-ancestors": ["'self'", *settings.HONGTU_WIDGET_SITES]}  # type: ignore[attr-defined]
    response.headers["Content-Language"] = language
    return response


@guard("problems.read")
@require_GET
def assistant_staff(request: PersonRequest) -> HttpResponse:
    """Staff ask about problems, results and decisions of meetings, within their rights. Nothing is kept."""
    question = answers.clean(request.GET.get("q", ""))
    context = {
        "question": question,
        "answer": staff.ask(question, request.user) if "q" in request.GET else None,
        "breadcrumbs": [Crumb(_("智能助手"), reverse("boards:assistant")), Crumb(_("问问题、纪要和成果"))],
    }
    return render(request, "boards/assistant_staff.html", context)


@csrf_exempt
@guard(public=True)
@limited("assistant.ask", ASKING)
@require_http_methods(["GET", "POST"])
def assistant_api(request: HttpRequest) -> JsonResponse:
    """`GET ?q=` answers without a trace; `POST {"question", "conversation"?, "choice"?}` keeps the talk.

    Needs no account and no cookie, so a forged request gains nothing: the exemption from CSRF is safe.
    """
    if request.method == "GET":
        return JsonResponse(answers.of_today(request.GET.get("q", ""), today()).as_dict())
    if len(request.body) > MOST_BYTES:
        return _fault("assistant.too_long", _("请求过长。"))
    try:
        given = json.loads(request.body)
    except ValueError:
        return _fault("assistant.not_json", _("请求正文应为JSON。"))
    if not isinstance(given, dict) or not isinstance(given.get("question", ""), str):
        return _fault("assistant.no_question", _("question应为文字。"))
    found, turn = service.say(
        given.get("question", ""),
        key=str(given.get("conversation", "")),
        choice=str(given.get("choice", ""))[:20],
        channel="api",
    )
    return JsonResponse({**found.as_dict(), "conversation": turn.conversation.key, "turn": turn.number})


def _fault(code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=422)
