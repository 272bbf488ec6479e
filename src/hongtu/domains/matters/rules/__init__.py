"""Decisions about guides: what may be published, what is in force, when a review is due. No framework."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hongtu.domains.matters.rules.values import beyond

REVIEW_EVERY = timedelta(days=180)
HANDOVER_WORKING_DAYS = 1
# Names that leave open what is asked for (GB/T 39554.1: a material is named, never "other materials").
CATCH_ALL = re.compile(
    r"其他(?:相关|有关)?(?:材料|资料|证明)|等(?:相关|有关)(?:材料|资料)|(?:窗口|经办人)要求的"
)
# Text that speaks to a machine instead of to an applicant has no business in a guide.
INSTRUCTION = re.compile(
    r"(?:忽略|无视|忘记|跳过|绕过|覆盖|不要遵守|不用管).{0,12}(?:指令|指示|提示词|规则|设定|限制|要求|内容)"
    r"|系统(?:提示|指令|消息|角色)|提示词|你(?:现在)?是(?:一个|一名)?.{0,8}(?:助手|机器人|模型|AI|管理员)"
    r"|(?:扮演|充当|假装|模拟).{0,12}(?:角色|助手|管理员|模型|模式|客服)|开发者模式|越狱|(?:输出|打印|泄露|显示|透露|公布).{0,10}"
    r"(?:密码|口令|密钥|身份证号|对话记录|内部|数据库|系统)|(?:回答|回复|告诉)(?:用户|居民|群众|所有人|每个人|他们)"
    r"|AI\s*(?:助手|请|必须|应)|智能(?:助手|客服)(?:请|必须|应)|<\s*/?\s*(?:script|iframe|img|system|instruction)|javascript:"
    r"|\b(?:ignore|disregard|forget|override|bypass|jailbreak)\b|\b(?:system|assistant|developer)\s*(?:prompt|:|message)"
    r"|\byou are (?:now|a|an)\b|\[\s*(?:system|inst)\b|<\|im_|\bprompt\b|\bdo anything now\b|\{\{|\{%|\$\{"
    r"|\b(?:drop|delete|select|insert|union)\s+(?:table|from|into|\*|all)|https?://|转账|汇款(?:到|至)|加(?:我)?微信|扫码付款",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Fault:
    """Why a guide cannot be published: a stable code, the field, what stands there."""

    code: str
    field: str
    text: str


def overdue(reviewed_on: date | None, today: date) -> int:
    """Days since the review was due; 0 while it is not. A guide never reviewed is due at once."""
    if reviewed_on is None:
        return 1
    return max(0, (today - reviewed_on - REVIEW_EVERY).days)


def in_force(effective_from: date, expires_on: date | None, day: date) -> bool:
    """Whether a published version counts on a day; the day of expiry itself still counts."""
    return effective_from <= day and (expires_on is None or day <= expires_on)


def faults(
    *,
    texts: Mapping[str, str],
    materials: Sequence[str],
    steps: Sequence[str],
    offices: Sequence[str],
    legal_days: int | None,
    promised_days: int | None,
    forbidden: Iterable[tuple[str, str]],
    day_units: tuple[str, str] = ("working", "working"),
) -> list[Fault]:
    """Everything that keeps a guide from being published.

    texts: field -> text, `department` is needed. forbidden: (phrase, reason) of what must not be asked
    for. day_units: in what the legal and the promised limit are counted. A field that is merely empty is
    no fault: the answer then names it as missing.
    """
    found = [Fault("matters.department_missing", "department", "")] if not texts.get("department") else []
    if not offices and not texts.get("phone"):
        found.append(Fault("matters.nowhere_to_go", "offices", ""))
    if (
        legal_days is not None
        and promised_days is not None
        and beyond(promised_days, day_units[1], legal_days, day_units[0])
    ):
        found.append(Fault("matters.promise_beyond_law", "promised_days", f"{promised_days} > {legal_days}"))
    found += material_faults(materials, forbidden)
    spoken = [*texts.items(), *(("materials", t) for t in materials), *(("steps", t) for t in steps)]
    spoken += [("offices", t) for t in offices]
    found += [
        Fault("matters.instruction_in_text", field, hit.group(0)[:60])
        for field, text in spoken
        if (hit := INSTRUCTION.search(text))
    ]
    return found


def material_faults(names: Sequence[str], forbidden: Iterable[tuple[str, str]]) -> list[Fault]:
    """Materials that may not be asked for: by the office's list, or because a name leaves open what is meant."""
    known = list(forbidden)
    found = []
    for name in names:
        if CATCH_ALL.search(name):
            found.append(Fault("matters.catch_all_material", "materials", name))
        found += [
            Fault("matters.must_not_ask", "materials", f"{name}：{reason}")
            for phrase, reason in known
            if phrase in name
        ]
    return found
