"""Take over a whole stock of guides that were reviewed elsewhere: an earlier system, a demonstration."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.matters import vocab
from hongtu.domains.matters.actions.guides import fault_words, faults_of
from hongtu.domains.matters.actions.matters import prepared
from hongtu.domains.matters.actions.parts import PARTS, assess_all
from hongtu.domains.matters.models import Approval, Bundle, BundleItem, Guide, Matter
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person

Rows = Sequence[Mapping[str, Any]]


@action("matters.load")
def load(
    *,
    by: Person | None,
    guides: Rows,
    bundles: Rows = (),
    drafted_by: Person | None = None,
    decided_by: Person | None = None,
) -> int:
    """Write matters with their published first versions in a few statements.

    Each row of `guides`: `matter` (fields), `guide` (fields), `parts` (rows), optionally `approval`
    (fields). Each row of `bundles`: code, name, summary, matters [(code, note)]. Raises InvalidInput
    naming the first matter that could not be published; nothing is written then.
    """
    require(by, "matters.manage")
    made = Matter.objects.bulk_create(Matter(**prepared(row["matter"])) for row in guides)
    now = timezone.now()
    written = Guide.objects.bulk_create(
        Guide(
            matter=matter,
            number=1,
            state=vocab.GuideState.PUBLISHED,
            drafted_by=drafted_by,
            decided_by=decided_by,
            submitted_at=now,
            decided_at=now,
            **row["guide"],
        )
        for matter, row in zip(made, guides, strict=True)
    )
    for name, model, _fields in PARTS:
        model.objects.bulk_create(
            model(guide=guide, sequence=n, **part)
            for guide, row in zip(written, guides, strict=True)
            for n, part in enumerate(row["parts"].get(name, ()), 1)
        )
    Approval.objects.bulk_create(
        Approval(matter=matter, **row["approval"])
        for matter, row in zip(made, guides, strict=True)
        if row.get("approval")
    )
    _refuse_any_fault(written)
    assess_all(by=by, guides=[guide.pk for guide in written])
    _write_bundles(bundles, {m.code: m for m in made})
    note(guides=len(written), bundles=len(bundles))
    return len(written)


def _refuse_any_fault(guides: Sequence[Guide]) -> None:
    for guide in Guide.objects.filter(pk__in=[g.pk for g in guides]).prefetch_related(
        "materials", "steps", "offices"
    ):
        if found := faults_of(guide):
            raise InvalidInput(
                _("%(matter)s 不能发布：%(words)s")
                % {"matter": guide.matter, "words": "；".join(fault_words(f) for f in found)},
                code=found[0].code,
            )


def _write_bundles(rows: Rows, matters: Mapping[str, Matter]) -> None:
    made = Bundle.objects.bulk_create(
        Bundle(code=row["code"], name=row["name"], summary=row["summary"]) for row in rows
    )
    BundleItem.objects.bulk_create(
        BundleItem(bundle=bundle, matter=matters[code], sequence=n, note=words)
        for bundle, row in zip(made, rows, strict=True)
        for n, (code, words) in enumerate(row["matters"], 1)
    )
