"""What the assistant knows: published guides in force, and what others handle; nothing else is searched.

Built once in a process and looked at again on every question: a published version, a new referral or a new
day makes it be built afresh, so that the next answer has the correction. Vectors are kept by text, so
only what changed is encoded again.
"""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from hongtu.domains.matters import queries
from hongtu.domains.matters.models import Guide, Referral
from hongtu.engines.search import Encoder, SearchError, VectorCache, default_cache_folder, normalise
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
    dense: bool
    names: dict[str, tuple[str, ...]]
    """What matters are called, normalised -> their codes (ours and others')."""


_lock = threading.Lock()
_known: dict[str, Knowledge] = {}
_model: dict[str, Any] = {}


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


def model() -> tuple[Encoder | None, str]:
    """The sentence model and, without one, why: a code for the health page."""
    if getattr(settings, "HONGTU_SENTENCE_MODEL", "on") == "off":
        return None, "search.model.switched_off"
    if "found" not in _model:
        try:
            _model["found"] = (Encoder.load(), "")
        except SearchError as fault:
            _model["found"] = (None, fault.code)
    found: tuple[Encoder | None, str] = _model["found"]
    return found


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


def _build(stamp: str, day: date, encoder: Encoder | None) -> Knowledge:
    guides = {g.matter.code: g for g in queries.whole(day)}
    referrals = {f"{ELSEWHERE}{r.pk}": r for r in queries.referrals()}
    ours = [
        Matter(g.matter.code, g.matter.name, g.matter.line, tuple(g.matter.aliases), facts=facts(g))
        for g in guides.values()
    ]
    others = [Matter(key, r.name, r.handled_by, tuple(r.aliases)) for key, r in referrals.items()]
    cache = None
    if encoder is not None:
        try:
            cache = VectorCache(default_cache_folder())
        except SearchError as fault:
            log.warning("%s: %s", fault.code, fault.message)
    try:
        understanding = Understanding(ours, others, encoder, cache)
    finally:
        if cache is not None:
            cache.close()
    return Knowledge(stamp, guides, referrals, understanding, encoder is not None, _names([*ours, *others]))


def knowledge(day: date, *, wait: bool = False) -> Knowledge:
    """The present state. A web process answers by words at once and takes the model up when it is ready;
    `wait` (command line) waits for the model."""
    stamp = queries.stamp(day)
    found = _known.get("now")
    if found is not None and found.stamp == stamp and (found.dense or not wait):
        return found
    with _lock:
        found = _known.get("now")
        if found is not None and found.stamp == stamp and (found.dense or not wait):
            return found
        ready = wait or "found" in _model or getattr(settings, "HONGTU_SENTENCE_MODEL", "on") == "off"
        encoder = model()[0] if ready else None
        built = _build(stamp, day, encoder)
        _known["now"] = built
    if not ready:
        threading.Thread(target=_take_up_model, args=(built, day), daemon=True).start()
    return built


def _take_up_model(lexical: Knowledge, day: date) -> None:
    """Encode the same records beside the running answers, then put the result in their place."""
    encoder, _reason = model()
    if encoder is None:
        return
    cache = None
    try:
        cache = VectorCache(default_cache_folder())
    except SearchError as fault:
        log.warning("%s: %s", fault.code, fault.message)
    old = lexical.understanding
    try:
        fresh = Understanding(old.matters.values(), old.elsewhere.values(), encoder, cache)
    finally:
        if cache is not None:
            cache.close()
    with _lock:
        if _known.get("now") is lexical:
            _known["now"] = replace(lexical, understanding=fresh, dense=True)
            log.info("the assistant now searches with the sentence model")


def forget() -> None:
    """Build afresh at the next question (tests, a changed setting)."""
    with _lock:
        _known.clear()
