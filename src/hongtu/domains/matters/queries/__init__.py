"""Every read of matters. What residents read needs no account: published guides in force, nothing else."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.http import Http404
from django.utils.translation import gettext as _

from hongtu.domains.matters import rules, vocab
from hongtu.domains.matters.models import (
    Approval,
    Bundle,
    Conversation,
    ForbiddenRequest,
    Guide,
    GuideFile,
    HandbookTick,
    Handover,
    ManualTick,
    Matter,
    Referral,
    Turn,
)
from hongtu.domains.matters.rules.elements import ELEMENTS
from hongtu.kernel.access.policies import Policy, can, get, objects, protect
from hongtu.kernel.people.models import Person

DOMAIN = "matters"
PARTS = ("materials", "steps", "offices__place", "files")

protect(Matter, Policy(DOMAIN, unit_paths=("unit__path",), everyone=True))
protect(Guide, Policy(DOMAIN, unit_paths=("matter__unit__path",), everyone=True))
for _register in (Bundle, ForbiddenRequest, Referral):
    protect(_register, Policy(DOMAIN, everyone=True))
protect(Handover, Policy(DOMAIN, unit_paths=("unit__path",), person_paths=("helper",)))
protect(Conversation, Policy(DOMAIN, unit_paths=("handovers__unit__path",)))


def in_force(on: date, kind: str = "") -> QuerySet[Guide]:
    """The one published version of each matter that counts on a day; expired and suspended ones are out.

    A newer version that has come into effect replaces the older for good: when it expires, the older
    does not come back.
    """
    latest = (
        Guide.objects.filter(state=vocab.GuideState.PUBLISHED, effective_from__lte=on)
        .order_by("matter_id", "-number")
        .distinct("matter_id")
    )
    rows = Guide.objects.filter(pk__in=latest.values("pk"), matter__suspended=False)
    rows = rows.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))
    if kind:
        rows = rows.filter(matter__kind=kind)
    return rows.select_related("matter__unit", "matter__helper").order_by("matter__code")


def whole(on: date, kind: str = "") -> QuerySet[Guide]:
    """Guides in force with their materials, steps and offices."""
    return in_force(on, kind).prefetch_related(*PARTS)


def with_parts(rows: QuerySet[Guide]) -> QuerySet[Guide]:
    """Guides with all that they are made of."""
    return rows.select_related("matter__unit", "matter__helper", "decided_by").prefetch_related(*PARTS)


def versions_in_force(on: date) -> dict[str, tuple[int, ...]]:
    """{matter code: (key of the guide, its version, its matter's version)}; changes with either."""
    rows = in_force(on).values_list("matter__code", "pk", "version", "matter__version")
    return {row[0]: tuple(row[1:]) for row in rows}


def public_guide(code: str, on: date) -> Guide:
    """The guide of a matter that residents read today; Http404 when there is none in force."""
    found = whole(on).filter(matter__code=code).first()
    if found is None:
        raise Http404(_("没有这个事项，或它的办事指南目前不在有效期内。"))
    return found


def public_matters(on: date, *, text: str = "", theme: str = "", kind: str = "") -> QuerySet[Guide]:
    """The list for residents, by name, by what people call it, by pinyin or its initials."""
    # The stored key has a space after each syllable; people type syllables together.
    joined = Replace("matter__pinyin", Value(" "), Value(""))
    rows = in_force(on, kind).alias(joined=joined)
    if theme:
        rows = rows.filter(matter__theme=theme)
    for word in text.lower().split()[:6]:
        bare = word.replace("'", "")
        rows = rows.filter(
            Q(matter__name__icontains=word)
            | Q(matter__aliases__icontains=word)
            | Q(matter__line__icontains=word)
            | Q(matter__initials__contains=bare)
            | Q(joined__contains=bare)
        )
    return rows


def stamp(on: date) -> str:
    """Changes whenever anything an answer is made of changes, or the day does."""
    found = Guide.objects.aggregate(n=Count("pk"), last=Max("changed_at"))
    matters = Matter.objects.aggregate(n=Count("pk"), last=Max("changed_at"))
    others = Referral.objects.aggregate(n=Count("pk"), last=Max("changed_at"))
    return f"{on}|{found}|{matters}|{others}"


def referrals() -> QuerySet[Referral]:
    return Referral.objects.all()


def bundles() -> QuerySet[Bundle]:
    return Bundle.objects.prefetch_related("items__matter")


def bundle(code: str) -> Bundle:
    found = bundles().filter(code=code).first()
    if found is None:
        raise Http404(_("没有这个“一件事”。"))
    return found


def guide(key: int, by: Person, to: str = "read") -> Guide:
    """One version for staff, whatever its state."""
    return get(Guide, key, by=by, to=to)


def versions(matter: Matter) -> QuerySet[Guide]:
    return matter.guides.select_related("drafted_by", "decided_by").order_by("-number")


def waiting(by: Person) -> QuerySet[Guide]:
    """Versions that wait for this person's decision; her own are decided by somebody else."""
    rows = objects(Guide, by=by, to="approve") if can(by, "matters.approve") else Guide.objects.none()
    return (
        rows.filter(state=vocab.GuideState.SUBMITTED)
        .exclude(drafted_by=by)
        .select_related("matter", "drafted_by")
        .order_by("submitted_at")
    )


def drafts(by: Person) -> QuerySet[Guide]:
    """What this person has in hand: her drafts and what was returned to her."""
    return (
        objects(Guide, by=by, to="change")
        .filter(drafted_by=by, state__in=(vocab.GuideState.DRAFT, vocab.GuideState.RETURNED))
        .select_related("matter")
        .order_by("matter__code")
    )


def overdue(on: date) -> QuerySet[Guide]:
    """Guides in force whose review date has passed, the longest overdue first."""
    rows = in_force(on).filter(Q(reviewed_on__isnull=True) | Q(reviewed_on__lt=on - rules.REVIEW_EVERY))
    return rows.order_by("reviewed_on", "matter__code")


def expiring(on: date, within: int = 30) -> QuerySet[Guide]:
    """Guides in force that end within so many days and have no successor yet."""
    return in_force(on).filter(expires_on__lte=on + timedelta(within)).order_by("expires_on")


def incomplete(on: date, *, by: Person | None = None, lacking: str = "") -> QuerySet[Guide]:
    """Guides in force that lack mandatory elements, those that lack most first; `lacking` names one of them,
    `by` keeps to what this person may change."""
    rows = in_force(on).select_related("standing").filter(standing__lacking__len__gt=0)
    if lacking:
        rows = rows.filter(standing__lacking__contains=[lacking])
    if by is not None:
        rows = rows.filter(pk__in=objects(Guide, by=by, to="change").values("pk"))
    return rows.order_by("-standing__lacking__len", "matter__code")


def lacking_counts(on: date) -> dict[str, int]:
    """{element: how many guides in force lack it}, the most lacked first."""
    found: dict[str, int] = {}
    for keys in in_force(on).order_by().values_list("standing__lacking", flat=True):
        for key in keys or ():
            found[key] = found.get(key, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def completeness(on: date) -> float:
    """Mean share of the 78 elements that guides in force have filled, 0 to 1."""
    mean = in_force(on).order_by().aggregate(mean=Avg("standing__filled"))["mean"]
    return float(mean or 0) / len(ELEMENTS)


def approvals(on: date) -> list[dict[str, Any]]:
    """Approval matters in force as rows of `engines.schedule.approvals.load_matters`.

    Predecessors that are not in force are left out, so that the network stays whole.
    """
    guides = {g.matter_id: g for g in in_force(on, vocab.MatterKind.APPROVAL)}
    found = list(Approval.objects.filter(matter__in=guides).select_related("matter").order_by("matter__code"))
    known = {a.matter.code for a in found}
    return [
        {
            "id": a.matter.code,
            "name": a.matter.name,
            "dept": a.department,
            "type": a.procedure,
            "stage": a.stage,
            "legal_days": str(guides[a.matter_id].legal_days or ""),
            "legal_basis": guides[a.matter_id].basis,
            "commit_days": str(guides[a.matter_id].promised_days or 0),
            "prep_days": str(a.preparation_days),
            "unit": "自" if a.calendar_days else "工",
            "preds": ",".join(p for p in a.predecessors if p in known) or "-",
            "applies": a.applies,
        }
        for a in found
    ]


def ticks(project: int) -> dict[tuple[str, str], HandbookTick]:
    """{(matter code, material or ""): tick} of what a project has done."""
    rows = HandbookTick.objects.filter(project=project, done_on__isnull=False).select_related("matter", "by")
    return {(t.matter.code, t.material): t for t in rows}


def manual_ticks(project: int) -> dict[tuple[str, str], ManualTick]:
    """{(node, item or ""): tick} of what a project has done of the full-cycle manual."""
    rows = ManualTick.objects.filter(project=project, done_on__isnull=False).select_related("by")
    return {(t.node, t.item): t for t in rows}


def guide_file(key: int, on: date) -> GuideFile | None:
    """A file that residents may fetch: of a guide in force."""
    return GuideFile.objects.filter(pk=key, guide__in=in_force(on).values("pk")).first()


def conversation(key: str) -> Conversation | None:
    return Conversation.objects.select_related("matter").filter(key=key).first() if key else None


def handovers(by: Person, state: str = vocab.HandoverState.WAITING) -> QuerySet[Handover]:
    """The queue of this person's unit, the most urgent first."""
    rows = objects(Handover, by=by, to="answer").filter(state=state)
    return rows.select_related("matter", "unit", "conversation", "helper", "draft").order_by("due_at", "pk")


def handover(key: int, by: Person) -> Handover:
    return get(Handover, key, by=by, to="answer")


def unanswered(since: date, limit: int = 100) -> list[dict[str, Any]]:
    """Questions without an answer, the most frequent first, for the editors."""
    rows = (
        Turn.objects.filter(
            speaker=vocab.Speaker.ASSISTANT,
            outcome__in=(vocab.Outcome.REFUSED, vocab.Outcome.HANDED_OVER),
            conversation__started_on__gte=since,
        )
        .values("record__question", "outcome")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-times", "-last")
    )
    return [
        {
            "question": r["record__question"] or "",
            "outcome": r["outcome"],
            "times": r["times"],
            "last": r["last"],
        }
        for r in rows[:limit]
    ]


def complaints(limit: int = 100) -> QuerySet[Any]:
    """Answers that askers found wanting, newest first."""
    from hongtu.domains.matters.models import Feedback

    return (
        Feedback.objects.exclude(reason=vocab.FeedbackReason.HELPFUL)
        .select_related("turn__conversation__matter")
        .order_by("-at")[:limit]
    )


def figures(on: date) -> dict[str, int]:
    """matters and approvals with a guide in force; assists: conversations that ended with the thing done."""
    counts = dict(in_force(on).order_by().values_list("matter__kind").annotate(n=Count("pk")))
    return {
        "matters": counts.get(vocab.MatterKind.SERVICE, 0),
        "approvals": counts.get(vocab.MatterKind.APPROVAL, 0),
        "assists": Conversation.objects.filter(assisted=True).count(),
        "handovers_waiting": Handover.objects.filter(state=vocab.HandoverState.WAITING).count(),
    }


def free_code() -> str:
    """A code that no matter bears yet, for one that comes out of a document."""
    taken = (
        Matter.objects.filter(code__regex=r"^DR[0-9]{4}$").order_by("-code").values_list("code", flat=True)
    )
    last = next(iter(taken[:1]), "DR0000")
    return f"DR{int(last[2:]) + 1:04d}"


def matters_by_code(codes: Iterable[str]) -> dict[str, Matter]:
    return {m.code: m for m in Matter.objects.filter(code__in=list(codes))}
