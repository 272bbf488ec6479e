"""A private link opens a resident's report: no log may repeat it."""

import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client

LINK = "Ab3-secret_token-of-43-characters-xxxxxxxxxx"


@pytest.fixture(autouse=True)
def _only_our_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """dictConfig closes all handlers there are; that of absl, which OR-Tools brings along, would close
    pytest's own stream with it."""
    monkeypatch.setattr(logging, "_handlerList", [])


def test_the_link_is_left_out_of_whatever_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(settings.LOGGING)
    log = logging.getLogger("django.request")
    log.warning("Not Found: %s", f"/problems/mine/{LINK}/")
    logging.getLogger("django.server").info('"GET /problems/mine/%s/answer/3/ HTTP/1.1" 200 12', LINK)
    try:
        raise ValueError(f"http://x/problems/mine/{LINK}/?a=1")
    except ValueError:
        logging.getLogger("hongtu").exception("failed")
    written = capfd.readouterr().err
    assert LINK not in written
    assert written.count("/problems/mine/…") >= 3 and "answer/3/" in written


@pytest.mark.django_db
def test_a_wrong_link_is_not_repeated(capfd: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(settings.LOGGING)
    assert Client().get(f"/problems/mine/{LINK}/").status_code == 404
    assert LINK not in capfd.readouterr().err
