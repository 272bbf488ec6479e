"""The three cases the seeds tell of 凤凰洲街道, with their public figures; the rest of each is 示例."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from hongtu.domains.problems import actions as own
from hongtu.domains.problems.demo import pictures
from hongtu.domains.problems.demo.cast import Cast
from hongtu.kernel.problems import actions
from hongtu.kernel.problems.actions import Contact, Counted, Outcome, Spot
from hongtu.kernel.problems.evidence import Photo
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.terms import replaying

STREET = "360113004"


@dataclass(frozen=True)
class Case:
    category: str
    title: str
    description: str
    address: str
    spot: tuple[float, float]
    day: datetime
    words: tuple[str, ...]
    measures: str
    outcome: Outcome
    before: Callable[[], Photo]
    after: Callable[[], Photo]
    days: int


def _day(month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(2025, month, day, 9, 20))


CASES = (
    Case(
        "parking",
        "凤鸣苑小区停车难，假山群占地闲置",
        "小区车位严重不足，晚上回家绕几圈找不到车位，车停到消防通道上。中间2000余平方米的假山群多年没人打理，能不能改成车位？",
        "凤凰洲街道凤鸣苑小区",
        (115.8639, 28.7031),
        _day(1, 6),
        ("停车太难了，接孩子都没地方停", "假山里都是垃圾，夏天蚊子多"),
        "“红谷连心会”协商：清理假山群，按消防要求划线；社区公示方案7天，业主表决通过；街道与物业共同出资。",
        Outcome(
            "清理假山群2000余平方米，改建停车位55个，消防通道重新划线，车位由业主委员会摇号管理。",
            (
                Counted("parking_spaces", "停车位", Decimal(55), "个"),
                Counted("rockery_m2", "清理假山群", Decimal(2000), "平方米"),
            ),
            Decimal("38.6"),
            "街道微实事资金、小区公共收益（示例）",
        ),
        lambda: pictures.rockery(1),
        lambda: pictures.bays(2),
        13,
    ),
    Case(
        "lift",
        "凤凰印象小区电梯老化，故障频发",
        "多部电梯开门异响、平层不准，上个月困人两次，老人不敢坐。希望全面检修，把费用和时间说清楚。",
        "凤凰洲街道凤凰印象小区",
        (115.8581, 28.7065),
        _day(1, 13),
        ("七楼老人下不来楼", "维修基金到底够不够，请公开"),
        "“红谷连心会”协商电梯维修方案，明确时间节点及费用；第三方检测后分三批维修。",
        Outcome(
            "对小区36部电梯全面排查、维修，检测合格后恢复使用，维保记录在单元门口公开。",
            (Counted("lifts", "电梯", Decimal(36), "部"),),
            Decimal("126.4"),
            "住宅专项维修资金（示例）",
        ),
        lambda: pictures.lift(3, mended=False),
        lambda: pictures.lift(4, mended=True),
        14,
    ),
    Case(
        "facade",
        "凤凰花园小区外墙起鼓、开裂、脱落",
        "外墙大面积起鼓开裂，下雨渗水，去年掉下来的墙皮砸坏过车，行人从楼下过都害怕。",
        "凤凰洲街道凤凰花园小区",
        (115.8672, 28.6994),
        _day(2, 10),
        ("顶楼次卧整面墙发霉", "幼儿园门口那栋最危险，请先修"),
        "政协委员、社区、物业、居民代表和第三方机构讨论商议，争取资金支持，确定施工方案；危险部位先行围挡。",
        Outcome(
            "外墙漏水及脱落修缮3万余平方米，分栋验收，质保五年。",
            (Counted("facade_m2", "外墙修缮", Decimal(30000), "平方米"),),
            Decimal("612"),
            "老旧小区改造专项、住宅专项维修资金（示例）",
        ),
        lambda: pictures.facade(5, mended=False),
        lambda: pictures.facade(6, mended=True),
        14,
    ),
)


def named_cases(cast: Cast) -> list[Problem]:
    """Each told from report to result, with further reporters merged in by hand."""
    return [_tell(case, cast) for case in CASES]


def _tell(case: Case, cast: Cast) -> Problem:
    desk, worker = cast.desks[STREET], cast.workers[STREET]
    street = cast.units[STREET]
    with replaying(case.day):
        problem = actions.report(
            by=None,
            source="web",
            title=case.title,
            description=case.description,
            category=cast.categories[case.category],
            subdistrict=street,
            spot=Spot(*case.spot),
            address=case.address,
            confidentiality=0,
            contact=Contact("示例居民"),
            photos=[case.before()],
            demonstration=True,
        ).problem
        others = [
            actions.join_report(by=None, problem=problem, contact=Contact("示例居民"), words=w)
            for w in case.words
        ]
    at = case.day + timedelta(hours=1)
    with replaying(at):
        actions.triage(by=desk, problem=problem, version=problem.version, urgency="complex")
        actions.assign(
            by=desk, problem=problem, version=problem.version, unit=street, text="街道牵头，社区、物业配合"
        )
    with replaying(at + timedelta(hours=1)):
        actions.sign(by=worker, problem=problem, version=problem.version)
    with replaying(at + timedelta(days=1)):
        actions.contact(
            by=worker, problem=problem, version=problem.version, text="到小区现场见面，听了三户意见"
        )
        actions.state_measures(by=worker, problem=problem, version=problem.version, measures=case.measures)
    with replaying(at + timedelta(days=case.days)):
        actions.ask_to_close(
            by=worker, problem=problem, version=problem.version, outcome=case.outcome, photos=[case.after()]
        )
    checker = cast.checkers[0]
    with replaying(at + timedelta(days=case.days + 1)):
        actions.verify(by=checker, problem=problem, version=problem.version, text="现场核对数量，与申报一致")
        own.publish_photos(
            by=checker, problem=problem, photos=list(problem.evidence.values_list("pk", flat=True))
        )
    with replaying(at + timedelta(days=case.days + 3)):
        for following in problem.followings.filter(active=True):
            actions.answer(by=None, following=following, verdict="confirmed", satisfaction="satisfied")
    problem.refresh_from_db()
    assert len(others) == len(case.words) and problem.state == "solved"
    return problem
