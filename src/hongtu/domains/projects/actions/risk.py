"""Compute and store the risk of chains: when dates change, and every night."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hongtu.domains.projects import queries
from hongtu.domains.projects.queries import risk as reads
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.chains.events import ChainsChanged
from hongtu.kernel.chains.models import Chain, ChainRisk
from hongtu.kernel.events import subscribe
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

RUNS = 4_000
FIELDS = (
    *("computed_on", "promised", "planned", "chance", "p50", "p80", "p95"),
    *("mean_delay", "money_delayed", "runs"),
)


def store_risks(*, chains: Sequence[Chain], data_date: date) -> int:
    """Analyse chains together and store what came out, inside a running action; queries do not grow with
    the number of chains."""
    from hongtu.engines.schedule.consequence import Spending  # numba loads only when a plan is computed
    from hongtu.engines.schedule.risk import RiskSettings, assess_risk

    model = reads.risk_model(chains, data_date)
    if model is None:
        return 0
    result = assess_risk(model, RiskSettings(RUNS, sensitivity=False, criticality=False))
    money = reads.planned_money([c.subject_key for c in chains])
    by_name = {str(chain.pk): chain for chain in chains}
    rows = []
    for found in result.promises:
        chain = by_name[found.name]
        plan = Spending({month: float(amount) for month, amount in money.get(chain.subject_key, {}).items()})
        horizon = date(data_date.year + 1, 1, 1)
        delayed = plan.delayed((found.p80 - chain.promised).days, data_date, horizon)
        rows.append(
            ChainRisk(
                chain=chain, computed_on=data_date, promised=chain.promised, planned=found.planned,
                chance=found.chance or 0.0, p50=found.p50, p80=found.p80, p95=found.p95,
                mean_delay=found.mean_delay_days, money_delayed=Decimal(str(round(delayed, 4))),
                runs=result.runs,
            )
        )  # fmt: skip
    ChainRisk.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["chain"], update_fields=list(FIELDS)
    )
    return len(rows)


@action("projects.refresh_risks")
def refresh_risks(*, by: Person | None) -> int:
    """Analyse the whole district at today's date."""
    chains = list(Chain.objects.filter(subject_label=queries.SUBJECT, year=today().year))
    stored = store_risks(chains=chains, data_date=today())
    note(chains=stored)
    return stored


@subscribe(ChainsChanged)
def _chains_changed(event: ChainsChanged) -> None:
    chains = list(Chain.objects.filter(pk__in=event.chains, subject_label=queries.SUBJECT))
    store_risks(chains=chains, data_date=today())
