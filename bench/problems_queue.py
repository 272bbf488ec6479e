"""“My day” and the measures page over many problems: queries and milliseconds. `--full`: 1,000,000 rows.

Peer: the rows read the plain way, every open problem of the unit loaded and sorted in
Python (what a spreadsheet or a naive list view does). Uses a database of its own and drops it.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")

SEED = """
    INSERT INTO problem_spine_problem (version, created_at, changed_at, number, kind, source, title, description,
        attributes, urgency, confidentiality, address, state, resume_state, proposal, clock, clock_due_at, due_at,
        first_due_at, respond_by, reported_at, contacted_at, asked_at, verified_at, closed_at, measures, extensions,
        suspensions_used, redone, disputes, reopened, origin, outcome, solved_in_time, demonstration, doers,
        owner_unit_id, desk_id, lead_unit_id, handling_unit_id, subdistrict_id)
    SELECT 1, now(), now(), '1999-' || n, 'problem', 'web', 'Problem ' || n, '', '{}', 'general', 0, '',
        CASE WHEN open THEN 'working' ELSE 'solved' END, '', '', CASE WHEN open THEN 'work' ELSE '' END,
        CASE WHEN open THEN at + interval '7 days' END, at + interval '7 days', at + interval '7 days',
        at + interval '7 days', at, at + interval '1 day', CASE WHEN NOT open THEN at + interval '5 days' END,
        CASE WHEN NOT open THEN at + interval '6 days' END, CASE WHEN NOT open THEN at + interval '8 days' END, '',
        0, 0, 0, 0, 0, true, CASE WHEN open THEN 'open' ELSE 'solved' END, NOT open, false, '[]',
        CASE WHEN open THEN office END, street, office, office, street
    FROM (
        SELECT n, n %% 5 = 0 AS open, now() - (n %% 120) * interval '1 day' AS at,
            (%s::bigint[])[1 + n %% 2] AS office, %s::bigint AS street
        FROM generate_series(1, %s) AS n
    ) AS made
"""  # noqa: E501


def measured(run: Any, times: int) -> tuple[float, int]:
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


def plain(officer: Any) -> None:
    """The peer: load all, sort, cut."""
    from hongtu.kernel.problems.models import Problem
    from hongtu.kernel.problems.queries import own_units

    rows = Problem.objects.filter(owner_unit__in=own_units(officer)).exclude(clock="")
    sorted(rows, key=lambda p: p.clock_due_at)[:50]


def main(full: bool) -> None:
    """Seed, read, print."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_databases, teardown_databases

    from tests.kernel.problems import world

    kept = setup_databases(verbosity=0, interactive=False)
    try:
        house, cast = world.build()
        clients = {}
        for name, person in (("officer", cast[4]), ("centre", cast[0])):
            clients[name] = Client(SERVER_NAME="localhost")
            clients[name].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for rows in (1_000, 1_000_000 if full else 100_000):
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")  # no history of made-up rows
                cursor.execute("DELETE FROM problem_spine_problem")
                cursor.execute(SEED, [[house["housing"].pk, house["city"].pk], house["street"].pk, rows])
                cursor.execute("SET session_replication_role = DEFAULT")
                cursor.execute("ANALYZE problem_spine_problem")
            peer, _queries = measured(lambda: plain(cast[4]), 3)
            for name, client in clients.items():
                for page in ("/problems/my-day/", "/problems/measures/", "/ledgers/problems/"):
                    took, queries = measured(lambda c=client, p=page: c.get(p), 7)
                    ratio = (
                        f", {peer / took:.1f}x the plain way"
                        if page.endswith("my-day/") and name == "officer"
                        else ""
                    )
                    print(
                        f"{rows:>9,} problems  {name:8} {page:22} {took:7.0f} ms  {queries:3} queries{ratio}"
                    )
    finally:
        teardown_databases(kept, verbosity=0)


if __name__ == "__main__":
    main("--full" in sys.argv)
