"""What waiting costs as pages show it: a cell of a list, a table of the chains that move."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hongtu.kernel.access.policies import objects
from hongtu.kernel.chains import neighbours
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.problems.cost_words import Costly, working_days
from hongtu.kernel.problems.costs import Cost
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import grouped, percent


def days_cell(cost: Costly | None) -> str:
    """Working days that solving it today saves; a dash when it holds up no chain."""
    return working_days(cost.days) if cost else "—"


def cost_table(cost: Cost, by: Any) -> Table:
    """Every chain that moves, what it loses, and by which ground the delay reaches it.

    Of chains outside her rights she sees the name and the days only: who shares the ground knows as much.
    """
    chains = Chain.objects.in_bulk([effect["chain"] for effect in cost.effects])
    mine = set(objects(Chain, by=by).filter(pk__in=chains).values_list("pk", flat=True))
    columns = [
        Column(_("链条"), frozen=True),
        Column(_("推迟（工作日）"), "number"),
        Column(_("超出承诺（工作日）"), "number"),
        Column(_("现在解决时完成"), "date"),
        Column(_("拖到那时完成"), "date"),
        Column(_("按期概率"), "nowrap"),
        Column(_("推迟投资（万元）"), "number"),
        Column(_("怎么影响到"), "long"),
    ]
    rows = [_row(effect, chains.get(effect["chain"]), effect["chain"] in mine) for effect in cost.effects]
    return Table(
        _("拖延的代价"),
        columns,
        rows,
        empty=_("不推迟任何链条的完成日期"),
        identifier="cost-by-chain",
    )


def _row(effect: dict[str, Any], chain: Chain | None, known: bool) -> Row:
    name = Cell(effect["title"], neighbours.url_of(chain) if chain and known else "")
    days = [working_days(effect["days"]), working_days(effect["late_days"])]
    if not known:
        return Row([name, *days, "", "", "", "", how(effect)])
    chances = [effect["chance_before"], effect["chance_after"]]
    chance = "" if None in chances else " → ".join(percent(value, 0) for value in chances)
    return Row(
        [name, *days, effect["before"], effect["after"], chance, grouped(effect["money"]), how(effect)]
    )


def how(effect: dict[str, Any]) -> str:
    """The way of a delay into a chain."""
    if effect["own"]:
        return _("本链条")
    parts = []
    for step in effect["via"]:
        pattern = (
            _("按%(agreed)s，%(on)s交接作业面：%(place)s")
            if step["agreed"]
            else _("%(on)s起先后使用同一作业面：%(place)s（按现行计划，尚无协议）")
        )
        parts.append(pattern % step)
    return "；".join(parts)
