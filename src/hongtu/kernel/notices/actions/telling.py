"""Write notices and their rows in the outbox, in the transaction of what they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.notices import rules
from hongtu.kernel.notices.models import Delivery, Notice, Preference
from hongtu.kernel.notices.vocab import URGENT, Channel, DeliveryState, Kind, Pace
from hongtu.kernel.problems.terms import now

TASK, QUEUE = "notices.deliver", "notices"


@dataclass(frozen=True)
class News:
    """What is to be told. `key` makes it once a person; `at` is when it happened, None for now."""

    kind: Kind
    key: str
    title: str
    text: Sentence
    label: str = ""
    subject: int | None = None
    problem: int | None = None
    confidentiality: int = 1
    due_at: datetime | None = None
    at: datetime | None = None


def tell(batch: Iterable[tuple[News, Iterable[int]]]) -> int:
    """Tell each news to its people, by primary key; how many notices are new. A key somebody was told
    already is passed over, so that a job may run twice."""
    found = [(news, person) for news, people in batch for person in sorted(set(people))]
    if not found:
        return 0
    moment = now()
    wanted = [_notice(news, person, moment) for news, person in found]
    with transaction.atomic():
        Notice.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1000)
        fresh = set(Notice.objects.filter(pk__in=[n.pk for n in wanted]).values_list("pk", flat=True))
        made = [n for n in wanted if n.pk in fresh]
        _fill_outbox(made)
    return len(made)


def _notice(news: News, person: int, moment: datetime) -> Notice:
    return Notice(
        person_id=person,
        kind=news.kind,
        title=news.title[:200],
        text=news.text,
        subject_label=news.label,
        subject_key=news.subject,
        problem_id=news.problem,
        confidentiality=news.confidentiality,
        due_at=news.due_at,
        key=news.key[:120],
        at=news.at or moment,
    )


def _fill_outbox(notices: Sequence[Notice]) -> None:
    """A delivery for each notice and open channel; digests take up what may leave the house."""
    leaving = [n for n in notices if rules.outside(n.confidentiality) is not rules.Outside.NOTHING]
    wishes = {p.person_id: p for p in Preference.objects.filter(person__in={n.person_id for n in leaving})}
    at = timezone.now()
    single: list[tuple[Delivery, Notice]] = []
    digests: dict[tuple[int, Channel], list[Notice]] = {}
    for notice in leaving:
        wish = wishes.get(notice.person_id)
        for channel in wish.channels if wish else ():
            if wish and wish.pace == Pace.DAILY and not _through(wish, notice):
                digests.setdefault((notice.person_id, channel), []).append(notice)
            elif wish:
                due = send_at(wish, at, through=_through(wish, notice))
                single.append((Delivery(person_id=notice.person_id, channel=channel, due_at=due), notice))
    Delivery.objects.bulk_create([d for d, _n in single], batch_size=1000)
    through = Delivery.notices.through
    through._default_manager.bulk_create(
        [through(delivery_id=d.pk, notice_id=n.pk) for d, n in single], batch_size=2000
    )
    for (person, channel), found in digests.items():
        _add_to_digest(wishes[person], channel, found, at)
    if single or digests:
        transaction.on_commit(wake)


def _through(wish: Preference, notice: Notice) -> bool:
    return notice.kind == Kind.TEST or (wish.urgent_through and notice.kind in URGENT)


def send_at(wish: Preference, at: datetime, *, through: bool = False, digest: bool = False) -> datetime:
    """When a message to this person goes out, on the working calendar."""
    hours = rules.Hours(
        wish.quiet_from, wish.quiet_to, wish.quiet_rest_days, wish.digest_at if digest else None
    )
    local = timezone.localtime(at).replace(tzinfo=None)
    found = rules.send_at(local, hours, working_calendar().is_working, through=through)
    return at if found == local else timezone.make_aware(found)


def _add_to_digest(wish: Preference, channel: Channel, notices: Sequence[Notice], at: datetime) -> None:
    """Put notices into the open digest. One that the worker freezes in this moment is no longer open, so
    the next one is begun: the row is locked before anything is added."""
    open_ones = Delivery.objects.select_for_update().filter(
        person=wish.person_id, channel=channel, digest=True, state=DeliveryState.WAITING, body=""
    )
    found = open_ones.first()
    while found is None:
        due = send_at(wish, at, digest=True)
        row = Delivery(person_id=wish.person_id, channel=channel, digest=True, due_at=due)
        Delivery.objects.bulk_create([row], ignore_conflicts=True)
        found = open_ones.first()
    through = Delivery.notices.through
    through._default_manager.bulk_create(
        [through(delivery_id=found.pk, notice_id=n.pk) for n in notices], ignore_conflicts=True
    )


def wake() -> None:
    """Have the outbox looked at now. The minute's look finds everything anyway: the outbox is what counts,
    so a look that already waits in the queue is as good as ours."""
    try:
        app.configure_task(TASK, queue=QUEUE, queueing_lock=TASK).defer(timestamp=0)
    except AlreadyEnqueued:
        return
