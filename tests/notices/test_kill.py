"""Fifty real workers killed with kill -9 while a thousand notices go out to a gateway that refuses, lies and
stalls: none is stuck, and none is received twice by who honours idempotency keys."""

import random
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.notices.actions import News, tell
from hongtu.kernel.notices.actions.telling import wake
from hongtu.kernel.notices.models import Delivery, Preference
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Person
from hongtu.ledger.jobs import retry_stalled
from tests.conftest import make_unit
from tests.mortal_workers import Workers, forget_jobs, heartbeats_stop
from tests.notices.gateway import Gateway

PEOPLE, EACH, KILLS, SEED = 20, 50, 50, 20261122


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway(bad=True)
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def workers(tmp_path: Path, transactional_db: None, gateway: Gateway) -> Iterator[Workers]:
    forget_jobs()
    settings = {
        "HONGTU_WEBHOOK_HOSTS": gateway.host,
        "HONGTU_WEBHOOK_SCHEMES": "http",
        "HONGTU_NOTICE_NETWORK": "host",
        "HONGTU_NOTICE_WAIT": "2",
    }
    made = Workers(Path(__file__).with_name("kill_worker.py"), tmp_path, settings)
    yield made
    made.close()


def thousand_notices(gateway: Gateway) -> None:
    district = make_unit("D", "示例区", "district")
    people = Person.objects.bulk_create(
        Person(username=f"p{n}", name=f"p{n}", pinyin=f"p{n}", unit=district, password="!")
        for n in range(PEOPLE)
    )
    Preference.objects.bulk_create(
        Preference(
            person=p,
            webhook_form="wecom",
            webhook_url=f"http://{gateway.host}/cgi-bin/webhook/send?key={p.pk}",
            quiet_from=time(0),
            quiet_to=time(0),
            quiet_rest_days=False,
        )
        for p in people
    )
    keys = [p.pk for p in people]
    news = [News(Kind.ASSIGNED, f"k{n}", f"事项{n}", Sentence(typed="请签收")) for n in range(EACH)]
    assert tell((item, keys) for item in news) == PEOPLE * EACH


def time_passes() -> None:
    """As if the pauses after failures were over, and the next look at the outbox were due."""
    Delivery.objects.filter(state="waiting").update(due_at=timezone.now())
    wake()


def test_fifty_workers_killed_while_a_thousand_notices_go_out(workers: Workers, gateway: Gateway) -> None:
    thousand_notices(gateway)
    dice, kills, runs = random.Random(SEED), 0, 0
    while kills < KILLS:
        time_passes()
        kills += workers.run(dice.randint(1, 150))[0]
        runs += 1
        assert runs < 2 * KILLS
    assert Delivery.objects.filter(state="waiting").exists(), (
        "there was something to send until the last kill"
    )
    while Delivery.objects.filter(state="waiting").exists():
        time_passes()
        assert not workers.run(0)[0]
        runs += 1
        assert runs < 4 * KILLS

    sent = {str(key) for key in Delivery.objects.filter(state="sent").values_list("pk", flat=True)}
    assert len(sent) == PEOPLE * EACH, "none stuck, none given up"
    assert set(gateway.taken) == sent, "every one arrived"
    assert set(gateway.taken.values()) == {1}, "none was taken twice"
    assert all(len(texts) == 1 for texts in gateway.texts.values()), "one key, one text"
    assert gateway.stalled and gateway.refused and gateway.lied
    repeated = (
        sum(gateway.requests.values()) - PEOPLE * EACH - gateway.stalled - gateway.refused - gateway.lied
    )
    assert repeated > 0, "some were killed between sending and keeping, and sent again under their key"
    queue_is_empty(workers)


def queue_is_empty(workers: Workers) -> None:
    """The jobs of the dead are taken up by the minute's look, and end."""
    heartbeats_stop()
    retry_stalled.configure(queue="notices", queueing_lock="look").defer(timestamp=0)
    workers.run(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT status FROM procrastinate_jobs WHERE queue_name = 'notices'")
        assert {status for (status,) in cursor.fetchall()} <= {"succeeded", "aborted"}


def test_the_gateway_of_the_test_tells_a_repeated_key(gateway: Any) -> None:
    assert [gateway.judge("a", "x") for _ in range(2)] == ["take", "repeat"]
