"""Write computed columns of many steps at once."""

from collections.abc import Mapping
from datetime import date

from django.db import connection

from hongtu.kernel.chains.scheduling import StepDates

_WRITE_DATES = """
    UPDATE chains_step AS step
    SET forecast_start = fresh.forecast_start, forecast_finish = fresh.forecast_finish,
        latest_start = fresh.latest_start, latest_finish = fresh.latest_finish,
        total_float = fresh.total_float, version = step.version + 1, changed_at = now()
    FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::date[], %s::date[], %s::int[])
        AS fresh(id, forecast_start, forecast_finish, latest_start, latest_finish, total_float)
    WHERE step.id = fresh.id
      AND (step.forecast_start, step.forecast_finish, step.latest_start, step.latest_finish, step.total_float)
          IS DISTINCT FROM
          (fresh.forecast_start, fresh.forecast_finish, fresh.latest_start, fresh.latest_finish,
           fresh.total_float)
"""
_WRITE_LIGHTS = """
    UPDATE chains_step AS step
    SET light = fresh.light, days_late = fresh.days_late, version = step.version + 1, changed_at = now()
    FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS fresh(id, light, days_late)
    WHERE step.id = fresh.id AND (step.light, step.days_late) IS DISTINCT FROM (fresh.light, fresh.days_late)
"""


def write_dates(found: Mapping[int, StepDates]) -> int:
    """Store the engine's dates; rows that already say so are left alone. Returns rows written."""
    keys = list(found)
    columns: list[list[date] | list[int]] = [
        [found[k].forecast_start for k in keys],
        [found[k].forecast_finish for k in keys],
        [found[k].latest_start for k in keys],
        [found[k].latest_finish for k in keys],
        [found[k].total_float for k in keys],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_DATES, [keys, *columns])
        return cursor.rowcount


def write_lights(lights: Mapping[int, tuple[str, int]]) -> int:
    """Store `{step: (light, working days late)}`; returns rows written."""
    keys = list(lights)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_LIGHTS, [keys, [lights[k][0] for k in keys], [lights[k][1] for k in keys]])
        return cursor.rowcount
