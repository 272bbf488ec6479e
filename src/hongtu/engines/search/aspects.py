"""Particulars that people ask of a matter beyond the ordinary facts, and how a record would speak of each.

The list is closed: a question that asks for a particular whose words the record nowhere has is answered with
that particular named as missing, never with the rest of the record in its place.
"""

# ruff: noqa: E501  # a pattern is read as one line

from __future__ import annotations

import re
from enum import StrEnum


class Aspect(StrEnum):
    """A particular asked for."""

    PHOTO = "photo"
    MAIL = "mail"
    URGENT = "urgent"
    ONLINE = "online"
    AGENT = "agent"
    APPOINTMENT = "appointment"
    VALIDITY = "validity"
    BASIS = "basis"
    SHARE = "share"
    INTEREST = "interest"
    CEILING = "ceiling"
    TERM = "term"
    SIZE = "size"
    NUMBER = "number"
    BANK = "bank"
    PAYDAY = "payday"
    BALANCE = "balance"
    PASSWORD = "password"  # noqa: S105  # the word, not one
    GRADE = "grade"
    FREQUENCY = "frequency"
    TAX = "tax"
    CAPITAL = "capital"
    DISTANCE = "distance"
    BRAND = "brand"
    PLACES = "places"
    EFFECT = "effect"
    CONSEQUENCE = "consequence"
    NAME = "name"
    PENALTY = "penalty"
    AGE = "age"
    ELECTRONIC = "electronic"


# What the question says; what a record that tells of it says.
_WORDS: dict[Aspect, tuple[str, str]] = {
    Aspect.PHOTO: (r"底色|背景色|几寸|(照片|相片).{0,4}(尺寸|多大|要求|颜色|规格)", r"寸|底色|照片.{0,6}(尺寸|规格)"),
    Aspect.MAIL: (r"邮寄|寄(到|给|回)|快递(到|给|送|过来|回)|送到家", r"邮寄|寄送|快递|送达到家"),
    Aspect.URGENT: (r"加急|(能|可以)(不能)?(快|早)(一)?点(办|拿|下)", r"加急|即办|当场办结|当场办理"),
    Aspect.ONLINE: (
        r"(网上|线上|手机(上)?|小程序|app|不跑腿|不用去).{0,4}(办|申请|申领|提交|报名|弄|交)|网办",
        r"网上|线上|小程序|app|全程网办|掌上|手机",
    ),
    Aspect.AGENT: (
        r"代办|委托|(别人|家人|家属|朋友|子女|儿子|女儿|老公|老婆).{0,3}(代|替|帮).{0,4}(办|领|去|取|申请)|代领|替(我|他|她)",
        r"代办|委托|代为|代理|代领",
    ),
    Aspect.APPOINTMENT: (r"(要|能|可以|需要|怎么|用)(不要|不能|不用)?(提前)?(预约|约号)|提前约", r"预约"),
    Aspect.VALIDITY: (
        r"有效期|(几|多少|多久|多长时间).{0,3}(有效|失效|过期|到期)|管(几|多少)(年|个月|天)|能用几年",
        r"有效期|有效\d|长期有效",
    ),
    Aspect.BASIS: (r"依据|哪个文件|什么文件|文件号|哪(条|部|个)(法|规定|政策)", r"《"),
    Aspect.SHARE: (
        r"比例|百分之(几|多少)|几(个)?点|几成|(打)?几折|报(销)?(多少|几多)(?!钱|元|次)",
        r"比例|%|％|百分之|折",
    ),
    Aspect.INTEREST: (r"利率|利息|贴息", r"利率|利息|贴息"),
    Aspect.CEILING: (
        r"额度|上限|封顶|(最高|最多|最低|最少)(能|可以|可)?(贷|提|领|补|报|借|拿|是)?(多少|几)?",
        r"额度|上限|封顶|最高|最多|最低|不超过",
    ),
    Aspect.TERM: (r"还款期|最长(能|可以)?.{0,4}年|(分|贷)几年|(能|可以)(贷|借|用|住)(几|多少)年", r"期限|年内|\d年"),
    Aspect.SIZE: (
        r"面积|多少平|几层|多高|多宽|多大(的|面积)?(?!年)|几(平)?方|几吨|几室|房型|户型",
        r"面积|平方米|㎡|层高|[0-9一二三四]层",
    ),
    Aspect.NUMBER: (r"(一共|总共|有|发了|招)?(多少|几)(个)?(人|套|名额|学生|家|户)|名额", r"名额|\d+(人|套|户|名)"),
    Aspect.BANK: (r"(哪|什么)(家|个)?银行|发到哪|打到哪", r"银行"),
    Aspect.PAYDAY: (r"几号(发|到|打)|(什么时候|多久|几时|哪天)(能)?(到账|发放|发钱|打钱|打卡)|到账", r"到账|发放|按月|每月\d"),
    Aspect.BALANCE: (r"余额|还剩多少|剩多少", r"余额"),
    Aspect.PASSWORD: (r"密码", r"密码"),
    Aspect.GRADE: (r"(分|有)?几(个)?(等|级|档)|(哪|什么)(几)?个?(等级|级别|档)", r"等级|[一二三四1-4]级"),
    Aspect.FREQUENCY: (
        r"(一年|每年|一个月|每月|一天|一生)?(能|可以|要)?.{0,4}(几|多少)次|隔(几|多久|多少)|(几|多少)(天|个月|年).{0,4}一次",
        r"每年|每月|次|间隔",
    ),
    Aspect.TAX: (r"(交|缴|扣|多少|什么).{0,4}税|税率", r"税"),
    Aspect.CAPITAL: (r"注册资(本|金)|启动资金|保证金", r"注册资本|资金|保证金"),
    Aspect.DISTANCE: (r"(多少|几)(公)?(米|里)|多远|隔多远|距离", r"米|公里|距离"),
    Aspect.BRAND: (r"(哪|什么)(个|种|款)?(牌子|品牌|型号|厂家)|目录", r"品牌|型号|目录"),
    Aspect.PLACES: (
        r"(外省|外地|全国|其他(省|市)|异地).{0,3}(能|可以|认)?(用|通用|有效)|哪(些|几(个|家))(景区|景点|医院|学校|商店|地方|药店)",
        r"全国|全省|通用|定点|名单",
    ),
    Aspect.EFFECT: (r"(法律)?效力|有(没有)?法律(效力|作用)|管不管用", r"效力"),
    Aspect.CONSEQUENCE: (r"影响.{0,8}(吗|么|不|没)|会不会|(有什么|啥)(后果|坏处|影响)", r"影响|后果|取消资格"),
    Aspect.NAME: (r"叫什么(名字)?$|叫啥|姓什么", r"姓名"),
    Aspect.PENALTY: (r"(罚|处罚)(多少|几|不罚|款)|不办会|逾期", r"罚|逾期"),
    Aspect.AGE: (r"(几|多少|多大)(岁|年纪|年龄)|年龄(限制|要求|多大)", r"岁|周岁|年龄"),
    Aspect.ELECTRONIC: (r"电子(版|证|档)", r"电子"),
}  # fmt: skip
_ASKED = {aspect: re.compile(asked) for aspect, (asked, _told) in _WORDS.items()}
_TOLD = {aspect: re.compile(told) for aspect, (_asked, told) in _WORDS.items()}


def asked(canonical: str) -> tuple[Aspect, ...]:
    """The particulars that a normalised question asks for."""
    return tuple(aspect for aspect, pattern in _ASKED.items() if pattern.search(canonical))


def told(aspect: Aspect, record: str) -> bool:
    """Whether a normalised record speaks of the particular at all."""
    return bool(_TOLD[aspect].search(record))
