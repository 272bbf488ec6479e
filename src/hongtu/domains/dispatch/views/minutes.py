"""The minutes as an official document."""

from hongtu.domains.dispatch import queries
from hongtu.domains.dispatch.models import AgendaItem, Meeting
from hongtu.domains.dispatch.vocab import Origin, Outcome
from hongtu.kernel.profile.models import District, district
from hongtu.ui.official_docx import (
    Block,
    Imprint,
    OfficialDocument,
    official_date,
    official_docx,
    ordinal,
)

# The minutes are an official document of the district: they are Chinese in every language of the interface.
HEADS = ("议定事项", "责任单位", "责任人", "时限", "交办单")


def minutes_docx(meeting: Meeting) -> bytes:
    """What was decided, item by item, and the list of orders, in the minutes' form of GB/T 9704: red head
    with number and who released them, attendance, imprint. A draft has neither number nor imprint."""
    items = list(queries.items(meeting))
    found = district()
    opening = (
        f"{official_date(meeting.held_on)}，{meeting.chair}在{meeting.place}主持召开{meeting.name}"
        f"（{dict(meeting._meta.get_field('level').flatchoices)[meeting.level]}）。现将议定事项纪要如下。"
    )
    blocks = [Block("text", opening)]
    for number, item in enumerate(items, 1):
        blocks += _item(number, item)
    decided = [i for i in items if i.outcome == Outcome.DECIDED]
    if decided:
        rows = [HEADS, *((_brief(i)) for i in decided)]
        blocks += [
            Block("heading1", f"{ordinal(len(items) + 1)}、交办清单"),
            Block("table", rows=rows, widths=(0.29, 0.18, 0.13, 0.18, 0.22)),
        ]
    return official_docx(
        OfficialDocument(
            title=f"{meeting.name}纪要",
            blocks=blocks,
            number=meeting.number or "（草稿，未印发）",
            letterhead=f"{found.name if found else ''}重大项目调度会议纪要",
            released_by=meeting.signed_by,
            attendance=(
                ("出席", meeting.attendees),
                ("请假", meeting.absent),
                ("列席", meeting.observers),
            ),
            imprint=Imprint(_desk(meeting, found), meeting.issued_on or meeting.held_on, meeting.copy_to)
            if meeting.number
            else None,
        )
    )


def _desk(meeting: Meeting, found: District | None) -> str:
    """The office that prints them, with the district's name in front unless its own begins with it."""
    own, name = meeting.desk.name, found.name if found else ""
    return own if own.startswith(name) else name + own.removeprefix("区")


def _item(number: int, item: AgendaItem) -> list[Block]:
    blocks = [Block("heading1", f"{ordinal(number)}、{item.name}")]
    if item.origin != Origin.ADDED:  # that it came up in the meeting explains nothing
        blocks.append(Block("text", f"{item.explanation}。"))
    if item.outcome == Outcome.DECIDED:
        who = f"{item.unit}{f'（{item.person}）' if item.person else ''}"
        blocks.append(
            Block("text", f"会议议定：{item.decision}。由{who}牵头，{official_date(item.due_on)}前完成。")
        )
        blocks += [
            Block("text", f"该议定作为链条约束：“{limit.step}”{limit}，链条已据此重排。")
            for limit in queries.limits_of(item)
        ]
    elif item.decision:
        blocks.append(Block("text", f"{item.get_outcome_display()}：{item.decision}。"))
    return blocks


def _brief(item: AgendaItem) -> tuple[str, ...]:
    return (
        item.decision,
        str(item.unit or ""),
        str(item.person or ""),
        item.due_on.isoformat(),
        item.order.number if item.order else "",
    )
