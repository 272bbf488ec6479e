"""The record of a meeting, made for a phone at the table: sign in, who said what, votes, the conclusion."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.forms import DifferencesForm, SignInForm, SpeechForm, VoteForm
from hongtu.domains.consultation.models import Meeting, Topic
from hongtu.domains.consultation.queries import dates
from hongtu.domains.consultation.rules import table
from hongtu.domains.consultation.views.common import crumbs, topic_url
from hongtu.domains.consultation.vocab import Choice, Interest, MeetingState, Part, State, Step
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get, objects
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Crumb
from hongtu.ui.status import Status

STATUS_OF_VOTE = {Choice.CONSENT: Status.NORMAL, Choice.OPPOSE: Status.LATE, Choice.ABSTAIN: Status.NOT_DUE}


def meeting_url(meeting: Meeting) -> str:
    return reverse("consultation:meeting", args=[meeting.pk])


def _entitled(meeting: Meeting) -> Any:
    """Present, declared, not recused."""
    return meeting.attended.filter(interest=Interest.NONE)


def _recused(meeting: Meeting) -> list[tuple[str, str]]:
    """Present without a vote, and why."""
    found = []
    for person in meeting.attended.all():
        no = table.may_vote(table.Seat(Part(person.part), "", Interest(person.interest), True))
        if no is not None:
            found.append((person.name, person.get_interest_display()))
    return found


def _page(request: PersonRequest, meeting: Meeting, **given: Any) -> HttpResponse:
    topic = meeting.topic
    may = objects(Topic, by=request.user, to="change").filter(pk=topic.pk).exists()
    running = may and topic.state == State.OPEN and meeting.round == topic.round
    held = meeting.state == MeetingState.HELD
    present = meeting.attended.all()
    data = queries.steps_rule()
    context = {
        "meeting": meeting,
        "topic": topic,
        "topic_url": topic_url(topic),
        "held": held,
        "signing": running and topic.step == Step.DISCUSS,
        "speaking": running and held and topic.step in (Step.DISCUSS, Step.CONCLUDE),
        "voting": running and held and topic.step == Step.CONCLUDE,
        "present": present,
        "absent": topic.participants.exclude(pk__in=present.values("pk")),
        "speeches": meeting.speeches.select_related("participant"),
        "votes": [
            (vote, STATUS_OF_VOTE[Choice(vote.choice)])
            for vote in meeting.votes.select_related("participant")
        ],
        "recused": _recused(meeting),
        "minutes": data["speech_minutes"],
        "papers": dates.papers_due(meeting),
        "sign_in": SignInForm(
            people=topic.participants.all(), initial={"version": meeting.version, "present": present}
        ),
        "speech": SpeechForm(people=present),
        "vote": VoteForm(people=_entitled(meeting).exclude(votes__meeting=meeting)),
        "voters_left": _entitled(meeting).exclude(votes__meeting=meeting).exists(),
        "differences": DifferencesForm(
            initial={"version": meeting.version, "differences": meeting.differences}
        ),
        "breadcrumbs": crumbs(Crumb(topic.name, topic_url(topic)), Crumb(_("会议记录"))),
        **given,
    }
    refused = any(getattr(form, "is_bound", False) for form in given.values())
    return render(request, "consultation/meeting.html", context, status=422 if refused else 200)


def _found(request: PersonRequest, pk: int, to: str) -> Meeting:
    return get(Meeting, pk, by=request.user, to=to)


@guard("consultation.read")
@require_GET
def meeting(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk, "read"))


@guard("consultation.change")
@require_POST
def sign_in(request: PersonRequest, pk: int) -> HttpResponse:
    """Who came."""
    found = _found(request, pk, "change")
    form = SignInForm(request.POST, people=found.topic.participants.all())
    if form.is_valid() and attempt(
        form, lambda: actions.sign_in(by=request.user, meeting=found, **form.cleaned_data)
    ):
        return done(request, _("签到已保存"), meeting_url(found) + "#speeches")
    return _page(request, found, sign_in=form)


@guard("consultation.change")
@require_POST
def speak(request: PersonRequest, pk: int) -> HttpResponse:
    """What somebody said."""
    found = _found(request, pk, "change")
    form = SpeechForm(request.POST, people=found.attended.all())
    if form.is_valid() and attempt(
        form, lambda: actions.speak(by=request.user, meeting=found, **form.cleaned_data)
    ):
        return done(request, _("发言已记下"), meeting_url(found) + "#speeches")
    return _page(request, found, speech=form)


@guard("consultation.change")
@require_POST
def vote(request: PersonRequest, pk: int) -> HttpResponse:
    """One vote from the paper."""
    found = _found(request, pk, "change")
    form = VoteForm(request.POST, people=found.topic.participants.all())
    if form.is_valid() and attempt(
        form, lambda: actions.vote(by=request.user, meeting=found, **form.cleaned_data)
    ):
        return done(request, _("表决已记下"), meeting_url(found) + "#votes")
    return _page(request, found, vote=form)


@guard("consultation.change")
@require_POST
def differences(request: PersonRequest, pk: int) -> HttpResponse:
    """What they could not agree on."""
    found = _found(request, pk, "change")
    form = DifferencesForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: actions.note_differences(by=request.user, meeting=found, **form.cleaned_data)
    ):
        return done(request, _("分歧点已保存"), meeting_url(found))
    return _page(request, found, differences=form)
