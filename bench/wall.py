"""The wall's HTML for 241 and for 24,100 projects: the same number of queries, medians side by side.

The peer is the small district itself: a page that scales prints a ratio far below the 100 times more rows.
Runs in a throw-away embedded database; `--runs N` pages each.
"""

import argparse
import statistics
import time

COPIES = 99


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--full", action="store_true", help="31 pages each")
    runs = 31 if parser.parse_args().full else parser.parse_args().runs
    from _district import demonstration_district  # found beside the script, not by who imports a part of it

    with demonstration_district():
        small = measure(runs)
        multiply()
        large = measure(runs)
        for words, found, aim in (("241", small, 150), ("24,100", large, 400)):
            size = f"{found[1]} queries, {found[2] / 1e3:.0f} kB"
            print(f"wall, {words:>6} projects: median {found[0]:6.1f} ms, {size} (aim {aim} ms)")
        print(f"ratio {large[0] / small[0]:.1f} for 100 times the projects")


def measure(runs: int) -> tuple[float, int, int]:
    """Median milliseconds, number of queries, bytes of the page as the promotion centre sees it."""
    from django.db import connection
    from django.test import Client

    from hongtu.kernel.people.models import Person

    client = Client()
    client.force_login(
        Person.objects.get(username="zhongxin"), backend="django.contrib.auth.backends.ModelBackend"
    )
    client.get("/")
    captured: list[str] = []

    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        captured.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        page = client.get("/")
    if page.status_code != 200:
        raise SystemExit(f"the wall answered {page.status_code}")
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        client.get("/")
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), len(captured), len(page.content)


def multiply(copies: int = COPIES) -> None:
    """A hundred districts' worth of rows: projects, months, chains, steps."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, extra in (
            ("places_place", {}),
            (
                "projects_project",
                {"name": "name || ' ' || g.n", "project_code": "''", "place_id": "place_id + g.n * 1000000"},
            ),
            ("projects_monthlyinvestment", {"project_id": "project_id + g.n * 1000000"}),
            ("chains_chain", {"subject_key": "subject_key + g.n * 1000000"}),
            ("chains_step", {"chain_id": "chain_id + g.n * 1000000"}),
        ):
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
            )
            columns = [row[0] for row in cursor.fetchall()]
            values = [extra.get(c, "id + g.n * 1000000" if c == "id" else f't."{c}"') for c in columns]
            names = ", ".join(f'"{c}"' for c in columns)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} t, "
                f"generate_series(1, {copies}) AS g(n)"
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
