"""What staff may ask about: problems, results and decisions of meetings, only those within a reader's rights.

Everything begins with the scoped queries of the reader. A row outside her scope is neither read nor indexed
nor counted: each scope has an index of its own, made of its rows alone, so that not even the rarity of a word
or the correction of a typing slip tells of what she may not see. Before each question the index follows the
rows by their versions: only what changed is read and indexed again.
"""

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.boards.assistant import sentence_model
from hongtu.domains.dispatch import queries as dispatch
from hongtu.domains.dispatch.models import AgendaItem
from hongtu.engines.search import Index, Passage, SearchError
from hongtu.kernel.access.policies import objects
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import queries as spine
from hongtu.kernel.problems.models import Problem, Result
from hongtu.kernel.problems.vocab import ResultState

log = logging.getLogger(__name__)
_ENDS = "。！？；!?;"
MOST_SCOPES = 8
"""Indexes kept at one time; people with the same rights share one."""
Key = tuple[str, int]
Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Record:
    """One row as it is searched and shown. kind: problem, result or decision; facts: (label, text)."""

    kind: str
    key: int
    title: str
    text: str
    owner: str
    number: str
    url: str
    facts: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class Source:
    """A kind of record: the rows a reader may see, what tells that one has changed, how it is written out."""

    rows: Callable[[Person], QuerySet[Any]]
    stamp: tuple[str, ...]
    record: Callable[[Any], Record]


def _problems(by: Person) -> QuerySet[Problem]:
    return spine.problems(by)


def _results(by: Person) -> QuerySet[Result]:
    rows = objects(Result, by=by).filter(state=ResultState.STANDING)
    return rows.select_related("problem__handling_unit").prefetch_related("quantities")


def _date(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d") if at else ""


def _plain(number: Decimal) -> str:
    """55 instead of 55.00."""
    return f"{number.normalize():f}"


def _joined(*words: Any) -> str:
    """Texts as one, each ending as a sentence."""
    return "".join(text if text[-1] in _ENDS else f"{text}。" for text in map(str, filter(None, words)))


def _facts(*given: tuple[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((label, str(value)) for label, value in given if value)


def _of_problem(problem: Problem) -> Record:
    words = (problem.title, problem.description, problem.address, problem.measures, problem.category or "")
    return Record(
        "problem",
        problem.pk,
        problem.title,
        _joined(*words),
        str(problem.handling_unit or problem.desk),
        problem.number,
        reverse("problems:detail", args=[problem.pk]),
        _facts(
            (_("状态"), problem.get_state_display()),
            (_("当前责任单位"), problem.owner_unit),
            (_("承办单位"), problem.handling_unit),
            (_("办结时限"), _date(problem.due_at)),
            (_("办结时间"), _date(problem.closed_at)),
        ),
    )


def _of_result(result: Result) -> Record:
    counted = "、".join(f"{q.label}{_plain(q.amount)}{q.unit}" for q in result.quantities.all())
    cost = _("%s万元") % _plain(result.cost) if result.cost is not None else ""
    return Record(
        "result",
        result.pk,
        result.problem.title,
        _joined(result.problem.title, result.summary, counted),
        str(result.problem.handling_unit or ""),
        result.problem.number,
        reverse("problems:detail", args=[result.problem_id]),
        _facts(
            (_("办理结果"), result.summary),
            (_("数量"), counted),
            (_("资金"), cost),
            (_("办结时间"), _date(result.problem.closed_at)),
        ),
    )


def _of_decision(item: AgendaItem) -> Record:
    return Record(
        "decision",
        item.pk,
        item.name,
        _joined(item.name, item.explanation, item.decision, item.meeting.name),
        str(item.unit or ""),
        item.meeting.number,
        f"{reverse('dispatch:meeting', args=[item.meeting_id])}?item={item.pk}",
        _facts(
            (_("会议"), item.meeting),
            (_("议定情况"), item.get_outcome_display()),
            (_("议定事项"), item.decision),
            (_("责任单位"), item.unit),
            (_("时限"), item.due_on),
        ),
    )


SOURCES: Mapping[str, Source] = {
    "problem": Source(_problems, ("version",), _of_problem),
    "result": Source(_results, ("version", "problem__version"), _of_result),
    "decision": Source(dispatch.minuted, ("version", "meeting__version"), _of_decision),
}


class Library:
    """The index of one scope. Holds the texts' terms and vectors and each row's version, no record."""

    def __init__(self) -> None:
        self.index = Index()
        self.known: dict[str, Stamp] = {}
        self.lock = threading.Lock()
        self._passages: dict[str, Passage] = {}
        self._learning = False

    def follow(self, by: Person) -> None:
        """Make the index equal to the rows that the reader may see now."""
        with self.lock:
            present = {kind: _stamps(source, by) for kind, source in SOURCES.items()}
            now = {f"{kind}:{key}": stamp for kind, rows in present.items() for key, stamp in rows.items()}
            gone = self.known.keys() - now.keys()
            changed = {item for item, stamp in now.items() if self.known.get(item) != stamp}
            if gone:
                self.index.remove(gone)
                for item in gone:
                    del self._passages[item]
            if changed:
                fresh = [Passage(r.id, r.text, r.title, r.owner) for r in read(by, changed)]
                self._passages |= {p.id: p for p in fresh}
                self._put(fresh)
            self.known = now
            self._learn()

    def _put(self, fresh: list[Passage]) -> None:
        try:
            self.index.update(fresh)
        except SearchError as fault:  # a server's vectors failed: by words until a model is there again
            log.warning("%s: %s", fault.code, fault.message)
            self.index = Index.build(self._passages.values())

    def _learn(self) -> None:
        """Take up the sentence model beside the running index, once the model is there."""
        if self.index.encoder is not None or self._learning or not self._passages:
            return
        encoder = sentence_model.model()[0] if sentence_model.ready() else None
        if encoder is not None:
            self._learning = True
            threading.Thread(target=self._encode, args=(encoder, dict(self._passages)), daemon=True).start()

    def _encode(self, encoder: Any, passages: dict[str, Passage]) -> None:
        try:
            with sentence_model.vector_cache(encoder) as cache:
                fresh = Index.build(passages.values(), encoder, cache)
            fresh.cache = None  # its file is closed; a changed row is encoded anew
            with self.lock:
                if gone := passages.keys() - self._passages.keys():
                    fresh.remove(gone)
                fresh.update(p for key, p in self._passages.items() if passages.get(key) is not p)
                self.index = fresh
        except SearchError as fault:
            log.warning("%s: %s", fault.code, fault.message)
        finally:
            self._learning = False


def _stamps(source: Source, by: Person) -> dict[int, Stamp]:
    rows = source.rows(by).select_related(None).prefetch_related(None).order_by()
    return {row[0]: tuple(row[1:]) for row in rows.values_list("pk", *(F(name) for name in source.stamp))}


def read(by: Person, ids: Iterable[str]) -> list[Record]:
    """Records by their ids, out of the rows that the reader may see; in the order of the ids."""
    wanted = list(ids)
    keys: dict[str, list[int]] = {kind: [] for kind in SOURCES}
    for item in wanted:
        kind, _colon, key = item.partition(":")
        keys[kind].append(int(key))
    found: dict[str, Record] = {}
    for kind, source in SOURCES.items():
        if keys[kind]:
            rows = source.rows(by).filter(pk__in=keys[kind])
            found |= {r.id: r for r in map(source.record, rows)}
    return [found[item] for item in wanted if item in found]


_libraries: OrderedDict[str, Library] = OrderedDict()
_lock = threading.Lock()


def scope_of(by: Person) -> str:
    """Two readers share an index only when the very same rows answer to both: by the SQL of their scopes."""
    words = "|".join(_words_of(source.rows(by)) for source in SOURCES.values())
    return hashlib.sha256(words.encode()).hexdigest()


def _words_of(rows: QuerySet[Any]) -> str:
    try:
        return str(rows.order_by().query)
    except EmptyResultSet:  # nothing can be within this reader's scope
        return ""


def library(by: Person) -> Library:
    """The reader's index, up to date."""
    scope = scope_of(by)
    with _lock:
        found = _libraries.setdefault(scope, Library())
        _libraries.move_to_end(scope)
        while len(_libraries) > MOST_SCOPES:
            _libraries.popitem(last=False)
    found.follow(by)
    return found


def forget() -> None:
    """Begin afresh (tests, a changed setting)."""
    with _lock:
        _libraries.clear()
