"""The staff's assistant: a question in, the records that speak of it out, each with its link; or nothing."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from hongtu.boards.assistant import records
from hongtu.boards.assistant.answers import clean
from hongtu.boards.assistant.records import Record
from hongtu.engines.search import Hit, normalise
from hongtu.engines.search.slots import take_apart
from hongtu.kernel.people.models import Person

MOST = 8
LEAST_COVERAGE = 0.45
"""Share of the question's rare pairs of characters that a record must have."""
LEAST_COSINE = 0.55
"""Or how near it must come by meaning, measured from the middle of the reader's records."""
NUMBER = re.compile(r"\d{4}-(?:\d{6}|[xm]\d{5})")


@dataclass(frozen=True)
class Found:
    """A record with the part of it that speaks most to the question: (text, whether it matches)."""

    record: Record
    kind: str
    snippet: tuple[tuple[str, bool], ...]

    def as_dict(self) -> dict[str, Any]:
        facts = [{"label": label, "text": text} for label, text in self.record.facts]
        found = asdict(self.record) | {"facts": facts}
        return {**found, "kind_label": self.kind, "snippet": "".join(text for text, _hit in self.snippet)}


@dataclass(frozen=True)
class StaffAnswer:
    """outcome: answered or refused. searched: how many records the reader may see."""

    outcome: str
    notice: str
    found: tuple[Found, ...]
    searched: int
    mode: str

    def as_dict(self) -> dict[str, Any]:
        records_found = [f.as_dict() for f in self.found]
        return {
            "outcome": self.outcome,
            "notice": self.notice,
            "records": records_found,
            "searched": self.searched,
            "mode": self.mode,
        }


def ask(question: str, by: Person) -> StaffAnswer:
    """Answer out of what `by` may see; never raises for a text."""
    text = clean(question)
    library = records.library(by)
    searched = len(library.known)
    if not normalise(text):
        notice = _("请说出要找的问题、会议或成果，例如：停车难 怎么办的。")
        return StaffAnswer("refused", notice, (), searched, "none")
    index = library.index
    hits = index.search(take_apart(text).topic or text, k=MOST * 2)
    near = {hit.id: hit for hit in hits if _near(hit)}
    ids = [*_by_number(text, by), *near]
    shown = records.read(by, list(dict.fromkeys(ids))[:MOST])
    if not shown:
        notice = _("在您可以查看的%(count)d条记录里没有找到相关内容。") % {"count": searched}
        return StaffAnswer("refused", notice, (), searched, hits.mode)
    found = tuple(Found(r, kind_words()[r.kind], _snippet(near.get(r.id), r)) for r in shown)
    return StaffAnswer("answered", "", found, searched, hits.mode)


def kind_words() -> dict[str, str]:
    """What kinds of record are called."""
    return {"problem": _("问题"), "result": _("成果"), "decision": _("会议议定")}


def _near(hit: Hit) -> bool:
    return hit.parts["coverage"] >= LEAST_COVERAGE or hit.parts.get("cosine", 0.0) >= LEAST_COSINE


def _by_number(text: str, by: Person) -> list[str]:
    """Problems that the question names by their number, within the reader's rights."""
    numbers = [n.upper() for n in NUMBER.findall(normalise(text))]
    if not numbers:
        return []
    rows = records.SOURCES["problem"].rows(by).filter(number__in=numbers)
    return [f"problem:{key}" for key in rows.values_list("pk", flat=True)]


def _snippet(hit: Hit | None, record: Record) -> tuple[tuple[str, bool], ...]:
    if hit is None:
        return ((record.text[:90], False),)
    parts, at = [], 0
    for start, end in hit.snippet.marks:
        parts += [(hit.snippet.text[at:start], False), (hit.snippet.text[start:end], True)]
        at = end
    parts.append((hit.snippet.text[at:], False))
    return tuple(part for part in parts if part[0])
