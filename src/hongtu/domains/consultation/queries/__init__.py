"""Every read of consultations, scoped by the person who asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.consultation.models import (
    Ballot,
    Conclusion,
    Estate,
    Evaluation,
    Fund,
    Household,
    Inspection,
    Meeting,
    Objection,
    Option,
    Participant,
    Poll,
    Posting,
    Proposal,
    Speech,
    Task,
    Topic,
    Vote,
)
from hongtu.domains.consultation.rules import common_property, steps, table
from hongtu.domains.consultation.vocab import (
    Agreement,
    Choice,
    CommonMatter,
    Interest,
    MeetingState,
    ObjectionState,
    Part,
    Satisfaction,
    Standing,
    State,
    TaskState,
    Verdict,
)
from hongtu.kernel.access.policies import Policy, get, objects, protect
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.terms import now
from hongtu.kernel.profile.models import rule

DOMAIN = "consultation"
OWNERS = "owners"
STEPS, INVITEES = "consultation.steps", "consultation.invitees"
UNITS = ("community__path", "subdistrict__path")


def _through(prefix: str = "") -> Policy:
    """The policy of a topic, or of what belongs to one by `prefix`: its community and sub-district, and
    everybody who is invited."""
    return Policy(
        DOMAIN,
        unit_paths=tuple(prefix + path for path in UNITS),
        person_paths=(prefix + "participants__person",),
    )


protect(Topic, _through())
for _model in (Participant, Option, Meeting, Conclusion, Evaluation):
    protect(_model, _through("topic__"))
protect(Fund, _through("option__topic__"))
protect(Speech, _through("meeting__topic__"))
protect(Vote, _through("meeting__topic__"))
protect(Posting, _through("conclusion__topic__"))
protect(Task, _through("conclusion__topic__"))
protect(Objection, _through("posting__conclusion__topic__"))
protect(Inspection, _through("task__conclusion__topic__"))
protect(Proposal, Policy(DOMAIN, unit_paths=UNITS))
protect(Estate, Policy(DOMAIN, unit_paths=UNITS))
protect(Household, Policy(OWNERS, unit_paths=("estate__community__path", "estate__subdistrict__path")))
protect(Poll, Policy(OWNERS, unit_paths=("estate__community__path", "estate__subdistrict__path")))
protect(
    Ballot, Policy(OWNERS, unit_paths=("poll__estate__community__path", "poll__estate__subdistrict__path"))
)


def this_day() -> date:
    """The district's day: its data date, or the day that is replayed."""
    return timezone.localtime(now()).date()


def steps_rule() -> dict[str, Any]:
    """The rule of the eleven steps in force."""
    return rule(STEPS)


def step_rules(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Who, what comes out, how many working days, on what basis: by step."""
    return {line["step"]: line for line in data["steps"]}


def topic(key: int, by: Person | None, to: str = "read") -> Topic:
    """One topic; Http404 when it is hidden or missing."""
    return get(Topic, key, by=by, to=to)


def needed(found: Topic) -> list[table.Required]:
    """Who must be invited to this topic, by rule."""
    return table.required(
        rule(INVITEES),
        found.kind,
        common_property=bool(found.common_matter),
        estate=found.estate_id is not None,
    )


def conclusion(found: Topic) -> Conclusion | None:
    """The conclusion of the present round."""
    rows = found.conclusions.filter(round=found.round)
    return rows.select_related("option", "poll", "posting", "meeting").first()


def meeting_of(found: Topic) -> Meeting | None:
    """The meeting of the present round."""
    return found.meetings.filter(round=found.round).exclude(state=MeetingState.CANCELLED).first()


def options(found: Topic) -> list[Option]:
    """The options of the present round with their money."""
    rows = found.options.filter(round=found.round).prefetch_related("funds")
    return list(rows.annotate(funded=Sum("funds__amount")).order_by("pk"))


def seats(found: Topic, meeting: Meeting | None) -> list[table.Seat]:
    """Everybody invited, as the rules see them."""
    present = set(meeting.attended.values_list("pk", flat=True)) if meeting else set()
    return [
        table.Seat(Part(p.part), p.unit.code if p.unit else "", Interest(p.interest), p.pk in present)
        for p in found.participants.select_related("unit")
    ]


def facts(found: Topic) -> steps.Facts:
    """What the topic has in its present round."""
    meeting, ended = meeting_of(found), conclusion(found)
    posting = getattr(ended, "posting", None)
    speeches = list(meeting.speeches.values_list("kind", flat=True)) if meeting else []
    objections = list(posting.objections.values_list("state", flat=True)) if posting else []
    tasks = list(ended.tasks.annotate(seen=Count("inspections"))) if ended else []
    opinions = list(found.evaluations.filter(round=found.round).values_list("satisfaction", flat=True))
    return steps.Facts(
        today=this_day(),
        adopted=found.verdict == Verdict.ADOPT,
        needed=needed(found),
        seats=seats(found, meeting),
        situation=bool(found.situation.strip()),
        offers=[
            steps.Offer(o.name, o.cost, getattr(o, "funded", None) or Decimal(0)) for o in options(found)
        ],
        noticed=meeting is not None,
        held=meeting is not None and meeting.state == MeetingState.HELD,
        speeches=len(speeches),
        facts_stated=speeches.count("fact"),
        agreement=Agreement(ended.agreement) if ended else None,
        posted_until=posting.until if posting else None,
        objections_open=objections.count(ObjectionState.OPEN),
        objections_upheld=objections.count(ObjectionState.UPHELD),
        tasks=len(tasks),
        tasks_draft=sum(t.state == TaskState.DRAFT for t in tasks),
        tasks_running=sum(t.state == TaskState.HANDED for t in tasks),
        tasks_failed=sum(t.state == TaskState.FAILED for t in tasks),
        tasks_uninspected=sum(not t.seen for t in tasks),
        evaluations=len(opinions),
        dissatisfied=opinions.count(Satisfaction.DISSATISFIED),
    )


def parts(poll: Poll) -> list[common_property.ExclusivePart]:
    """The register of the estate with the ballots of this vote."""
    chosen = dict(poll.ballots.values_list("household_id", "choice"))
    return [
        common_property.ExclusivePart(
            home.room,
            home.area,
            home.owner,
            Standing(home.standing),
            home.counted,
            Choice(chosen[home.pk]) if home.pk in chosen else None,
        )
        for home in Household.objects.filter(estate=poll.estate_id).order_by("room")
    ]


def result(poll: Poll) -> common_property.Result:
    """The result of a vote: as it was closed, else as it stands. MixedVotes when it cannot be counted."""
    matter = CommonMatter(poll.matter)
    if poll.sums:
        return common_property.judge(matter, sums_of(poll.sums))
    return common_property.tally(matter, parts(poll))


def sums_of(given: Mapping[str, Any]) -> common_property.Sums:
    """Sums out of a form or as a closed vote keeps them."""
    return common_property.Sums(
        int(given["people"]),
        Fraction(given["area"]),
        int(given["people_voting"]),
        Fraction(given["area_voting"]),
        int(given["people_consenting"]),
        Fraction(given["area_consenting"]),
    )


def suggestions(by: Person | None) -> list[dict[str, Any]]:
    """Proposals of one kind from one place that are many enough to be a topic, most first."""
    data = steps_rule()
    since = this_day() - timedelta(days=int(data["suggest_days"]))
    rows = objects(Proposal, by=by).filter(topic=None, made_on__gte=since).order_by()
    groups = rows.values("kind", "community", "estate", "community__name", "estate__name")
    found = groups.annotate(n=Count("pk")).filter(n__gte=int(data["suggest_from"]))
    return [dict(group) for group in found.order_by("-n", "kind")]


def similar(found: Topic, by: Person | None) -> QuerySet[Proposal]:
    """Proposals of the same kind and place that belong to no topic yet."""
    rows = objects(Proposal, by=by).filter(topic=None, kind=found.kind, community=found.community_id)
    return rows.filter(estate=found.estate_id) if found.estate_id else rows


def has_similar(found: Topic) -> bool:
    """Whether anything could be merged into it."""
    rows = Proposal.objects.filter(topic=None, kind=found.kind, community=found.community_id)
    return (rows.filter(estate=found.estate_id) if found.estate_id else rows).exists()


def mine(by: Person) -> QuerySet[Topic]:
    """Open topics she reaches, the most urgent first."""
    rows = objects(Topic, by=by).filter(state=State.OPEN)
    return rows.select_related("community", "estate", "convener").order_by("due_on", "pk")


def postings() -> QuerySet[Posting]:
    """What the public may read: posted conclusions, newest first."""
    rows = Posting.objects.filter(posted_on__lte=this_day())
    tasks = Prefetch("conclusion__tasks", Task.objects.select_related("unit", "problem"))
    return rows.select_related(
        "conclusion__topic__community", "conclusion__topic__estate", "conclusion__option", "conclusion__poll"
    ).prefetch_related("conclusion__option__funds", tasks)


def posting(key: int) -> Posting:
    """One posted conclusion; Http404 otherwise."""
    found = postings().filter(pk=key).first()
    if found is None:
        raise Http404(_("没有这条公示。"))
    return found


def takes_objections(found: Posting) -> bool:
    """Within the period of posting, and while this round is the one that counts."""
    own = found.conclusion
    return found.posted_on <= this_day() <= found.until and own.round == own.topic.round


def participant_of(found: Topic, by: Person) -> Participant | None:
    """Her own seat at the table."""
    return found.participants.filter(person=by).first()


def measures(by: Person | None) -> dict[str, tuple[int, int]]:
    """(part, whole) of each measure: share of screened that became topics, of conclusions that are
    consensus, of
    tasks carried out, carried out in time, of evaluations that are satisfied, of topics that came back."""
    topics = Topic.objects.all() if by is None else objects(Topic, by=by)
    keys = topics.values("pk")
    screened = topics.exclude(verdict="")
    ended = Conclusion.objects.filter(topic__in=keys)
    tasks = Task.objects.filter(conclusion__topic__in=keys).exclude(state=TaskState.DRAFT)
    opinions = Evaluation.objects.filter(topic__in=keys)
    due = tasks.filter(Q(due_on__lt=this_day()) | Q(state__in=(TaskState.DONE, TaskState.FAILED)))
    adopted = topics.filter(verdict=Verdict.ADOPT)
    return {
        "adopted": (adopted.count(), screened.count()),
        "consensus": (ended.filter(agreement=Agreement.CONSENSUS).count(), ended.count()),
        "carried_out": (tasks.filter(state=TaskState.DONE).count(), tasks.count()),
        "in_time": (due.filter(state=TaskState.DONE, done_on__lte=F("due_on")).count(), due.count()),
        "satisfied": (opinions.exclude(satisfaction=Satisfaction.DISSATISFIED).count(), opinions.count()),
        "repeated": (adopted.filter(round__gt=1).count(), adopted.count()),
    }


def attendances(by: Person | None) -> int:
    """How often somebody sat at a table."""
    rows = Meeting.objects.all() if by is None else objects(Meeting, by=by)
    return rows.aggregate(n=Count("attended"))["n"] or 0


def cycle(by: Person | None) -> float | None:
    """Calendar days from registration to the archive, on average; None before the first."""
    rows = objects(Topic, by=by) if by is not None else Topic.objects.all()
    spans = rows.filter(state=State.ARCHIVED).values_list("registered_on", "archived_on")
    days = [(end - start).days for start, end in spans if end]
    return sum(days) / len(days) if days else None
