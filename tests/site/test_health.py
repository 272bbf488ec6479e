"""`hongtu doctor` notices a worker that is gone, a disk that fills up and a missing sentence model."""

from collections import namedtuple
from pathlib import Path

import pytest
from django.db import connection

from hongtu.ledger.jobs import retry_stalled
from hongtu.site import health

Usage = namedtuple("Usage", "total used free")


def found(name: str, probe: str) -> tuple[str, str]:
    (check,) = getattr(health, probe)()
    assert check.name == name
    return check.state, check.words


def workers(*ages: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")
        for age in ages:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1s')",
                [age],
            )


def test_a_worker_shows_by_its_heartbeat(db: None) -> None:
    workers()
    assert found("worker", "_worker")[0] == "warning"
    workers(600)
    retry_stalled.defer(timestamp=0)
    state, words = found("worker", "_worker")
    assert (state, "1 jobs waiting" in words, "hongtu worker" in words) == ("failed", True, True)
    workers(600, 5)
    assert found("worker", "_worker") == ("ok", "1 at work, 0 jobs waiting")


@pytest.mark.parametrize(("free", "state"), [(0.5, "failed"), (3, "warning"), (100, "ok")])
def test_the_disk(monkeypatch: pytest.MonkeyPatch, free: float, state: str) -> None:
    usage = Usage(200 * 2**30, 0, int(free * 2**30))
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: usage)
    assert found("disk", "_disk")[0] == state


def test_the_sentence_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from hongtu.engines.search import weights

    assert found("sentence model", "_model")[0] == "ok"
    monkeypatch.setattr(weights, "find_weights", lambda: None)
    assert found("sentence model", "_model")[0] == "warning"
    broken = tmp_path / "weights.bin"
    broken.write_bytes(b"nothing")
    monkeypatch.setattr(weights, "find_weights", lambda: broken)
    assert found("sentence model", "_model")[0] == "failed"
