"""Every read of projects, scoped by the person who asks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum

from hongtu.domains.projects.models import (
    ChainTemplate,
    Evidence,
    LightChange,
    MonthlyInvestment,
    PeriodReport,
    Project,
)
from hongtu.kernel.access.policies import Policy, get, objects, protect
from hongtu.kernel.chains.models import (
    Baseline,
    Chain,
    RiskBranch,
    RiskEvent,
    Step,
    StepDateChange,
    StepRelation,
)
from hongtu.kernel.people.models import Person
from hongtu.ledger.filters import search as matching

SUBJECT = "projects.project"
DOMAIN = "projects"
SEARCH = ("name", "alias", "pinyin", "initials", "project_code")


def _through(prefix: str = "") -> Policy:
    """The policy of a project, or of a record that belongs to one by `prefix`."""
    units = ("responsible_unit__path", "owner__path", "subdistrict__path", "supporting_units__path")
    people = ("leader", "owner_contact", "service_officer", "liaison")
    return Policy(
        DOMAIN,
        unit_paths=tuple(prefix + path for path in units),
        person_paths=tuple(prefix + path for path in people),
    )


protect(Project, _through())
for _model in (MonthlyInvestment, PeriodReport, LightChange, Evidence):
    protect(_model, _through("project__"))
protect(ChainTemplate, Policy(DOMAIN, everyone=True))
protect(Chain, Policy(DOMAIN, unit_paths=("unit__path",)))
protect(Step, Policy(DOMAIN, unit_paths=("chain__unit__path", "unit__path"), person_paths=("person",)))
protect(RiskEvent, Policy(DOMAIN, unit_paths=("chain__unit__path",)))
protect(RiskBranch, Policy(DOMAIN, unit_paths=("chain__unit__path",)))


def projects(by: Person | None) -> QuerySet[Project]:
    """The projects she may see, with all that a list or the wall shows, in one query."""
    return objects(Project, by=by).select_related(
        "responsible_unit", "owner", "subdistrict", "leader", "service_officer", "place"
    )


def search(text: str) -> QuerySet[Project]:
    """Projects by name, pinyin, initials or code, as the ledger's own search box finds them; not scoped."""
    return matching(Project.objects.order_by(), SEARCH, text)


def project(key: int, by: Person | None, to: str = "read") -> Project:
    """One project; Http404 when it is hidden or missing."""
    return get(Project, key, by=by, to=to)


def chain_of(project: Project, year: int | None = None) -> Chain | None:
    """The annual chain of a project: of the year asked for, else the newest."""
    chains = Chain.objects.filter(subject_label=SUBJECT, subject_key=project.pk, kind="annual")
    if year:
        chains = chains.filter(year=year)
    return chains.order_by("-year").first()


def project_of(chain: Chain, by: Person | None, to: str = "read") -> Project:
    """The project a chain belongs to, within her rights."""
    return get(Project, chain.subject_key, by=by, to=to)


def chains_of(keys: Iterable[int], year: int | None = None) -> QuerySet[Chain]:
    """Annual chains of many projects with their steps, two queries whatever the number."""
    steps = Step.objects.select_related("unit", "person").order_by("chain_id", "sequence")
    chains = Chain.objects.filter(subject_label=SUBJECT, subject_key__in=keys, kind="annual")
    if year:
        chains = chains.filter(year=year)
    return chains.prefetch_related(Prefetch("steps", steps))


BAR_FIELDS = (
    "pk",
    "name",
    "light",
    "critical",
    "days_late",
    "planned_start",
    "planned_finish",
    "forecast_start",
    "forecast_finish",
    "actual_start",
    "actual_finish",
)


def bars_of(keys: Sequence[int], year: int) -> dict[int, list[Any]]:
    """What a chain chart draws of many projects: {project: steps as named rows}, one query."""
    rows = Step.objects.filter(
        chain__subject_label=SUBJECT, chain__subject_key__in=keys, chain__kind="annual", chain__year=year
    ).order_by("chain__subject_key", "sequence")
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.values_list("chain__subject_key", *BAR_FIELDS, named=True):
        found[row[0]].append(row)
    return dict(found)


def relations_of(chain: Chain) -> QuerySet[StepRelation]:
    """Relations of one chain with both ends."""
    return StepRelation.objects.filter(successor__chain=chain).select_related("predecessor", "successor")


def date_changes(chain: Chain) -> QuerySet[StepDateChange]:
    """Every change of a date of the chain with its reason, newest first."""
    return StepDateChange.objects.filter(step__chain=chain).select_related("step", "by")


def baselines(chain: Chain) -> QuerySet[Baseline]:
    return chain.baselines.select_related("by")


def months(project: Project, year: int) -> list[MonthlyInvestment]:
    """Twelve rows of the year, rows that are not stored filled with zero."""
    stored = {m.month: m for m in project.months.filter(year=year)}
    return [stored.get(m) or MonthlyInvestment(project=project, year=year, month=m) for m in range(1, 13)]


def investment_by_month(year: int, keys: Iterable[int] | None = None) -> dict[int, tuple[Decimal, Decimal]]:
    """{month: (plan, done)} in 万元 over many projects."""
    rows = MonthlyInvestment.objects.filter(year=year)
    if keys is not None:
        rows = rows.filter(project__in=keys)
    found = {month: (Decimal(0), Decimal(0)) for month in range(1, 13)}
    for row in rows.values("month").annotate(plan_sum=Sum("plan"), done_sum=Sum("done")):
        found[row["month"]] = (row["plan_sum"], row["done_sum"])
    return found


def template(type: str) -> QuerySet[ChainTemplate]:
    return ChainTemplate.objects.filter(type=type).order_by("sequence")


def steps_of(keys: Any) -> QuerySet[Step]:
    """All chain steps of projects (a list of keys or a sub-query of them)."""
    return Step.objects.filter(
        chain__subject_label=SUBJECT, chain__subject_key__in=keys, chain__kind="annual"
    ).select_related("chain", "unit", "person")


def figures(by: Person | None = None, *, today: date) -> dict[str, Any]:
    """Headline figures out of the records themselves. `by` None: the whole district."""
    rows = Project.objects.all() if by is None else objects(Project, by=by)
    return sums(rows.order_by().values("pk"), today=today)


def sums(keys: Any, *, today: date) -> dict[str, Any]:
    """Figures over the projects with these keys (a list or a sub-query).

    total_investment_wan and annual_plan_wan in 万元; on_time_rate is kept/due steps, None when none is due.
    """
    money = Project.objects.filter(pk__in=keys).aggregate(
        projects=Count("pk"),
        key_projects=Count("pk", filter=Q(key_project=True)),
        total=Sum("total_investment"),
        plan=Sum("annual_plan"),
        done=Sum("done_this_year"),
    )
    due = Q(excused=False) & (Q(actual_finish__isnull=False) | Q(planned_finish__lt=today))
    steps = steps_of(keys).aggregate(
        all=Count("pk"),
        due=Count("pk", filter=due),
        kept=Count("pk", filter=due & Q(actual_finish__lte=F("planned_finish"))),
    )
    return {
        "projects": money["projects"],
        "total_investment_wan": money["total"] or Decimal(0),
        "annual_plan_wan": money["plan"] or Decimal(0),
        "done_this_year_wan": money["done"] or Decimal(0),
        "key_projects": money["key_projects"],
        "chain_steps": steps["all"],
        "steps_due": steps["due"],
        "steps_kept": steps["kept"],
        "on_time_rate": round(steps["kept"] / steps["due"], 4) if steps["due"] else None,
    }


def light_facts(keys: Iterable[int], year: int) -> dict[str, dict[int, Any]]:
    """What the lights of many projects are decided from, a fixed number of queries."""
    keys = list(keys)
    steps: dict[int, list[Step]] = defaultdict(list)
    for chain in chains_of(keys, year):
        steps[chain.subject_key].extend(chain.steps.all())
    monthly: dict[int, dict[int, tuple[Decimal, Decimal]]] = defaultdict(dict)
    for key, month, plan, done in MonthlyInvestment.objects.filter(project__in=keys, year=year).values_list(
        "project_id", "month", "plan", "done"
    ):
        monthly[key][month] = (plan, done)
    reports = dict(
        PeriodReport.objects.filter(project__in=keys, state__in=("submitted", "approved"))
        .values("project_id")
        .annotate(last=Max("period"))
        .values_list("project_id", "last")
    )
    changes: dict[int, LightChange] = {}
    for change in LightChange.objects.filter(project__in=keys, state="approved").order_by("decided_at"):
        changes[change.project_id] = change
    return {"steps": steps, "months": monthly, "reports": reports, "changes": changes}
