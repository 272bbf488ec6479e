"""58 assists and a handful of open questions, as the seeds tell of them; said through the actions."""

from hongtu.domains.matters import actions
from hongtu.domains.matters.models import Matter
from hongtu.kernel.people.models import Person, Unit

ASSISTS = 58
OPEN = (
    ("我想把租的房子改成民宿，街道这边要办什么手续", "居民来电138****0000（示例）"),
    ("楼上漏水物业不管，找哪个部门能快点", "居民来电139****0000（示例）"),
    ("老人在外地住院，回来补高龄津贴能补多久", "居民来电136****0000（示例）"),
)
UNKNOWN = (
    "社区食堂可以外卖吗",
    "电动车上牌去哪里",
    "社区食堂可以外卖吗",
    "能不能帮忙订火车票",
    "社区食堂可以外卖吗",
)


def write_talks(*, by: Person | None) -> None:
    """Conversations that ended with the thing done, three that wait for a helper, some without answer."""
    matters = list(Matter.objects.filter(kind="service").select_related("unit").order_by("code")[:ASSISTS])
    for matter in matters:
        turn = actions.converse(
            by=by,
            conversation=None,
            question=f"{matter.aliases[0] if matter.aliases else matter.name}怎么办",
            answer=f"{matter.name}（示例对话）",
            outcome="answered",
            record={"matter": matter.code},
            matter=matter,
            channel="window",
        )
        actions.settle(by=by, conversation=turn.conversation)
    unit = Unit.objects.get(pk=matters[0].unit_id)
    for question, contact in OPEN:
        turn = actions.converse(
            by=by,
            conversation=None,
            question=question,
            answer="已转首席帮办员。",
            outcome="handed_over",
            record={},
        )
        actions.hand_over(
            by=by, conversation=turn.conversation, question=question, contact=contact, unit=unit
        )
    for question in UNKNOWN:
        actions.converse(
            by=by, conversation=None, question=question, answer="不在办事范围。", outcome="refused", record={}
        )
