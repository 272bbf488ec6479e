"""What blocked steps cost the chains they belong to and the neighbours that wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hongtu.engines.schedule.consequence import Block, Consequence, ConsequenceStudy, Spending, ranked
from hongtu.engines.schedule.model import Duration, Relation, RelationType
from hongtu.engines.schedule.model import Unit as TimeUnit
from hongtu.kernel.chains.models import Chain, Step, StepRelation
from hongtu.kernel.chains.neighbours import Tie, groups, without_cycles
from hongtu.kernel.chains.risk import (
    Histories,
    RiskRules,
    histories,
    risk_model,
    stored_relations,
    stored_steps,
)
from hongtu.kernel.chains.risk_register import Register, register


@dataclass(frozen=True)
class Plan:
    """Chains with everything a study of them needs, read in a fixed number of queries."""

    chains: Mapping[int, Chain]
    steps: Mapping[int, Sequence[Step]]
    relations: Mapping[int, Sequence[StepRelation]]
    ties: Sequence[Tie]
    groups: Sequence[Sequence[int]]
    chain_of: Mapping[int, int]
    register: Register


def consequences(
    blocks: Sequence[Block],
    data_date: date,
    rules: RiskRules,
    spending: Mapping[int, Spending] | None = None,
    ties: Sequence[Tie] = (),
) -> list[Consequence]:
    """Consequences of blocks, the worst first; `Block.activity` is the primary key of a step as text.

    `spending` by chain (primary key) prices the delay; `ties` carry it to the chains of neighbours, however
    far. Blocks of finished or missing steps are left out; the number of queries does not grow with the number
    of blocks, chains or ties. Chains that are not tied to each other are studied apart.
    """
    plan = read_plan({int(block.activity) for block in blocks}, ties)
    if not plan.chains:
        return []
    wanted: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        if (chain := plan.chain_of.get(int(block.activity))) is not None:
            wanted[chain].append(block)
    learned = histories(rules)
    found: list[Consequence] = []
    for group in plan.groups:
        asked = [block for chain in group for block in wanted[chain]]
        if asked:
            found += _study(plan, group, asked, data_date, rules, learned, spending or {})
    return ranked(found)


def read_plan(steps: Iterable[int], ties: Sequence[Tie]) -> Plan:
    """The chains of steps and all chains tied to them."""
    ends = {key for tie in ties for key in (tie.predecessor, tie.successor)}
    chain_of: dict[int, int] = dict(Step.objects.filter(pk__in={*steps, *ends}).values_list("pk", "chain_id"))
    links = [
        (chain_of[tie.predecessor], chain_of[tie.successor])
        for tie in ties
        if tie.predecessor in chain_of and tie.successor in chain_of
    ]
    asked = {chain_of[key] for key in steps if key in chain_of}
    together = [g for g in groups({*asked, *(c for pair in links for c in pair)}, links) if asked & {*g}]
    chains = Chain.objects.in_bulk([chain for group in together for chain in group])
    rows = stored_steps(chains.values())
    relations = stored_relations(chains.values())
    inside = ((r.predecessor_id, r.successor_id) for found in relations.values() for r in found)
    own = {step.pk: chain for chain, found in rows.items() for step in found}
    kept, _dropped = without_cycles(ties, own, inside)
    return Plan(chains, rows, relations, kept, together, own, register(chains.values()))


def _study(
    plan: Plan,
    group: Sequence[int],
    blocks: Sequence[Block],
    data_date: date,
    rules: RiskRules,
    learned: Histories,
    spending: Mapping[int, Spending],
) -> list[Consequence]:
    chains = [plan.chains[key] for key in group]
    ties = [tie for tie in plan.ties if plan.chain_of[tie.predecessor] in set(group)]
    model = risk_model(
        chains,
        data_date,
        rules,
        learned,
        steps=plan.steps,
        relations=plan.relations,
        ties=[_relation(tie) for tie in ties],
        registered=plan.register.of(group),
    )
    ahead = {a.id for a in model.network.activities if a.actual_finish is None}
    money = {str(chain): spending[chain] for chain in group if chain in spending}
    study = ConsequenceStudy(model, money)
    return [study.assess(block) for block in blocks if block.activity in ahead]


def _relation(tie: Tie) -> Relation:
    """The later step is not finished before the earlier one has left the ground and its own use is over."""
    return Relation(
        str(tie.predecessor),
        str(tie.successor),
        RelationType.FINISH_FINISH,
        Duration(tie.lag_days, TimeUnit.CALENDAR_DAY),
    )


def route(start: int, goal: int, ties: Sequence[Tie], chain_of: Mapping[int, int]) -> list[Tie]:
    """The shortest way by which a delay of the chain `start` reaches the chain `goal`; [] when there is
    none."""
    seen: dict[int, list[Tie]] = {start: []}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        if here == goal:
            return seen[here]
        for tie in ties:
            first, second = chain_of.get(tie.predecessor), chain_of.get(tie.successor)
            if first == here and second is not None and second not in seen:
                seen[second] = [*seen[here], tie]
                waiting.append(second)
    return []
