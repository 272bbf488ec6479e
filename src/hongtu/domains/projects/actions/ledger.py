"""Enter and change projects, one by one or a whole file at once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.projects import rules
from hongtu.domains.projects.actions.lights import refresh
from hongtu.domains.projects.models import ChainTemplate, MonthlyInvestment, Project
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.registers import register_actions
from hongtu.kernel.base import bulk
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.permissions import require, require_all
from hongtu.kernel.people.models import Person
from hongtu.kernel.pinyin import initials, sort_key
from hongtu.kernel.profile.models import today

RELATED = ("supporting_units", "task_force")
COMPUTED = {"light", "node_light", "investment_light", "report_light", "done_this_year", "excused"}
NOT_EDITABLE = COMPUTED | {"stage"}


def _prepared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as stored: pinyin keys beside the name, related lists left to their own tables."""
    ready = {k: v for k, v in fields.items() if k not in RELATED}
    if "name" in ready:
        ready["pinyin"] = sort_key(ready["name"])[:400]
        ready["initials"] = initials(ready["name"])[:100]
    return ready


def _check(fields: Mapping[str, Any]) -> None:
    faults: dict[str, list[str]] = {}
    start, finish = fields.get("planned_start"), fields.get("planned_finish")
    if start and finish and start > finish:
        faults["planned_finish"] = [_("计划竣工 %(f)s 早于计划开工 %(s)s。") % {"f": finish, "s": start}]
    for name in ("total_investment", "annual_plan", "done_before_year"):
        if fields.get(name) is not None and fields[name] < 0:
            faults[name] = [_("金额不能为负数。")]
    if faults:
        raise InvalidInput(_("项目信息有误，请按提示修改。"), fields=faults, code="projects.invalid")


def _relate(made: Project, fields: Mapping[str, Any]) -> None:
    for name in RELATED:
        if name in fields:
            getattr(made, name).set(fields[name])


@action("projects.register")
def register(*, by: Person | None, **fields: Any) -> Project:
    """Enter a project into the ledger. Raises InvalidInput naming the fields."""
    require(by, "projects.change")
    _check(fields)
    made = Project.objects.create(**_prepared(fields))
    _relate(made, fields)
    note(made, name=made.name)
    refresh(projects=[made.pk])
    made.refresh_from_db()
    return made


@action("projects.revise")
def revise(*, by: Person | None, record: Project, version: int, **changes: Any) -> Project:
    """Change a project if it still has `version`; StaleVersion with both texts otherwise."""
    require(by, "projects.change", record)
    if blocked := NOT_EDITABLE & set(changes):
        raise InvalidInput(
            _("这些字段由系统计算，不能直接修改：%s") % "、".join(sorted(blocked)),
            code="projects.computed_field",
        )
    _check({"planned_start": record.planned_start, "planned_finish": record.planned_finish, **changes})
    record.revise(version, **_prepared(changes))
    _relate(record, changes)
    note(record, changes={k: str(v) for k, v in changes.items()})
    refresh(projects=[record.pk])
    record.refresh_from_db()
    return record


@action("projects.import_rows")
def import_rows(
    *,
    by: Person | None,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[Project, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    """Bulk write of a ledger file in one transaction; where it came from goes into the audit row.

    `done_this_year` opens the books of a new project; of a project that already has books it is left
    alone, because done money comes from approved reports only.
    """
    require(by, "projects.change")
    require_all(by, "projects.change", Project, [project.pk for project, _changes in update])
    for row in create:
        _check(row)
    opening = [row.get("done_this_year") for row in create]
    keys = bulk.write(
        Project,
        create=[_prepared({**row, "done_this_year": Decimal(0)}) | _related(row) for row in create],
        update=[
            (project, {k: v for k, v in _prepared(changes).items() if k not in COMPUTED} | _related(changes))
            for project, changes in update
        ],
    )
    require_all(by, "projects.change", Project, keys)
    _open_books(keys[: len(opening)], opening)
    note(**source, created=len(opening), changed=len(update))
    refresh(projects=keys)
    return keys


def _related(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in RELATED if name in fields}


def _open_books(keys: Sequence[int], done: Sequence[Decimal | None]) -> None:
    """What a ledger says was done this year is the row of the last closed month: history starts there."""
    year, month = rules.last_closed_month(today())
    MonthlyInvestment.objects.bulk_create(
        MonthlyInvestment(project_id=key, year=year, month=month, done=amount)
        for key, amount in zip(keys, done, strict=True)
        if amount
    )


@action("projects.plan_months")
def plan_months(
    *, by: Person | None, record: Project, year: int, plan: Mapping[int, Decimal], reason: str
) -> None:
    """Set the monthly investment plan (月 -> 万元). The sum must be the annual plan."""
    require(by, "projects.change", record)
    plan = {month: round(amount, 4) for month, amount in plan.items()}  # as stored, else the sum may lie
    if sum(plan.values(), Decimal(0)) != record.annual_plan:
        raise InvalidInput(
            _("各月计划合计 %(sum)s 万元，与年度计划 %(plan)s 万元不一致。")
            % {"sum": sum(plan.values(), Decimal(0)), "plan": record.annual_plan},
            code="projects.plan_sum",
            fields={"plan": [_("请调整各月数字，使合计等于年度计划。")]},
        )
    stored = {m.month: m for m in record.months.filter(year=year)}
    for month, amount in plan.items():
        if row := stored.get(month):
            row.revise(row.version, plan=amount)
        else:
            MonthlyInvestment.objects.create(project=record, year=year, month=month, plan=amount)
    note(record, reason=reason, year=year)
    refresh(projects=[record.pk])


@action("projects.load_templates")
def load_templates(*, by: Person | None, rows: Sequence[Mapping[str, str]]) -> int:
    """Load chain templates of a profile (columns: chain_templates.csv)."""
    require(by, "projects.manage")
    made = ChainTemplate.objects.bulk_create(
        ChainTemplate(
            type=row["type"],
            sequence=int(row["sequence"]),
            segment=row["segment"],
            item=row["item"],
            critical=row["critical"] == "1",
            month=int(row["month"]),
            evidence=row["evidence"],
            matters=row.get("matters", ""),
        )
        for row in rows
    )
    note(templates=len(made))
    return len(made)


chain_templates = register_actions(
    ChainTemplate,
    ("projects.register_template", "projects.revise_template", "projects.import_templates"),
    "projects.manage",
)
