"""The minutes as an official document."""

from hongtu.domains.dispatch import queries
from hongtu.domains.dispatch.models import AgendaItem, Meeting
from hongtu.domains.dispatch.vocab import Outcome
from hongtu.kernel.profile.models import district
from hongtu.ui.official_docx import Block, OfficialDocument, official_date, official_docx, ordinal

# The minutes are an official document of the district: they are Chinese in every language of the interface.
HEADS = ("议定事项", "责任单位", "责任人", "时限", "交办单")


def minutes_docx(meeting: Meeting) -> bytes:
    """What was decided, item by item, and the list of orders, laid out after GB/T 9704."""
    items = list(queries.items(meeting))
    found = district()
    opening = (
        f"{official_date(meeting.held_on)}，{meeting.chair}在{meeting.place}主持召开{meeting.name}"
        f"（{dict(meeting._meta.get_field('level').flatchoices)[meeting.level]}）。"
        f"{f'参会：{meeting.attendees}。' if meeting.attendees else ''}现将议定事项纪要如下。"
    )
    blocks = [Block("text", opening)]
    for number, item in enumerate(items, 1):
        blocks += _item(number, item)
    decided = [i for i in items if i.outcome == Outcome.DECIDED]
    if decided:
        rows = [HEADS, *((_brief(i)) for i in decided)]
        blocks += [
            Block("heading1", f"{ordinal(len(items) + 1)}、交办清单"),
            Block("table", rows=rows, widths=(0.34, 0.2, 0.14, 0.16, 0.16)),
        ]
    return official_docx(
        OfficialDocument(
            title=f"{meeting.name}纪要",
            blocks=blocks,
            number=meeting.number,
            signer=f"{found.name if found else ''}{meeting.desk.name}",
            date=meeting.held_on,
        )
    )


def _item(number: int, item: AgendaItem) -> list[Block]:
    blocks = [
        Block("heading1", f"{ordinal(number)}、{item.name}"),
        Block("text", f"{item.explanation}。"),
    ]
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
