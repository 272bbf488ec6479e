"""The risk register of one demonstration project (示例): two events with their measures, two estimates."""

from decimal import Decimal
from typing import Any

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.models import Project
from hongtu.kernel.people.models import Person

PROJECT = "明月山大道南延项目"
EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "汛期连续强降雨停工",
        "probability": 35.0,
        "least_days": 3,
        "likely_days": 6,
        "most_days": 15,
        "measure": "增加临时排水泵站，雨后当日复工",
        "cost": Decimal(180_000),
        "impact_after": 50,
    },
    {
        "name": "地下管线与图纸不符，须迁改",
        "probability": 25.0,
        "least_days": 5,
        "likely_days": 12,
        "most_days": 25,
        "measure": "开挖前逐段物探复核",
        "cost": Decimal(60_000),
        "probability_after": 10.0,
    },
)


def load_register(*, by: Person | None) -> None:
    """Write events and estimates through the same actions as the forms."""
    project = Project.objects.filter(name=PROJECT).first()
    chain = queries.chain_of(project) if project else None
    if project is None or chain is None:
        return
    ahead = list(chain.steps.filter(actual_finish=None).exclude(whose="statutory").order_by("sequence")[:2])
    if not ahead:
        return
    for event in EVENTS:
        actions.save_risk_event(by=by, record=project, steps=ahead[:1], **event)
    actions.estimate_durations(
        by=by,
        record=project,
        estimates={s.pk: (max(1, s.duration * 4 // 5), s.duration, s.duration * 3 // 2) for s in ahead},
        versions={step.pk: step.version for step in ahead},
    )
