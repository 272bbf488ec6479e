"""A real browser against a real server on a database of its own, with a real worker process beside it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

from tests.demonstration import url_of
from tests.journeys.steps import Visitor, log_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address(own_district: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    """A server over a clone of the demonstration district; its address."""
    settings.MEDIA_ROOT = tmp_path / "files"
    shutil.copytree(Path(os.environ["HONGTU_HOME"]) / "files", settings.MEDIA_ROOT)  # the district's photos
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    thread.join()


@pytest.fixture
def worker(address: str, own_district: str, tmp_path: Path) -> Iterator[None]:
    """The background worker as it runs beside a server: a process of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": url_of(own_district),
        "HONGTU_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
    }
    process = subprocess.Popen([sys.executable, "-m", "hongtu", "worker"], env=environment)
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Visitor]]:
    """`visit("zhongxin", width=390)`: a browser of her own, logged in through the page."""
    contexts = []

    def make(username: str = "", width: int = 1440) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        context.set_default_timeout(30_000)
        contexts.append(context)
        visitor = Visitor(context.new_page(), address)
        if username:
            log_in(visitor, username)
        return visitor

    yield make
    for context in contexts:
        context.close()
