"""The demonstration guides: 163 service matters of a sub-district and 70 construction approvals, written out.

Deterministic. Texts are sensible, not local law: every record is marked 示例, and the page says
"示例数据，以本地公布为准". Phones are fictional.
"""

from collections.abc import Callable

from hongtu.domains.matters import actions
from hongtu.domains.matters.demo.cast import ACCOUNTS, Cast, make_cast
from hongtu.domains.matters.demo.talks import write_talks
from hongtu.domains.matters.demo.texts import approval_rows, bundle_rows, content, service_rows
from hongtu.kernel.people.models import Person

__all__ = ["ACCOUNTS", "Cast", "load", "load_guides", "write_talks"]


def load(*, by: Person | None, password: str, report: Callable[[int, int], None]) -> None:
    """Write helpers, registers, guides and 58 assists. `report(done, total)` after each stage."""
    report(0, 2)
    load_guides(by=by, password=password)
    report(1, 2)
    write_talks(by=by)
    report(2, 2)


def load_guides(*, by: Person | None, password: str) -> None:
    """The helpers, the two registers and all guides, without any conversation."""
    cast = make_cast(by=by, password=password)
    known = content()
    for phrase, reason in known["forbidden"]:
        actions.forbidden_requests.create(
            by=by, phrase=phrase, reason=reason, basis="证明事项清理规定（示例）"
        )
    for name, aliases, handled_by in known["referrals"]:
        actions.referrals.create(by=by, name=name, aliases=aliases.split("|"), handled_by=handled_by)
    actions.load(
        by=by,
        guides=[*service_rows(known, cast), *approval_rows(cast)],
        bundles=bundle_rows(known),
        drafted_by=cast.editor,
        decided_by=cast.chief,
    )
