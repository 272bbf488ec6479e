"""Which fact of a matter a question asks for, by the closed classes of question words."""

# ruff: noqa: E501  # a pattern is read as one line

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .aspects import Aspect, asked
from .normalise import normalise


class Slot(StrEnum):
    """The facts people ask of a service matter."""

    WHO = "who"
    WHERE = "where"
    HOW = "how"
    MATERIALS = "materials"
    TIME = "time"
    FEE = "fee"
    PROGRESS = "progress"
    CONDITIONS = "conditions"
    AMOUNT = "amount"
    PHONE = "phone"


# Order counts: a phrase is taken by the first pattern that fits, longer and more particular ones first.
_PATTERNS: tuple[tuple[Slot, str], ...] = (
    (Slot.WHO, r"(归|由|是)?(谁|哪个|哪位|哪个部门|什么部门)(来)?(负责|管|办理|经办|受理)|(要|该)?(找|问|寻|联系)(谁|哪个|哪位|啥人|什么人)(呀|啊|办|帮忙)?"),
    (Slot.PROGRESS, r"办?到哪(一步了?|里了|儿了|了)|进度|审(核|批)?(到哪|过了没|完了没)|批下来了?(没|吗)|"
                    r"办好了?(没有|没|吗)|下来了?(没有|没)|查(一下|询)?(结果|进度)|怎么还没(好|办好|下来)"),
    (Slot.PHONE, r"(联系|咨询|服务|办公)?电话(号码)?(是)?(多少|几号|什么)?|打(哪个|什么)(电话|号码)|联系方式|号码是多少"),
    (Slot.AMOUNT, r"(能|可以)?(领|拿|补|发|报销?|贷|给)(到)?(多少|几多|几个)(钱|元|块)?|(标准|金额)(是)?(多少|几多)|每(个)?月(有)?多少钱?"),
    (Slot.FEE, r"(要不要|需不需要|用不用|要|需要|得)?(交|花|出|付|收)(不(交|花|出|付|收))?(多少|几多|什么)?(钱|费用?)(吗|么|不|啵)?|"
               r"(要|得)?(多少|几多)(钱|费用)(啵|吗|呢)?|"
               r"收费(标准|吗|不)?|工本费|免费(吗|不|的吗)|费用(是)?(多少)?|手续费"),
    (Slot.MATERIALS, r"(要|需要|得|该)?(带|准备|提供|提交|交|拿|用)(上|些|点|齐)?(哪些|什么|哪样|么子|啥)(材料|资料|东西|证件|证明|手续)?|"
                     r"(需要|要)?(哪些|什么|啥|么子)(材料|资料|证件|手续)|材料(清单)?(有哪些|是什么)?|资料"),
    (Slot.TIME, r"(要|需要|得)?(多久|多长时间|几多时间|多少(天|日|个?工作日|时间)|几(天|个?工作日|日))(能|可以|才)?(办好|办完|办下来|下来|拿到|好)?|"
                r"什么时候(能|可以)?(办好|拿到|下来|办完)|时限|(上班|办公|受理|开门)时间|几点(上班|开门|下班)|周[末六日](上班|办)?"),
    (Slot.WHERE, r"(在|去|到|上)(哪里|哪儿|哪个(地方|部门|窗口|单位)|什么地方|哪|何处|么地方)(去)?(办理?|申请|登记|领|弄|交|找)?|"
                 r"(哪里|哪儿|哪个(窗口|地方|部门))(可以|能)?(办理?|申请|登记|领|弄)?|地址(在哪)?|地点|办理?窗口"),
    (Slot.CONDITIONS, r"(要|需要|有|符合|满足)?(什么|哪些|啥)(条件|要求|资格)|(条件|资格)(是什么|有哪些)|(谁|什么人|哪些人|哪种人)(可以|能|才能)(申请|领|办|享受)?|"
                      r"(够不够|符不符合|够)(条件|资格)"),
    (Slot.HOW, r"(要|该|得|应该)?(怎么|怎样|如何|咋|咋个|哪样|浪个|啷个)(样|么)?(才能)?(办理?|申请|弄|搞|领取)?(呢|啊|呀|哩)?|"
               r"(办理|申请)?(流程|步骤|程序|手续)(是什么|是怎样的|怎么走)?|(能不能|可不可以|可以不可以)(办|申请)?"),
)  # fmt: skip
_COMPILED = tuple((slot, re.compile(pattern)) for slot, pattern in _PATTERNS)
_FILLER = re.compile(
    r"请问(一下)?|麻烦(问|你|您)?(一下)?|你好|您好|我(们)?想(要)?(问|知道|了解|咨询)(一下)?|想(问|知道|了解)(一下)?|"
    r"(跟|同)?(你|您)?打听(一下)?|(帮|给)我(查|看)?(一下)?|劳驾|那个|这个|一下|的话|[我你您他她它咱]们?|"
    r"可以|能不能|能否|是不是|有没有|要不要|需要|应该|听说|办理|[的了呢吗嘛呀啊吧哩啵噻咯]"
)
_JOIN = re.compile(r"[\s，。！？、；：,.!?;:\"'“”（）()]+")


@dataclass(frozen=True)
class Question:
    """A question taken apart: canonical text, the slots asked for (none: the whole guide), the topic left over.

    ``aspects``: particulars asked for beyond the slots.
    """

    text: str
    slots: tuple[Slot, ...]
    topic: str
    aspects: tuple[Aspect, ...] = ()


def take_apart(text: str) -> Question:
    """Slots in the order of the patterns, and the topic: what remains without question words and politeness."""
    canonical = normalise(text)
    rest = canonical
    found: list[Slot] = []
    for slot, pattern in _COMPILED:
        shorter = pattern.sub(" ", rest)
        if shorter != rest:
            found.append(slot)
            rest = shorter
    topic = _JOIN.sub(" ", _FILLER.sub(" ", rest)).strip()
    if Slot.HOW in found and len(found) > 1:
        found.remove(Slot.HOW)  # "how and with which papers" asks for the papers
    return Question(canonical, tuple(found), topic, asked(canonical))
