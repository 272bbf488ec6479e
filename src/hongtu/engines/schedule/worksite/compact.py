"""Everything as early as the decisions of a schedule allow, so that nobody is moved without need.

The orders, options and lengths of a solution are kept; starts are the least solution of the difference
constraints that remain. No loss can grow: losses only ever count late starts, late ends and lengths.
"""

from __future__ import annotations

from dataclasses import replace

from .model import LinkKind
from .options import OptionKind
from .problem import Problem
from .result import Part, Placement

Placements = dict[int, Placement]


def compact(problem: Problem, placements: Placements) -> Placements:
    """The earliest schedule with the same decisions."""
    placements = _trim_elastic(problem, placements)
    rigid = _split_units(problem, placements)
    follow = _rows(problem, placements, rigid)
    start = {unit: low for unit, (low, _) in rigid.items()}
    # Longest paths over an acyclic set of rows, ordered by the start days of the known solution.
    order = sorted(rigid, key=lambda unit: placements[unit[0]].parts[unit[1]].start)
    changed, rounds = True, 0
    while changed:
        changed, rounds = False, rounds + 1
        if rounds > len(rigid) + 2:
            return placements
        for unit in order:
            for other, distance in follow.get(unit, ()):
                if start[unit] + distance > start[other]:
                    start[other] = start[unit] + distance
                    changed = True
    found = {}
    for index, placement in placements.items():
        parts: list[Part] = []
        for k, part in enumerate(placement.parts):
            head = k if (index, k) in rigid else 0
            offset = part.start - placement.parts[head].start
            begin = start[index, head] + offset
            parts.append(replace(part, start=begin, finish=begin + part.finish - part.start))
        found[index] = replace(placement, parts=tuple(parts))
    return found


Unit = tuple[int, int]  # space, first part of a stretch of parts that move together


def _split_units(problem: Problem, placements: Placements) -> dict[Unit, tuple[int, int]]:
    """Units with their least start; parts of a split move on their own, all others with their space."""
    units: dict[Unit, tuple[int, int]] = {}
    for index, placement in placements.items():
        option = problem.options[index][placement.option]
        low = problem.own_earliest(index)
        rules = {(rule.footprint, rule.place): rule for rule in option.parts}
        for part in placement.parts:
            rule = rules[part.footprint, part.place]
            if rule.earliest is not None:
                low = max(low, rule.earliest - (part.start - placement.start))
        if problem.has_begun(index) and not problem.is_over(index):
            low = placement.start
        heads = range(len(placement.parts)) if option.gap else [0]
        for head in heads:
            units[index, head] = (low, head)
    return units


def _rows(
    problem: Problem, placements: Placements, units: dict[Unit, tuple[int, int]]
) -> dict[Unit, list[tuple[Unit, int]]]:
    """start[other] >= start[unit] + distance, for links, parts in order, and clashes as ordered."""
    rows: dict[Unit, list[tuple[Unit, int]]] = {}

    def head_of(index: int, part: int) -> tuple[Unit, int]:
        """Unit that part belongs to and the part's offset in it."""
        head = part if (index, part) in units else 0
        parts = placements[index].parts
        return (index, head), parts[part].start - parts[head].start

    def add(before: Unit, before_offset: int, after: Unit, after_offset: int, lag: int) -> None:
        rows.setdefault(before, []).append((after, before_offset + lag - after_offset))

    for index, placement in placements.items():
        for k in range(1, len(placement.parts)):
            if (index, k) in units:
                part = placement.parts[k - 1]
                add((index, k - 1), part.finish - part.start, (index, k), 0, 0)
    for bond in problem.bonds:
        one, other = placements[bond.predecessor], placements[bond.successor]
        ends_one = bond.kind in (LinkKind.FS, LinkKind.FF)
        ends_other = bond.kind in (LinkKind.FF, LinkKind.SF)
        a, a_offset = head_of(bond.predecessor, len(one.parts) - 1 if ends_one else 0)
        b, b_offset = head_of(bond.successor, len(other.parts) - 1 if ends_other else 0)
        a_offset += one.parts[-1].finish - one.parts[-1].start if ends_one else 0
        b_offset += other.parts[-1].finish - other.parts[-1].start if ends_other else 0
        add(a, a_offset, b, b_offset, bond.lag)
    where: dict[int, list[tuple[int, int]]] = {}
    for index, placement in placements.items():
        for k, part in enumerate(placement.parts):
            if part.footprint is not None:
                where.setdefault(part.footprint, []).append((index, k))
    gap = problem.scene.handover_days
    for clash in problem.clashes:
        for i, k in where.get(clash.first, ()):
            for j, m in where.get(clash.second, ()):
                first, second = (i, k), (j, m)
                if placements[j].parts[m].start < placements[i].parts[k].start:
                    first, second = second, first
                part = placements[first[0]].parts[first[1]]
                a, a_offset = head_of(*first)
                b, b_offset = head_of(*second)
                add(a, a_offset + part.finish - part.start, b, b_offset, gap)
    return rows


def _trim_elastic(problem: Problem, placements: Placements) -> Placements:
    """Elastic uses end as soon as their length and their own links allow."""
    found = dict(placements)
    for index in problem.order:
        placement = found[index]
        option = problem.options[index][placement.option]
        if not problem.scene.spaces[index].elastic or option.kind is not OptionKind.KEEP:
            continue
        end = placement.start + option.minimum
        for bond in problem.predecessors.get(index, ()):
            other = found[bond.predecessor]
            if bond.kind is LinkKind.FF:
                end = max(end, other.finish + bond.lag)
            elif bond.kind is LinkKind.SF:
                end = max(end, other.start + bond.lag)
        if problem.has_begun(index):
            end = max(end, problem.scene.data_date or end)
        part = placement.parts[0]
        if end < part.finish:
            found[index] = replace(placement, parts=(replace(part, finish=end),))
    return found
