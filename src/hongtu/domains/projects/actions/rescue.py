"""A rescue chosen on the board is carried out in the chain."""

from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries.rescue import Board, label
from hongtu.engines.schedule.model import Activity, Network, Relation, Unit
from hongtu.engines.schedule.rescue import Alternative
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.chains import actions as chains
from hongtu.kernel.chains.actions import Link
from hongtu.kernel.chains.models import Baseline, Step
from hongtu.kernel.chains.vocab import DurationUnit, SlipCause
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


@action("projects.rescue_chain")
def rescue_chain(
    *, by: Person | None, record: Project, board: Board, alternative: Alternative, reason: str
) -> Baseline:
    """Make the moves of an alternative in the chain; the plan as it stood becomes a baseline.

    Shortened steps get their new duration, dropped and added relations replace the old ones; all with the
    reason. Raises InvalidInput without a reason.
    """
    require(by, "projects.change", record)
    if not reason.strip():
        raise InvalidInput(
            _("请写明理由。"), code="projects.reason_required", fields={"reason": [_("请填写。")]}
        )
    chain = board.chain
    kept = chains.keep_baseline(by=by, chain=chain, name=Sentence(mark("抢工前")), valid_from=chain.start)
    note(record, reason=reason, chain=chain.pk, moves=label(alternative), yuan=round(alternative.cost))
    if _relations(alternative.network) != _relations(board.network):
        chains.link_steps(
            by=by, chain=chain, links=_links(board, alternative.network), reason=reason, data_date=today()
        )
    before = {activity.id: activity for activity in board.network.activities}
    for activity in alternative.network.activities:
        changes = _shortened(before[activity.id], activity)
        if changes:
            step = Step.objects.select_related("chain").get(pk=int(activity.id))
            chains.revise_step(
                by=by,
                step=step,
                version=step.version,
                changes=changes,
                reason=reason,
                cause=SlipCause.PLAN,
                data_date=today(),
            )
    return kept


def _shortened(before: Activity, after: Activity) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if before.duration != after.duration:
        changes["duration"] = round(after.duration.amount)
    if before.remaining != after.remaining and after.remaining is not None:
        changes["remaining_duration"] = round(after.remaining.amount)
    return changes


def _relations(network: Network) -> set[tuple[str, str, str, float]]:
    return {(r.predecessor, r.successor, r.type.value, r.lag.amount) for r in network.relations}


def _links(board: Board, network: Network) -> list[Link]:
    steps = board.by_key
    return [
        Link(
            steps[int(r.predecessor)].sequence,
            steps[int(r.successor)].sequence,
            r.type.value,
            round(r.lag.amount),
            _unit(r),
        )
        for r in network.relations
    ]


def _unit(relation: Relation) -> str:
    elapsed = relation.lag.unit is Unit.CALENDAR_DAY
    return DurationUnit.CALENDAR_DAY if elapsed else DurationUnit.WORKING_DAY
