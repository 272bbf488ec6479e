"""Records that a file names and nobody has entered yet: noted in the dry run, made with the import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from hongtu.kernel.access import policies

if TYPE_CHECKING:
    from hongtu.ledger.declaration import Ledger, Missing

Resolver = Callable[[Sequence[str]], Mapping[str, Any]]


class Drafts:
    """Unsaved records for the names of one file. The same name in two columns is the same record.

    With `create` they stand in the rows like stored ones; without, the rows stay faulty and the drafts only
    say what could be made.
    """

    def __init__(self, ledger: Ledger, by: Any, *, create: bool) -> None:
        given = ledger.sheet.missing if ledger.sheet else {}
        self.kinds = {
            name: kind for name, kind in given.items() if by is None or policies.can(by, kind.permission)
        }
        self.create = create and bool(self.kinds)
        self.made: dict[tuple[str, str], Model] = {}

    def resolver(self, column: str, known: Resolver) -> Resolver:
        """The column's resolver, with drafts for the names it does not know."""
        kind = self.kinds.get(column)
        if kind is None:
            return known

        def resolve(texts: Sequence[str]) -> Mapping[str, Any]:
            answers = dict(known(texts))
            unknown = [text for text in texts if text not in answers]
            fresh = kind.draft([text for text in unknown if (kind.key, text) not in self.made])
            self.made.update({(kind.key, text): draft for text, draft in fresh.items()})
            if self.create:
                answers.update({t: self.made[kind.key, t] for t in unknown if (kind.key, t) in self.made})
            return answers

        return resolve

    def by_kind(self, used: set[int] | None) -> list[tuple[Missing, list[Model]]]:
        """The drafts by kind; `used` limits them to these (by identity)."""
        found = []
        for kind in {k.key: k for k in self.kinds.values()}.values():
            drafts = [
                draft
                for (key, _name), draft in self.made.items()
                if key == kind.key and (used is None or id(draft) in used)
            ]
            if drafts:
                found.append((kind, drafts))
        return found

    def store(self, by: Any, groups: Sequence[tuple[Missing, list[Model]]]) -> None:
        """Save them; the rows that hold them then refer to stored records."""
        if self.create:
            for kind, drafts in groups:
                kind.store(by=by, records=drafts)


def missing_groups(ledger: Ledger, stored: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """(`12 家企业`, their names) of what a dry run kept, in the reader's language."""
    kinds = {kind.key: kind for kind in ledger.sheet.missing.values()} if ledger.sheet else {}
    return [
        (str(kinds[one["key"]].title % {"count": len(one["names"])}), one["names"])
        for one in stored
        if one["key"] in kinds
    ]
