"""The pages over many problems: queries and milliseconds at 1,000 and at 100,000 (`--full`: 1,000,000) rows.

“My day”, the agenda of a meeting, the measures with both denominators, the ledger, and what residents and
Open311 clients read. Every problem has a reporter, one in five is open; twelve sub-districts, twenty offices.

Peer of “my day”: every open problem of the unit loaded and sorted in Python, as a naive list view does. Peer
of the measures: the rows of the period loaded and counted in Python, as a spreadsheet does. Uses a database
of its own and drops it. Nothing is cached between two requests: each reads the rows as they are.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")

PROBLEMS = """
    INSERT INTO problem_spine_problem (version, created_at, changed_at, number, kind, source, title, description,
        attributes, urgency, confidentiality, address, state, resume_state, proposal, clock, clock_due_at, due_at,
        first_due_at, respond_by, reported_at, contacted_at, asked_at, verified_at, closed_at, measures, extensions,
        suspensions_used, redone, disputes, reopened, origin, outcome, solved_in_time, demonstration, doers,
        owner_unit_id, desk_id, lead_unit_id, handling_unit_id, subdistrict_id, category_id)
    SELECT 1, now(), now(), '1999-' || n, CASE WHEN n %% 50 = 0 THEN 'order' ELSE 'problem' END,
        CASE WHEN n %% 50 = 0 THEN 'meeting' ELSE 'web' END, 'Problem ' || n, '', '{}', 'general', n %% 2, '',
        CASE WHEN open THEN 'working' ELSE 'solved' END, '', '', CASE WHEN open THEN 'work' ELSE '' END,
        CASE WHEN open THEN at + interval '7 days' END, at + interval '7 days', at + interval '7 days',
        at + interval '7 days', at, at + interval '1 day', CASE WHEN NOT open THEN at + interval '5 days' END,
        CASE WHEN NOT open THEN at + interval '6 days' END, CASE WHEN NOT open THEN at + interval '8 days' END, '',
        0, 0, 0, 0, 0, true, CASE WHEN open THEN 'open' ELSE 'solved' END, NOT open, false, '[]',
        CASE WHEN open THEN office END, street, office, office, street, kind
    FROM (
        SELECT n, n %% 5 = 0 AS open, now() - (n %% 118 + 1) * interval '1 day' AS at,
            (%(offices)s::bigint[])[1 + n %% 20] AS office, (%(streets)s::bigint[])[1 + n %% 12] AS street,
            %(kind)s::bigint AS kind
        FROM generate_series(1, %(rows)s) AS n
    ) AS made
"""  # noqa: E501
AROUND = (
    """INSERT INTO problem_spine_reporter (version, created_at, changed_at, name, phone, email, words, code,
        link_hash, satisfaction, problem_id)
    SELECT 1, now(), now(), '', '', '', '', 'C' || id, id, CASE WHEN outcome = 'open' OR id % 3 = 0 THEN ''
        WHEN id % 7 = 0 THEN 'dissatisfied' ELSE 'satisfied' END, id FROM problem_spine_problem""",
    """INSERT INTO problem_spine_logentry (problem_id, at, move, state, text, public)
    SELECT id, reported_at, 'report', 'reported', '', true FROM problem_spine_problem""",
    """INSERT INTO problem_spine_result (version, created_at, changed_at, state, summary, cost, funding,
        published, problem_id)
    SELECT 1, now(), now(), 'standing', 'Done', 10, '', true, id FROM problem_spine_problem
    WHERE outcome = 'solved'""",
    """INSERT INTO dispatch_escalation (version, created_at, changed_at, name, level, cause, since, days,
        reason, "on", problem_id)
    SELECT 1, now(), now(), title, 3, 'clock', clock_due_at::date, 5, '{"pattern": "late", "values": {}}',
        now()::date, id FROM problem_spine_problem
    WHERE kind = 'order' AND clock <> '' AND clock_due_at < now()""",
)
TABLES = ("dispatch_agendaitem", "dispatch_meeting", "dispatch_escalation", "problem_spine_result",
          "problem_spine_logentry", "problem_spine_reporter", "problem_spine_problem")  # fmt: skip
STAFF = ("/problems/my-day/", "/problems/my-day/?band=late", "/problems/measures/", "/ledgers/problems/")
PUBLIC = ("/problems/", "/problems/results/", f"{OPEN311}/requests.json?page_size=50")


def measured(run: Callable[[], Any], times: int) -> tuple[float, int]:
    """(median milliseconds, queries) of a callable."""
    from django.db import connection

    spent = []
    seen: list[str] = []

    def count(execute: Any, sql: str, *more: Any) -> Any:
        seen.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        answer = run()
    if getattr(answer, "status_code", 200) != 200:
        raise SystemExit(f"the page answered {answer.status_code}")
    for _n in range(times):
        began = time.perf_counter()
        run()
        spent.append(1000 * (time.perf_counter() - began))
    return statistics.median(spent), len(seen)


def sorted_in_python(person: Any) -> None:
    """The peer of my day: load all, sort, cut."""
    from hongtu.kernel.problems.models import Problem
    from hongtu.kernel.problems.queries import own_units

    rows = Problem.objects.filter(owner_unit__in=own_units(person)).exclude(clock="")
    sorted(rows, key=lambda p: p.clock_due_at)[:50]


def counted_in_python(person: Any) -> None:
    """The peer of the measures: load the rows of the period, count them by place and office."""
    from django.utils import timezone

    from hongtu.kernel.access.policies import objects
    from hongtu.kernel.problems.models import Problem

    names = ("subdistrict", "lead_unit", "outcome", "first_due_at", "respond_by", "contacted_at")
    rows = objects(Problem, by=person).filter(reported_at__gte=timezone.now() - timedelta(days=120))
    found: Counter[Any] = Counter()
    for place, office, outcome, due, respond, contacted in rows.values_list(*names).iterator():
        late = due <= timezone.now()
        found[place, office, outcome, late, contacted is not None and contacted <= respond] += 1


def fill(house: dict[str, Any], rows: int) -> None:
    """Made-up rows, without history."""
    from django.db import connection

    streets, offices = house["streets"], house["offices"]
    values = {"offices": offices, "streets": streets, "kind": house["kind"], "rows": rows}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(PROBLEMS, values)
        for statement in AROUND:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def around(house: dict[str, Any]) -> dict[str, Any]:
    """Twelve sub-districts, twenty offices, one kind of problem."""
    from hongtu.kernel.problems.models import Category
    from tests.conftest import make_unit

    district = house["district"]
    streets = [make_unit(f"S{n}", f"Street {n}", "subdistrict", district) for n in range(11)]
    offices = [make_unit(f"O{n}", f"Office {n}", "department", district) for n in range(18)]
    return {
        "streets": [house["street"].pk, *(unit.pk for unit in streets)],
        "offices": [house["housing"].pk, house["city"].pk, *(unit.pk for unit in offices)],
        "kind": Category.objects.create(code="road", name="Road", group="Town").pk,
    }


def agenda(cast: list[Any], house: dict[str, Any], clients: dict[str, Any]) -> None:
    """Draw up the agenda of a meeting and show it."""
    from django.utils import timezone

    from hongtu.domains.dispatch import actions

    held = timezone.localdate() + timedelta(days=1)
    meeting = actions.plan_meeting(
        by=None, name="Dispatch", level=3, kind="joint", held_on=held, chair=cast[2], desk=house["district"]
    )
    took, queries = measured(lambda: actions.draw_agenda(by=None, meeting=meeting), 5)
    items = meeting.items.count()
    print(f"{'':>9}  agenda   drawn up: {items} items {took:39.0f} ms  {queries:3} queries")
    show("centre", clients["centre"], f"/dispatch/{meeting.pk}/")


def show(who: str, client: Any, page: str, peer: float | None = None) -> None:
    took, queries = measured(lambda: client.get(page), 7)
    ratio = f"  {peer / took:6.1f}x the plain way" if peer else ""
    print(f"{'':>9}  {who:8} {page:44} {took:7.0f} ms  {queries:3} queries{ratio}", flush=True)


def main(full: bool, keep: bool) -> None:
    """Seed, read, print. `keep`: leave the database for the next run with it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_databases, teardown_databases

    from hongtu.kernel.problems.models import Reporter
    from tests.kernel.problems import world

    kept = setup_databases(verbosity=0, interactive=False, keepdb=keep)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # the audit chains refuse to be emptied
            call_command("flush", verbosity=0, interactive=False)
            cursor.execute("SET session_replication_role = DEFAULT")
        house, cast = world.build()
        made = around(house)
        clients = {"officer": Client(SERVER_NAME="localhost"), "centre": Client(SERVER_NAME="localhost")}
        for name, person in (("officer", cast[4]), ("centre", cast[0])):
            clients[name].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for rows in (1_000, 1_000_000 if full else 100_000):
            fill(made, rows)
            print(f"{rows:>9,} problems", flush=True)
            for name, person in (("officer", cast[4]), ("centre", cast[0])):
                queue, _queries = measured(lambda p=person: sorted_in_python(p), 1)
                naive, _queries = measured(lambda p=person: counted_in_python(p), 1)
                for page in STAFF:
                    peer = naive if "measures" in page else queue if page.endswith("my-day/") else None
                    show(name, clients[name], page, peer)
            token = Reporter.objects.filter(problem__confidentiality=0, problem__kind="problem").first()
            for page in (*PUBLIC, f"{OPEN311}/tokens/{token.code if token else ''}.json"):
                show("public", Client(SERVER_NAME="localhost"), page)
            agenda(cast, house, clients)
    finally:
        teardown_databases(kept, verbosity=0, keepdb=keep)


if __name__ == "__main__":
    main("--full" in sys.argv, "--keep" in sys.argv)
