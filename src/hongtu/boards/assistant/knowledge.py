"""What the assistant knows: published guides in force, and what others handle; nothing else is searched.

Built once in a process and looked at again on every question: after a published version, a new referral or
a new day the records that changed are read and indexed anew, so that the next answer has the correction. The
state that was asked before stays whole for whoever is still reading it.
"""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hongtu.boards.assistant import sentence_model
from hongtu.boards.assistant.sentence_model import model, vector_cache
from hongtu.domains.matters import queries
from hongtu.domains.matters.models import Guide, Referral
from hongtu.engines.search import Encoder, SearchError, normalise
from hongtu.engines.search.slots import Slot
from hongtu.engines.search.understanding import Matter, Understanding

log = logging.getLogger(__name__)
ELSEWHERE = "elsewhere:"


@dataclass(frozen=True)
class Knowledge:
    """One state of the records, ready to be asked."""

    stamp: str
    guides: dict[str, Guide]
    referrals: dict[str, Referral]
    understanding: Understanding
    names: dict[str, tuple[str, ...]]
    """What matters are called, normalised -> their codes (ours and others')."""
    versions: dict[str, tuple[int, ...]]
    """Code -> key and versions of the guide and its matter, by which a change is noticed."""

    @property
    def encoder(self) -> Encoder | None:
        return self.understanding.index.encoder


_lock = threading.Lock()
_known: dict[str, Knowledge] = {}
_learning = threading.Lock()


def facts(guide: Guide) -> frozenset[Slot]:
    """The questions this record can answer."""
    filled = {
        Slot.WHO: guide.department or guide.matter.helper,
        Slot.WHERE: guide.offices.all(),
        Slot.HOW: guide.steps.all(),
        Slot.MATERIALS: guide.materials.all(),
        Slot.TIME: guide.promised_days is not None or guide.time_note,
        Slot.FEE: guide.fee,
        Slot.CONDITIONS: guide.conditions,
        Slot.PHONE: guide.phone,
        Slot.AMOUNT: guide.elements.get("amount"),
    }
    return frozenset(slot for slot, value in filled.items() if value)


COVERED = 0.6
"""Share of a question's topic that a known name must make up to stand for its matter."""


def _names(listed: list[Matter]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for matter in listed:
        for name in {normalise(n).replace(" ", "") for n in (matter.name, *matter.aliases)}:
            if len(name) >= 2:
                found[name] = (*found.get(name, ()), matter.id)
    return found


def named(topic: str, known: Knowledge) -> tuple[str, ...]:
    """The matters that a topic names: exactly, or by the longest name that makes up most of it."""
    bare = topic.replace(" ", "")
    if bare in known.names:
        return known.names[bare]
    inside = [name for name in known.names if name in bare and len(name) >= COVERED * len(bare)]
    longest = max(map(len, inside), default=0)
    found = (code for name in inside if len(name) == longest for code in known.names[name])
    return tuple(dict.fromkeys(found))


def _matter(guide: Guide) -> Matter:
    matter = guide.matter
    aliases = tuple(matter.aliases)
    return Matter(
        matter.code, matter.name, matter.line, aliases, facts=facts(guide), record=_whole_record(guide)
    )


def _whole_record(guide: Guide) -> str:
    """All that a record says, for the look whether it speaks of a particular at all."""
    said = [
        guide.audience,
        guide.conditions,
        guide.channels,
        guide.time_note,
        guide.fee,
        guide.result,
        guide.basis,
        guide.mistakes,
        *(f"{material.name} {material.note}" for material in guide.materials.all()),
        *(f"{step.name} {step.days} {step.text}" for step in guide.steps.all()),
        *(office.hours for office in guide.offices.all()),
        *map(str, guide.elements.values()),
    ]
    return "\n".join(filter(None, said))


def _records(day: date, before: Knowledge | None) -> tuple[dict[str, Guide], dict[str, tuple[int, ...]]]:
    """Guides in force by code; those that did not change since are taken over without being read."""
    versions = queries.versions_in_force(day)
    known = before.versions if before else {}
    fresh = {code for code, version in versions.items() if known.get(code) != version}
    read = {g.matter.code: g for g in queries.whole(day).filter(matter__code__in=fresh)} if fresh else {}
    kept = before.guides if before else {}
    found = {code: read.get(code) or kept.get(code) for code in versions}
    return {code: guide for code, guide in found.items() if guide is not None}, versions


def _build(stamp: str, day: date, encoder: Encoder | None, before: Knowledge | None) -> Knowledge:
    """The present state. Out of the one before when it was made with the same model: then only what changed
    is indexed; else everything is, with vectors out of the cache where a text is known."""
    guides, versions = _records(day, before)
    referrals = {f"{ELSEWHERE}{r.pk}": r for r in queries.referrals()}
    ours = [_matter(guide) for guide in guides.values()]
    others = [Matter(key, r.name, r.handled_by, tuple(r.aliases)) for key, r in referrals.items()]
    with vector_cache(encoder) as cache:
        if before is not None and before.encoder is encoder:
            understanding = before.understanding.changed(ours, others, cache)
        else:
            understanding = Understanding(ours, others, encoder, cache)
            understanding.index.cache = None  # its file is closed again
    return Knowledge(stamp, guides, referrals, understanding, _names([*ours, *others]), versions)


def _built(stamp: str, day: date, before: Knowledge | None) -> Knowledge:
    """The same with the best model that is there; a server that fails meanwhile is left alone."""
    while True:
        encoder: Any = model()[0]
        try:
            return _build(stamp, day, encoder, before)
        except SearchError as fault:
            if fault.code != "search.model.remote" or not hasattr(encoder, "leave_alone"):
                raise
            log.warning("%s: %s", fault.code, fault.message)
            encoder.leave_alone()


def knowledge(day: date, *, wait: bool = False) -> Knowledge:
    """The present state. A web process answers by words at once and takes the model up when it is ready;
    `wait` (command line) waits for the model."""
    stamp = queries.stamp(day)
    found = _known.get("now")
    if found is None or found.stamp != stamp or (wait and found.encoder is not model()[0]):
        found = _renewed(stamp, day, wait=wait)
    if not wait and (not sentence_model.ready() or found.encoder is not model()[0]):
        _take_up_model()
    return found


def _renewed(stamp: str, day: date, *, wait: bool) -> Knowledge:
    with _lock:
        before = _known.get("now")
        if before is not None and before.stamp == stamp and not wait:
            return before
        if wait or sentence_model.ready():
            made = _built(stamp, day, before)
        else:
            made = _build(stamp, day, before.encoder if before else None, before)
        _known["now"] = made
        return made


def _take_up_model() -> None:
    """Encode the same records beside the running answers, then put the result in their place."""
    if _learning.acquire(blocking=False):
        threading.Thread(target=_learn, daemon=True).start()


def _learn() -> None:
    encoder: Any = None
    try:
        before = _known.get("now")
        if before is None or model()[0] is before.encoder:
            return
        old = before.understanding
        encoder = model()[0]
        with vector_cache(encoder) as cache:
            fresh = Understanding(old.matters.values(), old.elsewhere.values(), encoder, cache)
        fresh.index.cache = None
        with _lock:
            if _known.get("now") is before:
                _known["now"] = replace(before, understanding=fresh)
                log.info("the assistant now searches with %s", encoder.name if encoder else "words only")
    except SearchError as fault:
        log.warning("%s: %s", fault.code, fault.message)
        if hasattr(encoder, "leave_alone"):
            encoder.leave_alone()
    finally:
        _learning.release()


def search_state() -> dict[str, Any] | None:
    """How this process searches just now, for the health page; None before the first question."""
    found = _known.get("now")
    return found.understanding.index.health() if found else None


def forget() -> None:
    """Build afresh at the next question (tests, a changed setting)."""
    with _lock:
        _known.clear()
    sentence_model.forget()
