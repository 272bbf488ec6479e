"""Decide the lights of projects and their steps, in bulk."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from hongtu.domains.projects import queries, rules, vocab
from hongtu.domains.projects.models import Project
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.actions import recompute
from hongtu.kernel.chains.events import ChainsChanged
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.store import write_lights
from hongtu.kernel.events import subscribe
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import rule, today

_WRITE = """
    UPDATE projects_project AS project
    SET node_light = fresh.node, investment_light = fresh.investment, report_light = fresh.report,
        light = fresh.light, light_reason = fresh.reason, days_late = fresh.days_late,
        done_this_year = fresh.done, excused = fresh.excused,
        version = project.version + 1, changed_at = now()
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::int[],
                %s::numeric[], %s::bool[])
        AS fresh(id, node, investment, report, light, reason, days_late, done, excused)
    WHERE project.id = fresh.id
      AND (project.node_light, project.investment_light, project.report_light, project.light,
           project.light_reason, project.days_late, project.done_this_year, project.excused)
          IS DISTINCT FROM (fresh.node, fresh.investment, fresh.report, fresh.light, fresh.reason,
                            fresh.days_late, fresh.done, fresh.excused)
"""


def refresh(*, projects: Sequence[int]) -> None:
    """Decide the lights of projects and their steps anew, inside a running action; bulk."""
    if not projects:
        return
    now = today()
    facts = queries.light_facts(projects, now.year)
    data = rule("projects.lights", now)
    calendar = working_calendar()
    step_lights: dict[int, tuple[str, int]] = {}
    rows = []
    for project in Project.objects.filter(pk__in=projects):
        own = facts["steps"].get(project.pk, [])
        verdicts = [(s, rules.step_light(_step_facts(s), data, now, calendar.count)) for s in own]
        step_lights.update({s.pk: (v.light, v.days_late) for s, v in verdicts})
        rows.append(_decide(project, [v for _step, v in verdicts], facts, data, now))
    write_lights(step_lights)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def _step_facts(step: Step) -> rules.StepFacts:
    return rules.StepFacts(
        step.planned_finish,
        step.actual_start,
        step.actual_finish,
        step.critical,
        step.replanned,
        step.excused,
        step.total_float,
    )


def _decide(
    project: Project, nodes: list[rules.Verdict], facts: Mapping[str, Any], data: Mapping[str, Any], now: date
) -> tuple[Any, ...]:
    """One row of `_WRITE`."""
    year, month = rules.last_closed_month(now)
    months = facts["months"].get(project.pk, {}) if year == now.year else {}
    done = sum((d for _plan, d in facts["months"].get(project.pk, {}).values()), Decimal(0))
    until_month = sum((d for m, (_p, d) in months.items() if m <= month), Decimal(0))
    running = project.stage not in (vocab.Stage.SUSPENDED, vocab.Stage.WITHDRAWN, vocab.Stage.RESERVE)
    nothing = rules.Verdict(rules.NOT_DUE)
    planned = rules.planned_to_date(project.annual_plan, {m: p for m, (p, _d) in months.items()}, month)
    money = rules.investment_light(until_month, planned, data) if running and year == now.year else nothing
    period = f"{year}-{month:02}"
    reported = facts["reports"].get(project.pk, "") >= period
    report = (
        rules.report_light(reported, rules.report_due(year, month, data), data, now, working_calendar().count)
        if running and project.key_project
        else nothing
    )
    node = rules.Verdict(rules.worst(v.light for v in nodes))
    finished = project.stage in (vocab.Stage.COMPLETED, vocab.Stage.IN_USE, vocab.Stage.AT_CAPACITY)
    candidates = [*nodes, money, report]
    light = rules.DONE if finished else rules.worst(v.light for v in candidates)
    because = next((v for v in candidates if v.light == light and v.reason), rules.Verdict(light))
    reason = Sentence(because.reason, because.facts or {})
    excused = False
    change = facts["changes"].get(project.pk)
    if change and change.until >= now:
        light, excused = change.light, change.light == rules.EXCUSED
        reason = Sentence(typed=change.reason)
    days_late = max([v.days_late for v in nodes], default=0)
    return (
        project.pk,
        node.light,
        money.light,
        report.light,
        light,
        Jsonb(reason.as_json()),
        days_late,
        done,
        excused,
    )


@action("projects.refresh_lights")
def refresh_lights(*, by: Person | None) -> int:
    """Judge the whole district at today's date: dates of all chains, lights of all projects."""
    chains = list(Chain.objects.filter(subject_label=queries.SUBJECT, year=today().year))
    recompute(chains=chains, data_date=today())
    keys = list(Project.objects.values_list("pk", flat=True))
    refresh(projects=keys)
    note(projects=len(keys), chains=len(chains))
    return len(keys)


@subscribe(ChainsChanged)
def _chains_changed(event: ChainsChanged) -> None:
    keys = Chain.objects.filter(pk__in=event.chains, subject_label=queries.SUBJECT).values_list(
        "subject_key", flat=True
    )
    refresh(projects=list(keys))
