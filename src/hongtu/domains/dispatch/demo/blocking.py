"""Problems that hold up steps of chains (示例), as the promotion centre takes them from the projects."""

from __future__ import annotations

from datetime import timedelta

from hongtu.kernel.chains.models import Step
from hongtu.kernel.chains.vocab import Whose
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions, ranking
from hongtu.kernel.problems.terms import now
from hongtu.kernel.problems.vocab import Source, Urgency
from hongtu.kernel.profile.models import today

WORDS = {
    Whose.DEPARTMENT: "两个部门审查意见不一致，要件反复补正",
    Whose.OWNER: "红线内剩余两户未签约，作业面交不出来",
    Whose.CONTRACTOR: "管线产权单位未迁改，机械进不了场",
}
MOST = 9


def load(*, by: Person | None, desk: Unit) -> None:
    """One problem on every other late step; some are past their deadline."""
    late = ranking.late_steps(today()).select_related("chain", "unit").order_by("chain__title", "sequence")
    chains: set[int] = set()
    for step in late:
        if step.chain_id not in chains and len(chains) < MOST:
            chains.add(step.chain_id)
            _problem(by, desk, step, len(chains))


def _problem(by: Person | None, desk: Unit, step: Step, number: int) -> None:
    """Taken so many days ago, given to the office of the step, signed for, measures stated."""
    at = now() - timedelta(days=3 * number)
    words = WORDS.get(Whose(step.whose), WORDS[Whose.OWNER])
    problem = actions.report(
        by=by,
        source=Source.STEP,
        title=f"{step.chain.title}“{step.name}”卡点（示例）",
        description=f"{words}，“{step.name}”推不动（示例）。",
        urgency=Urgency.COMPLEX,
        desk=desk,
        step=step,
        at=at,
        demonstration=True,
    ).problem
    problem = actions.triage(by=by, problem=problem, version=problem.version, at=at + timedelta(hours=1))
    problem = actions.assign(
        by=by, problem=problem, version=problem.version, unit=step.unit, at=at + timedelta(hours=2)
    )
    problem = actions.sign(by=by, problem=problem, version=problem.version, at=at + timedelta(hours=20))
    actions.state_measures(
        by=by,
        problem=problem,
        version=problem.version,
        measures="每日会商，倒排到天（示例）",
        at=at + timedelta(days=1),
    )
