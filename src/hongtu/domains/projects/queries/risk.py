"""Reads of the risk, version and approval pages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.projects.models import MonthlyInvestment
from hongtu.domains.projects.rules.risk import RISK_RULES
from hongtu.kernel.chains.models import Chain, ChainRisk
from hongtu.kernel.profile.models import rule

SUBJECT = "projects.project"


def risk_rules(on: date | None = None) -> Any:
    """The spreads and correlations in force; the built-in ones where a district was set up before them."""
    from hongtu.kernel.chains.risk import RiskRules

    try:
        data = rule("projects.risk", on)
    except LookupError:
        data = RISK_RULES
    return RiskRules.of(data)


def risk_model(chains: Sequence[Chain], data_date: date, steps: Any = None) -> Any:
    """Chains as a risk model, durations as learned from finished steps; None when no chain has a step."""
    from hongtu.kernel.chains import risk  # numba loads only when a plan is computed

    rules = risk_rules(data_date)
    try:
        return risk.risk_model(chains, data_date, rules, risk.histories(rules), steps=steps)
    except LookupError:
        return None


def planned_money(keys: Iterable[int]) -> dict[int, dict[tuple[int, int], Decimal]]:
    """{project: {(year, month): planned 万元}}, one query."""
    found: dict[int, dict[tuple[int, int], Decimal]] = defaultdict(dict)
    rows = MonthlyInvestment.objects.filter(project__in=list(keys))
    for key, year, month, plan in rows.values_list("project_id", "year", "month", "plan"):
        found[key][year, month] = plan
    return found


def risks(keys: Any, year: int) -> QuerySet[ChainRisk]:
    """Stored risks of the chains of projects (a list of keys or a sub-query), the most endangered first."""
    rows = ChainRisk.objects.filter(
        chain__subject_label=SUBJECT, chain__subject_key__in=keys, chain__year=year, chain__kind="annual"
    )
    return rows.select_related("chain").order_by("chance", "-money_delayed", "chain__subject_key")


def known_moments(chain: Chain) -> list[tuple[datetime, str]]:
    """Moments at which the plan of a chain was a different one, the present last."""
    from hongtu.kernel.chains import versions

    return [*versions.moments(chain), (timezone.now(), _("现在"))]


def compared(chain: Chain, old: datetime, new: datetime) -> Any:
    """Two versions of a chain's plan by what was known when: engine `Comparison`."""
    from hongtu.kernel.chains import versions

    return versions.compared(chain, old, new)


def approval_check(project_type: str, on: date | None = None) -> dict[str, str] | None:
    """What was published of the network of this type of project, to compare with; None when nothing was."""
    try:
        rows = rule("projects.approvals", on).get("check", [])
    except LookupError:
        return None
    return next((row for row in rows if row["project_type"] == project_type), None)


def approval_matters(on: date | None = None) -> list[dict[str, str]]:
    """The district's approval matters, [] when none were loaded."""
    try:
        return list(rule("projects.approvals", on)["matters"])
    except LookupError:
        return []
