"""What open problems cost the chains whose steps they block: for dispatch, the wall and escalation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from hongtu.engines.schedule.consequence import Block, Consequence, ConsequenceStudy, Spending
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.chains.risk import RiskRules, histories, risk_model


def consequences(
    blocks: Sequence[Block],
    data_date: date,
    rules: RiskRules,
    spending: Mapping[int, Spending] | None = None,
) -> list[Consequence]:
    """Consequences of blocks, the worst first; `Block.activity` is the primary key of a step as text.

    `spending` by chain (primary key) prices the delay. Blocks of finished or missing steps are left out;
    the number of queries does not grow with the number of blocks.
    """
    wanted = {int(block.activity) for block in blocks}
    chains = list(Chain.objects.filter(steps__in=wanted).distinct())
    if not chains:
        return []
    model = risk_model(chains, data_date, rules, histories(rules))
    ahead = {a.id for a in model.network.activities if a.actual_finish is None}
    money = {str(chain): plan for chain, plan in (spending or {}).items()}
    study = ConsequenceStudy(model, money)
    return study.rank(block for block in blocks if block.activity in ahead)
