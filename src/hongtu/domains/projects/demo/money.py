"""Money by month and the approved reports of the closed months of the demonstration."""

import random
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from hongtu.domains.projects.models import Project

SEED = 20250426
# Share of the annual plan per month: winter is slow, autumn is full (示例).
CURVE = (0.04, 0.03, 0.08, 0.08, 0.09, 0.09, 0.08, 0.08, 0.11, 0.12, 0.11, 0.09)


def history(projects: Sequence[Project], today: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(month rows, report rows): twelve planned months each, the closed ones done and reported.

    About one project in eight lags behind its money; three key projects forgot their last report.
    """
    dice = random.Random(SEED)
    months: list[dict[str, Any]] = []
    reports: list[dict[str, Any]] = []
    forgetful = {p.pk for p in [p for p in projects if p.key_project][40::37]}
    for project in projects:
        plan = _months_of(project.annual_plan)
        lagging = dice.random() < 0.12 and project.sequence > 10
        for month, amount in enumerate(plan, 1):
            closed = month < today.month
            pace = dice.uniform(0.45, 0.85) if lagging else dice.uniform(0.92, 1.15)
            active = project.stage not in ("pool", "preparation") or dice.random() < 0.9
            done = (
                (amount * Decimal(str(round(pace, 3)))).quantize(Decimal(1))
                if closed and active
                else Decimal(0)
            )
            forgot = project.pk in forgetful and month == today.month - 1
            months.append(
                {"project": project, "year": today.year, "month": month, "plan": amount,
                 "done": Decimal(0) if forgot else done}
            )  # fmt: skip
            if closed and not forgot:
                reports.append(_report(project, today.year, month, done))
    return months, reports


def _months_of(annual: Decimal) -> list[Decimal]:
    """Twelve amounts on the curve whose sum is exactly the annual plan."""
    amounts = [(annual * Decimal(str(share))).quantize(Decimal(1)) for share in CURVE]
    amounts[9] += annual - sum(amounts, Decimal(0))
    return amounts


def _report(project: Project, year: int, month: int, done: Decimal) -> dict[str, Any]:
    """Most are handed in by the fifth of the month after, one in about sixteen some days late."""
    day = 7 if (project.sequence * 7 + month) % 16 == 0 else 2 + project.sequence % 4
    handed_in = datetime(year + month // 12, month % 12 + 1, day, 16)
    return {
        "submitted_at": timezone.make_aware(handed_in),
        "project": project, "period": f"{year}-{month:02}", "done": done, "progress": project.progress,
        "this_period": f"{month}月完成投资{done}万元，{project.progress}（示例）",
        "next_plan": "按年度推进工作链条图组织实施（示例）",
    }  # fmt: skip
