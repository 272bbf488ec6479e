"""What lies around the chains of projects: who must wait for whose ground, and what they spend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.projects import vocab
from hongtu.domains.projects.models import FaceAgreement, WorkFace
from hongtu.domains.projects.queries import SUBJECT
from hongtu.domains.projects.queries import faces as reads
from hongtu.domains.projects.queries.risk import planned_money, risk_rules
from hongtu.domains.projects.rules.faces import Use, waits
from hongtu.kernel.chains import neighbours
from hongtu.kernel.chains.models import Step
from hongtu.kernel.chains.neighbours import Money, Tie


class ProjectSurroundings:
    """`kernel.chains.neighbours.Surroundings` of the projects."""

    def ties(self, on: date) -> Sequence[Tie]:
        """The later user of a ground waits for the earlier one, by agreement or by the plans as they are.

        Only faces that belong to a step count, and only pairs whose windows follow each other: two that
        overlap are a conflict still to be settled, in which nobody knows yet who waits. Four queries.
        """
        rows = list(reads.faces(None, on))
        if len({face.project_id for face in rows}) < 2:
            return []
        document = reads.document(rows, on)
        by_code = {face.code: face for face in rows}
        clashing = [(by_code[a], by_code[b]) for a, b in reads.clashing(document)]
        agreements = list(FaceAgreement.objects.filter(state=vocab.AgreementState.IN_FORCE).order_by("pk"))
        agreed = {str(row["space"]): a.pk for a in agreements for row in a.terms.get("schedule", ())}
        steps = _steps(rows, agreements)
        found = []
        for one, other in clashing:
            earlier, later = sorted((one, other), key=lambda face: face.start)
            if earlier.finish >= later.start:
                continue
            first, second = steps.get(earlier.pk), steps.get(later.pk)
            if first is None or second is None or first.actual_finish or second.actual_finish:
                continue
            both = agreed.get(_root(earlier.code)) if _root(earlier.code) in agreed else None
            same = both is not None and agreed.get(_root(later.code)) == both
            found.append(
                Tie(
                    first.pk,
                    second.pk,
                    waits(_use(earlier, first), _use(later, second), reads.HANDOVER_DAYS),
                    f"{earlier} → {later}",
                    _("作业面协议 %s") % both if same else "",
                    later.start,
                )
            )
        return found

    def spending(self, keys: Collection[int]) -> Mapping[int, Money]:
        return {
            key: {month: float(amount) for month, amount in months.items()}
            for key, months in planned_money(keys).items()
        }

    def risk_rules(self, on: date) -> Any:
        return risk_rules(on)

    def url(self, key: int) -> str:
        return reverse("projects:chain", args=[key])


def _root(code: str) -> str:
    """The code under which an agreement knows a face: its further places are numbered after it."""
    return code.split("/", 1)[0]


def _use(face: WorkFace, step: Step) -> Use:
    return Use(face.start, face.finish, step.planned_finish)


def _steps(rows: Iterable[WorkFace], agreements: Iterable[FaceAgreement]) -> dict[int, Step]:
    """The step that carries each face: the one an agreement made for it, else the one it belongs to."""
    made: dict[tuple[int, str], int] = {}
    for agreement in agreements:
        for line in agreement.terms.get("applied", ()):
            if line["added"]:
                made[line["project"], line["name"]] = line["step"]
    keys: dict[int, int] = {}
    for face in rows:
        named = [
            key for (project, name), key in made.items() if project == face.project_id and face.name in name
        ]
        if face.name and named:
            keys[face.pk] = named[-1]
        elif face.step_id:
            keys[face.pk] = face.step_id
    steps = Step.objects.in_bulk(set(keys.values()))
    return {face: steps[key] for face, key in keys.items() if key in steps}


def register() -> None:
    """Tell the kernel; called once when Django starts."""
    neighbours.register(SUBJECT, ProjectSurroundings())
