"""From a question to sentences out of one dated record, or a clear word that there is none.

Every sentence of an answer is a field of a published guide, word for word, with its version and date. What
the record lacks is named. Nothing of the question goes into an answer, so that nothing in it can speak.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.boards.assistant.knowledge import Knowledge, named
from hongtu.boards.assistant.particulars import particulars
from hongtu.domains.matters.models import Guide
from hongtu.domains.matters.vocab import Outcome
from hongtu.engines.search import normalise
from hongtu.engines.search.aspects import Aspect
from hongtu.engines.search.slots import Question, Slot, take_apart
from hongtu.engines.search.understanding import Outcome as Read
from hongtu.engines.search.understanding import Reading

MOST_CHARACTERS = 2_000
HUMAN = re.compile(
    r"转?人工(服务|客服)?|真人|找(个)?(人|帮办员)(帮|说|问)|帮办员(电话|在吗)?$|human|operator"
)  # not for translation: pattern
ORDINALS = ("一", "二", "三")  # not for translation: numerals in replies
FIELD_OF_SLOT = {
    Slot.WHO: "department",
    Slot.WHERE: "offices",
    Slot.HOW: "steps",
    Slot.MATERIALS: "materials",
    Slot.TIME: "time",
    Slot.FEE: "fee",
    Slot.CONDITIONS: "conditions",
    Slot.PHONE: "phone",
    Slot.AMOUNT: "amount",
    Slot.PROGRESS: "progress",
}


@dataclass(frozen=True)
class Sentence:
    """One sentence with its source: matter, field, version, dates, address."""

    field: str
    label: str
    text: str
    matter: str
    version: int
    effective_from: str
    reviewed_on: str
    url: str
    asked: bool = False


@dataclass(frozen=True)
class Answer:
    """outcome: answered, asks, refused or handed_over. choices: (code, name). links: (words, address) of
    where to go instead. mode: hybrid, lexical, none."""

    outcome: str
    notice: str = ""
    matter: str = ""
    name: str = ""
    asked: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    missing: tuple[str, ...] = ()
    missing_labels: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    mode: str = "none"
    confidence: float = 0.0
    demonstration: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For the API, the command line and the stored turn."""
        found = asdict(self)
        found["fields"] = {s.field: s.text for s in self.sentences}
        found["choices"] = [{"matter": code, "name": name} for code, name in self.choices]
        found["links"] = [{"label": label, "url": url} for label, url in self.links]
        found["confidence"] = round(self.confidence, 3)
        return found

    @property
    def text(self) -> str:
        """The whole answer as plain text."""
        return "\n".join([self.notice, *(f"{s.label}：{s.text}" for s in self.sentences)]).strip()


@dataclass(frozen=True)
class Context:
    """What came before: the matter talked about, the choices offered, the question that waits for them."""

    matter: str = ""
    choices: Sequence[str] = field(default_factory=tuple)
    pending: str = ""


def labels() -> dict[str, str]:
    """Fields of an answer in the order in which they are told."""
    return {
        "department": _("谁来办"),
        "offices": _("在哪办"),
        "hours": _("办理时间"),
        "conditions": _("什么条件"),
        "materials": _("带什么"),
        "held": _("不用带（政府已有）"),
        "steps": _("怎么办"),
        "time": _("多久办好"),
        "fee": _("收费"),
        "result": _("得到什么"),
        "mistakes": _("容易出错"),
        "phone": _("咨询电话"),
        "helper": _("首席帮办员"),
        "amount": _("补贴或待遇金额"),
        "progress": _("办件进度"),
    }


OPTIONAL = {"held", "amount", "progress", "mistakes", "helper"}


def field_texts(guide: Guide) -> dict[str, str]:
    """Every field of a record as text, word for word; an empty text where the record has nothing."""
    brought = [m for m in guide.materials.all() if not m.held_by_government]
    held = [m.name for m in guide.materials.all() if m.held_by_government]
    offices = list(guide.offices.all())
    unit = guide.get_day_unit_display()
    time = []
    if guide.promised_days is not None:
        time.append(_("承诺%(days)s%(unit)s") % {"days": guide.promised_days, "unit": unit})
    if guide.legal_days is not None:
        time.append(_("法定%(days)s%(unit)s") % {"days": guide.legal_days, "unit": unit})
    helper = guide.matter.helper
    return {
        "department": guide.department,
        "offices": "\n".join(" ".join(filter(None, (o.name, o.window, o.address))) for o in offices),
        "hours": "\n".join(dict.fromkeys(o.hours for o in offices if o.hours)),
        "conditions": guide.conditions,
        "materials": "\n".join(_material(n, m) for n, m in enumerate(brought, 1)),
        "held": "、".join(held),
        "steps": "\n".join(
            f"{s.sequence}. {s.name}"
            + (f"（{s.days}）" if s.days else "")
            + (f"：{s.text}" if s.text else "")
            for s in guide.steps.all()
        ),
        "time": "；".join([*time, *filter(None, [guide.time_note])]),
        "fee": guide.fee,
        "result": guide.result,
        "mistakes": guide.mistakes,
        "phone": guide.phone,
        "helper": " ".join(filter(None, (str(helper), helper.phone))) if helper else "",
        "amount": str(guide.elements.get("amount", "")),
        "progress": "",
    }


def _material(number: int, material: Any) -> str:
    words = f"{number}. {material.name}（{material.get_necessity_display()}）"
    return f"{words}{material.note}" if material.note else words


def tell(
    guide: Guide,
    slots: Sequence[Slot],
    reading: Reading | None = None,
    untold: Sequence[Aspect] = (),
) -> Answer:
    """A guide told in full, what was asked first; fields and particulars it lacks are named."""
    texts, names = field_texts(guide), labels()
    asked = [FIELD_OF_SLOT[slot] for slot in slots]
    url = reverse("matters:matter", args=[guide.matter.code])
    order = [*asked, *(name for name in names if name not in asked)]
    common = (guide.matter.code, guide.number, str(guide.effective_from), str(guide.reviewed_on or ""))
    sentences = tuple(
        Sentence(name, names[name], texts[name], *common, f"{url}#{_anchor(name)}", name in asked)
        for name in order
        if texts[name]
    )
    missing = tuple(n for n in order if not texts[n] and (n in asked or n not in OPTIONAL))
    progress = Slot.PROGRESS in slots
    return Answer(
        Outcome.ANSWERED.value,
        _progress_words(texts["phone"]) if progress else "",
        links=_progress_links() if progress else (),
        matter=guide.matter.code,
        name=guide.matter.name,
        asked=tuple(asked),
        sentences=sentences,
        missing=(*missing, *(aspect.value for aspect in untold)),
        missing_labels=(*(particulars()[a] for a in untold), *(names[n] for n in missing)),
        mode=reading.mode if reading else "none",
        confidence=reading.confidence if reading else 1.0,
        demonstration=guide.matter.demonstration,
    )


def _progress_words(phone: str) -> str:
    """Nobody's file is kept here, so nobody's progress is guessed."""
    if phone:
        return _("这里没有个人办件的进度。请凭受理回执向窗口查询，电话 %s。") % phone
    return _("这里没有个人办件的进度。请凭受理回执向受理窗口查询。")


def _progress_links() -> tuple[tuple[str, str], ...]:
    return ((_("用查询码查上报问题的进度"), reverse("problems:follow")),)


def _anchor(name: str) -> str:
    return {"hours": "offices", "held": "materials"}.get(name, name)


def clean(text: str) -> str:
    """A question as it may be stored and read: printable, at most 2,000 characters."""
    kept = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text[: MOST_CHARACTERS * 2])
    return kept.strip()[:MOST_CHARACTERS]


def chosen(text: str, context: Context, known: Knowledge) -> str:
    """The matter that a short reply picks out of the choices offered; empty when it picks none."""
    said = normalise(text)
    for number, code in enumerate(context.choices):
        ordinal = ORDINALS[number]
        nth = f"第{ordinal}个"  # not for translation: what people reply
        if said in (str(number + 1), nth, ordinal, code.lower()):
            return code
        guide = known.guides.get(code)
        if guide and said and said in normalise(guide.matter.name) and len(said) >= 2:
            return code
    return ""


def answer(question: str, known: Knowledge, context: Context | None = None, choice: str = "") -> Answer:
    """Answer one question; never raises for a text."""
    before = context or Context()
    text = clean(question)
    pick = choice if choice in before.choices else chosen(text, before, known)
    if pick and pick in known.guides:
        return _told(known, pick, take_apart(before.pending))
    if HUMAN.search(normalise(text)):
        return Answer(Outcome.HANDED_OVER.value, _("好的，已请首席帮办员接手，她能看到以上对话。"))
    apart = take_apart(text)
    if by_name := named(apart.topic, known):
        return _by_name(by_name, apart, known)
    reading = known.understanding.read(text)
    if not reading.question.topic and reading.question.slots:
        return _without_topic(reading, known, before)
    if reading.outcome in (Read.ANSWER, Read.MISSING_FACT):
        return _told(known, reading.matter, reading.question, reading)
    if reading.outcome is Read.ASK:
        choices = tuple((code, known.guides[code].matter.name) for code in reading.choices)
        return Answer(
            Outcome.ASKS.value,
            _("您要办的是哪一件？"),
            choices=choices,
            mode=reading.mode,
            confidence=reading.confidence,
        )
    return _refuse(reading, known)


def _told(known: Knowledge, code: str, question: Question, reading: Reading | None = None) -> Answer:
    """A guide told, with the particulars asked for that its record does not speak of."""
    untold = known.understanding.untold(code, question)
    return tell(known.guides[code], question.slots, reading, untold)


def _by_name(codes: Sequence[str], question: Question, known: Knowledge) -> Answer:
    """A question that says what a matter is called needs no score."""
    ours = [code for code in codes if code in known.guides]
    if len(ours) == 1:
        return _told(known, ours[0], question)
    if ours:
        choices = tuple((code, known.guides[code].matter.name) for code in ours[:3])
        return Answer(Outcome.ASKS.value, _("您要办的是哪一件？"), choices=choices)
    return _elsewhere(codes[0], known)


def _elsewhere(key: str, known: Knowledge) -> Answer:
    other = known.referrals[key]
    notice = _("“%(name)s”不在这里办理，由%(who)s办理。") % {
        "name": other.name,
        "who": f"{other.handled_by} {other.phone}".strip(),
    }
    return Answer(Outcome.REFUSED.value, notice)


def _without_topic(reading: Reading, known: Knowledge, before: Context) -> Answer:
    """“要带什么？” after a matter was told speaks of that matter; before that it names none."""
    guide = known.guides.get(before.matter)
    if guide is not None:
        return _told(known, before.matter, reading.question, reading)
    if Slot.PROGRESS in reading.slots:
        notice = _(
            "要查上报问题的进度，请凭上报时给您的查询码到查询页查看。要查办件的进度，请告诉我办的是哪件事。"
        )
        return Answer(Outcome.ASKS.value, notice, links=_progress_links(), mode=reading.mode)
    return Answer(Outcome.ASKS.value, _("请问您要办的是哪件事？"), mode=reading.mode)


def _refuse(reading: Reading, known: Knowledge) -> Answer:
    if reading.outcome is Read.ELSEWHERE:
        return _elsewhere(reading.matter, known)
    if reading.outcome is Read.EMPTY:
        notice = _("请说出您想办的事，例如：居住证怎么办。")
    else:
        notice = _("这个问题不在现有办事记录里，我不能回答。可以转给首席帮办员，由她在一个工作日内答复。")
    return Answer(Outcome.REFUSED.value, notice, mode=reading.mode, confidence=reading.confidence)


def of_today(question: str, day: date, *, wait: bool = False) -> Answer:
    """Answer without a conversation (command line, API by GET)."""
    from hongtu.boards.assistant.knowledge import knowledge

    return answer(question, knowledge(day, wait=wait))
