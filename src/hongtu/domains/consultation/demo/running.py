"""Consultations under way on the data date: one waits for its screening, one gathers the table, one votes,
one is
posted; and proposals that are many enough to suggest a topic."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.demo.cast import Cast, estate
from hongtu.domains.consultation.models import Estate, Household, Meeting, Topic
from hongtu.kernel.problems.terms import replaying
from hongtu.kernel.profile.models import today

CHARGING = "电动自行车集中充电棚选址"


def running(cast: Cast) -> None:
    """Everything that is not finished."""
    end = today()
    home = Estate.objects.get(name="凤鸣苑小区")
    _proposed(cast, home, end)
    _screening(cast, end)
    _voting(cast, end)
    _posted(cast, end)


def _at(day: date, hour: int = 10) -> Any:
    return replaying(timezone.make_aware(datetime.combine(day, time(hour))))


def _register(cast: Cast, name: str, description: str, kind: str, **more: Any) -> Topic:
    return actions.register(
        by=cast.worker, name=name, description=description, kind=kind, convener=cast.worker,
        subdistrict=cast.street, community=cast.community, demonstration=True, **more,
    )  # fmt: skip


def _proposed(cast: Cast, home: Estate, end: date) -> None:
    texts = ("楼道堆物没人管", "单元门口堆放纸箱和旧家具", "楼道停放电动车，担心着火", "消防通道堆物影响通行")
    for number, name in enumerate(texts):
        actions.proposals.create(
            by=cast.worker, name=name, source="resident" if number % 2 else "grid", proposer="示例",
            kind="environment", subdistrict=cast.street, community=cast.community, estate=home,
            made_on=end - timedelta(days=3 + 4 * number), demonstration=True,
        )  # fmt: skip


def _screening(cast: Cast, end: date) -> None:
    with _at(end - timedelta(days=10)):
        _register(
            cast,
            "老年活动室开放时间调整",
            "居民希望活动室晚间和周末也开放，值守和水电费怎么办需要商量。",
            "facility",
        )
    with _at(end - timedelta(days=2)):
        topic = _register(cast, "楼上漏水赔偿", "两户因漏水赔偿金额有争议。", "neighbour")
    with _at(end - timedelta(days=1)):
        actions.screen(
            by=cast.officer, topic=topic, version=topic.version, verdict="mediate",
            reason="属于两户之间的民事纠纷，转社区人民调解委员会",
        )  # fmt: skip


def _table(cast: Cast, topic: Topic, first: date, parts: tuple[tuple[str, str], ...]) -> None:
    """Screened and everybody at the table, by the end of the second day."""
    with _at(first + timedelta(days=1)):
        actions.screen(
            by=cast.officer, topic=topic, version=topic.version, verdict="adopt", reason="涉及多数居民"
        )
        for part, name in parts:
            unit = {"community": cast.community, "department": cast.city}.get(part)
            actions.invite(
                by=cast.worker, topic=topic, name=name, part=part, unit=unit, reason="代表一方意见",
                person=cast.resident if name == cast.resident.name else None,
            )  # fmt: skip
        _advance(cast, topic)


def _advance(cast: Cast, topic: Topic) -> None:
    topic.refresh_from_db()
    actions.advance(by=cast.worker, topic=topic, version=topic.version)


PARTS = (
    ("interested", "示例·居民一"), ("interested", "示例·居民二"), ("interested", "示例·居民三"),
    ("representative", "示例·居民代表"), ("committee", "示例·业委会主任"), ("manager", "示例·物业经理"),
    ("community", "示例·社区书记"), ("member", "示例·政协委员"),
)  # fmt: skip


def _voting(cast: Cast, end: date) -> None:
    """Common property: the meeting is being held, the owners vote meanwhile."""
    where = estate(cast, "凤翔示例小区", 3, 12)
    first = end - timedelta(days=24)
    with _at(first):
        topic = _register(
            cast, CHARGING, "电动自行车飞线充电多，居民要求建集中充电棚，选址要占一块公共绿地。", "facility",
            estate=where, common_matter="8",
        )  # fmt: skip
    _table(cast, topic, first, (*PARTS, ("department", "示例·城管干部")))
    with _at(first + timedelta(days=6)):
        actions.revise(
            by=cast.worker, record=topic, version=topic.version,
            situation="现有电动自行车140辆，充电口26个；去年飞线充电引发火情1起。两处备选场地均为业主共有。（示例）",
        )  # fmt: skip
        for name, done, cost in (
            ("东门绿地建棚", "占用东门北侧绿地60平方米，建充电口80个。", "9.6"),
            ("地面车位改建", "改造4个地面车位，建充电口60个。", "7.2"),
        ):
            actions.add_option(
                by=cast.worker, topic=topic, name=name, description=done, cost=Decimal(cost),
                funds={"common_income": Decimal(cost)},
            )  # fmt: skip
        actions.give_notice(
            by=cast.worker, topic=topic, held_on=end - timedelta(days=1), place="社区议事厅（示例）",
            host="示例·社区书记", recorder=cast.worker,
        )  # fmt: skip
    with _at(end - timedelta(days=3)):
        poll = actions.open_poll(by=cast.worker, option=queries.options(topic)[0])
        _advance(cast, topic)
    with _at(end - timedelta(days=1)):
        rooms = Household.objects.filter(estate=where, standing="delivered", counted=True).order_by("pk")
        named = [h.room for h in rooms]
        actions.cast(
            by=cast.worker, poll=poll,
            ballots={"consent": named[:19], "oppose": named[19:22], "abstain": named[22:23]},
        )  # fmt: skip


def _posted(cast: Cast, end: date) -> None:
    """A consensus in public: residents can object today."""
    where = Estate.objects.get(name="凤凰花园小区")
    first = end - timedelta(days=23)
    with _at(first):
        topic = _register(
            cast,
            "小区儿童活动场地修缮",
            "滑梯和地垫老化，家长要求更换，并商量夜间使用时间。",
            "other",
            estate=where,
        )
    _table(cast, topic, first, tuple(p for p in PARTS if p[0] != "committee"))
    with _at(first + timedelta(days=5)):
        actions.revise(
            by=cast.worker, record=topic, version=topic.version,
            situation="滑梯2套、地垫180平方米，检测建议更换；物业公共收益有结余。（示例）",
        )  # fmt: skip
        for name, cost in (("更换滑梯和地垫", "6.8"), ("只换地垫", "2.9")):
            actions.add_option(
                by=cast.worker, topic=topic, name=name, description=f"{name}，材料环保检测合格后安装。",
                cost=Decimal(cost), funds={"common_income": Decimal(cost)},
            )  # fmt: skip
        meeting = actions.give_notice(
            by=cast.worker, topic=topic, held_on=end - timedelta(days=9), place="小区活动场地（示例）",
            host="示例·社区书记", recorder=cast.worker,
        )  # fmt: skip
        for seat in topic.participants.all():
            actions.declare(by=cast.worker, participant=seat, version=seat.version, interest="none")
        _advance(cast, topic)
    _agreed(cast, topic, meeting, end)


def _agreed(cast: Cast, topic: Topic, meeting: Meeting, end: date) -> None:
    """The meeting, its consensus, the posting and a first objection."""
    with _at(end - timedelta(days=9), 15):
        seats = list(topic.participants.all())
        actions.sign_in(by=cast.worker, meeting=meeting, version=meeting.version, present=seats)
        actions.speak(
            by=cast.worker,
            meeting=meeting,
            participant=seats[0],
            kind="fact",
            text="上周有孩子被翘起的地垫绊倒。",
        )
        actions.speak(
            by=cast.worker, meeting=meeting, participant=seats[3], kind="proposal",
            text="晚上9点后关灯，不再使用。",
        )  # fmt: skip
        _advance(cast, topic)
        for seat in seats:
            actions.vote(by=cast.worker, meeting=meeting, participant=seat, choice="consent", signed=True)
        topic.refresh_from_db()
        words = (
            "更换滑梯和地垫，材料检测合格后安装；晚上9点后停止使用。费用6.8万元由小区公共收益支付，逐笔公示。"
        )
        actions.conclude(
            by=cast.worker, topic=topic, version=topic.version, text=words,
            option=queries.options(topic)[0],
        )  # fmt: skip
    with _at(end - timedelta(days=3)):
        posting = actions.post(by=cast.worker, topic=topic, text=words)
    with _at(end - timedelta(days=1)):
        actions.make_objection(
            by=None, posting=posting, address="示例", text="停用时间能不能改到晚上9点半？", name="示例居民"
        )
