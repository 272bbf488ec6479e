"""Ordinary problems over the last four months, in every state, a few late, a few disputed, merged, split."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from hongtu.domains.problems import actions as own
from hongtu.domains.problems.demo import pictures
from hongtu.domains.problems.demo.cast import Cast
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions
from hongtu.kernel.problems.actions import Contact, Counted, Outcome, Spot
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.terms import replaying
from hongtu.kernel.profile.models import today

NUMBER = 200
DAYS = 118
# category, title, what came of it, (measure, label, unit, low, high)
PLOTS: tuple[tuple[str, str, str, tuple[str, str, str, int, int] | None], ...] = (
    (
        "road",
        "{place}人行道地砖松动，老人绊倒",
        "更换松动地砖，重做垫层。",
        ("road_m2", "路面修复", "平方米", 12, 160),
    ),
    (
        "road",
        "{place}路面坑洼，雨天积水溅人",
        "铣刨重铺坑洼路段。",
        ("road_m2", "路面修复", "平方米", 30, 400),
    ),
    ("power", "{place}路灯连片不亮", "更换光源和控制器，恢复照明。", ("lamps", "路灯", "盏", 2, 18)),
    ("waste", "{place}垃圾桶满溢没人清", "增加一次清运，更换破损桶。", None),
    ("water", "{place}窨井盖缺失", "当天补装井盖并加防坠网。", None),
    ("water", "{place}污水外溢", "疏通并更换破损管段。", ("pipe_m", "管网修复", "米", 6, 60)),
    ("noise", "{place}工地夜间施工扰民", "责令停止夜间施工，公示许可时段。", None),
    ("dust", "{place}渣土车抛洒", "冲洗路面，处罚车辆单位，出口加装冲洗设施。", None),
    ("stall", "{place}占道摆摊堵住人行道", "引导进入便民疏导点。", None),
    ("greenery", "{place}行道树枝压到电线", "修剪并加固。", None),
    ("traffic", "{place}斑马线磨没了", "重新施划。", ("road_m2", "标线施划", "平方米", 8, 60)),
    ("property", "{place}小区保洁不到位", "物业增加人手，公开保洁表。", None),
    ("gas", "{place}楼道有燃气味", "入户检查更换胶管，复测合格。", None),
    ("building", "{place}楼顶私搭棚房", "当事人自行拆除。", None),
    ("school", "{place}校门口接送拥堵", "设即停即走区，错峰放学。", None),
    (
        "parking",
        "{place}老小区没有停车位",
        "利用边角地划线。",
        ("parking_bays_other", "新增泊位（其他小区）", "个", 4, 20),
    ),
    ("project", "{place}施工围挡占了公交站", "移站并设临时通道。", None),
    ("farm", "{place}灌溉渠淤塞", "清淤疏通，春灌前通水。", ("ditch_m", "清淤", "米", 80, 900)),
)
PLACES = (
    "示例路与学府大道口", "示例花园南门", "示例小学旁", "示例巷12号", "示例广场北侧", "示例新村3栋", "示例农贸市场",
    "示例公交站", "示例桥头", "示例苑一期", "示例科技园东门", "示例安置房二区",
)  # fmt: skip
# how far each problem gets, by age: weights of endings
ENDS = (
    ("solved", 58), ("explained", 6), ("declined", 4), ("disputed", 5), ("unreasonable", 3), ("merged", 5),
    ("suspended", 3), ("extended", 4), ("transferred", 4), ("working", 5), ("split", 3),
)  # fmt: skip


PACE = {"urgent": 0.012, "utility": 0.12, "general": 0.85, "complex": 1.6}


class Teller:
    """Tells one problem: each call is one move at the next moment."""

    def __init__(self, cast: Cast, dice: random.Random, until: datetime) -> None:
        self.cast, self.dice, self.until = cast, dice, until
        self.at, self.pace = until, 1.0

    def later(self, hours: float, spread: float = 0.5) -> bool:
        """Move on in time, into office hours; False when that lies beyond today."""
        at = timezone.localtime(
            self.at + timedelta(hours=hours * self.pace * self.dice.uniform(1 - spread, 1 + spread))
        )
        if self.pace > 0.2 and (at.hour < 9 or at.hour >= 17):
            at = at.replace(hour=self.dice.choice([9, 10, 14, 15, 16]), minute=self.dice.randrange(60))
        self.at = max(self.at + timedelta(minutes=3), at)
        return self.at < self.until

    def do(self, name: str, problem: Problem, by: Person, **more: object) -> None:
        with replaying(self.at):
            getattr(actions, name)(by=by, problem=problem, version=problem.version, **more)


def ordinary_cases(cast: Cast, report: Callable[[int, int], None]) -> None:
    """Two hundred of them, oldest first."""
    dice = random.Random(20250425)
    end = timezone.make_aware(datetime.combine(today(), time(17)))
    moments = sorted(
        end - timedelta(days=DAYS * dice.random() ** 1.25, hours=dice.uniform(0, 9)) for _n in range(NUMBER)
    )
    before: Problem | None = None
    for number, at in enumerate(moments):
        before = _tell(Teller(cast, dice, end), number, at, before) or before
        report(number + 1, NUMBER)


def _tell(teller: Teller, number: int, at: datetime, other: Problem | None) -> Problem | None:
    cast, dice = teller.cast, teller.dice
    street = dice.choice(cast.subdistricts)
    category, title, done, counted = dice.choice(PLOTS)
    teller.at = at
    with replaying(at):
        problem = _report(teller, number, cast.units[street], category, title)
    teller.pace = PACE[problem.urgency]
    ending = dice.choices([e for e, _w in ENDS], [w for _e, w in ENDS])[0]
    desk = cast.desks[street]
    if not teller.later(1.5):
        return problem
    if ending == "declined":
        teller.do("decline", problem, desk, reason="属市级管辖，已告知并转市民服务热线")
        return None
    teller.do("triage", problem, desk)
    if ending == "merged" and other is not None and other.clock and other.desk_id == problem.desk_id:
        other.refresh_from_db()
        if other.state in ("reported", "triaged", "assigned", "signed", "working"):
            teller.do("merge", problem, desk, into=other, reason="与在办件为同一处、同一事")
            return None
    if ending == "split" and teller.later(2):
        _split(teller, problem, desk)
        return None
    if not teller.later(3):
        return problem
    _work(teller, problem, street, ending, done, counted, number)
    return problem if problem.clock else None


def _report(teller: Teller, number: int, street: Unit, category: str, title: str) -> Problem:
    dice, place = teller.dice, teller.dice.choice(PLACES)
    words = title.format(place=place)
    return actions.report(
        by=None,
        source=dice.choice(["web", "web", "hotline", "hotline", "grid", "open311"]),
        title=words,
        description=f"{words}。已经好些天了，请尽快处理。（示例）",
        category=teller.cast.categories[category],
        kind="ticket" if number % 3 == 0 else "problem",
        subdistrict=street,
        spot=Spot(115.80 + dice.random() * 0.09, 28.60 + dice.random() * 0.11),
        address=place,
        confidentiality=0 if dice.random() < 0.8 else 1,
        contact=Contact("示例居民", "13800000000"),
        photos=[pictures.spot(number, mended=False)] if dice.random() < 0.6 else (),
        demonstration=True,
    ).problem


def _split(teller: Teller, problem: Problem, desk: Person) -> None:
    with replaying(teller.at):
        parts = actions.split(
            by=desk,
            problem=problem,
            version=problem.version,
            parts=[
                actions.Part(f"{problem.title[:50]}（设施）"),
                actions.Part(f"{problem.title[:50]}（秩序）"),
            ],
            reason="涉及两个部门",
        )
        for part, code in zip(parts, ("ZJJ", "CGJ"), strict=True):
            actions.assign(by=desk, problem=part, version=part.version, unit=teller.cast.units[code])


def _work(
    teller: Teller,
    problem: Problem,
    street: str,
    ending: str,
    done: str,
    counted: tuple[str, str, str, int, int] | None,
    number: int,
) -> None:
    cast, dice = teller.cast, teller.dice
    desk = cast.desks[street]
    usual = problem.category.unit.code if problem.category and problem.category.unit else street
    code = usual if usual in cast.workers else street
    worker = cast.workers[code]
    teller.do("assign", problem, desk, unit=cast.units[code])
    if not teller.later(4):
        return
    if ending == "transferred":
        code = "CGJ" if code != "CGJ" else "ZJJ"
        teller.do("transfer", problem, worker, unit=cast.units[code], reason="该路段已移交")
        worker = cast.workers[code]
        if not teller.later(5):
            return
    teller.do("sign", problem, worker)
    if dice.random() < 0.93 and teller.later(10):
        teller.do("contact", problem, worker, text="电话联系反映人，约定看现场")
    if not teller.later(12):
        return
    teller.do("state_measures", problem, worker, measures="现场核实后安排处置（示例）")
    if ending in ("unreasonable", "suspended", "extended") and not _decided(teller, problem, worker, ending):
        return
    if ending == "working" or not teller.later(dice.choice([30, 60, 90, 110, 150, 260])):
        return
    _finish(teller, problem, worker, ending, done, counted, number)


def _decided(teller: Teller, problem: Problem, worker: Person, ending: str) -> bool:
    """Ask and decide; whether work goes on."""
    cast = teller.cast
    subject = {"extended": "extension", "suspended": "suspension"}.get(ending, ending)
    until = {"extension": problem.due_at + timedelta(days=7), "suspension": teller.at + timedelta(days=25)}
    if not teller.later(6):
        return True
    with replaying(teller.at):
        asked = actions.ask(
            by=worker,
            problem=problem,
            subject=subject,
            reason="示例理由：等材料、等天气或诉求无依据",
            until=until.get(subject),
        )
    people = [cast.leader, cast.checkers[1]] if ending == "unreasonable" else [cast.leader]
    for person in people:
        if not teller.later(6):
            return False
        with replaying(teller.at):
            actions.decide(by=person, decision=asked, version=asked.version, grant=True)
    problem.refresh_from_db()
    if ending == "suspended" and problem.clock_due_at and problem.clock_due_at < teller.until:
        teller.at = problem.clock_due_at
        teller.do("resume", problem, worker, text="条件具备，恢复办理")
        return True
    return ending == "extended"


def _finish(
    teller: Teller,
    problem: Problem,
    worker: Person,
    ending: str,
    done: str,
    counted: tuple[str, str, str, int, int] | None,
    number: int,
) -> None:
    cast, dice = teller.cast, teller.dice
    quantity: tuple[Counted, ...] = ()
    if counted and ending != "explained":
        measure, label, unit, low, high = counted
        quantity = (Counted(measure, label, Decimal(dice.randrange(low, high)), unit),)
    outcome = Outcome(
        "经核实，涉及产权分户，需业主共同决定，已当面说明并提供办理途径。" if ending == "explained" else done,
        quantity,
        Decimal(dice.randrange(5, 180)) / 10 if quantity else None,
        "部门日常维护经费（示例）" if quantity else "",
    )
    teller.do(
        "ask_to_close",
        problem,
        worker,
        outcome=outcome,
        proposal="explained" if ending == "explained" else "solved",
        photos=[pictures.spot(number, mended=True)],
    )
    checker = cast.checkers[0]
    if not teller.later(14):
        return
    if dice.random() < 0.08:
        teller.do("reject", problem, checker, reason="照片看不出处置位置，请补拍")
        if not teller.later(20):
            return
        teller.do(
            "ask_to_close",
            problem,
            worker,
            outcome=outcome,
            photos=[pictures.spot(number + 500, mended=True)],
        )
        if not teller.later(10):
            return
    teller.do("verify", problem, checker)
    with replaying(teller.at):
        own.publish_photos(
            by=checker, problem=problem, photos=list(problem.evidence.values_list("pk", flat=True))
        )
    _answered(teller, problem, ending)


def _answered(teller: Teller, problem: Problem, ending: str) -> None:
    dice = teller.dice
    following = problem.followings.filter(active=True).first()
    if following is None or not teller.later(30):
        return
    if ending == "disputed":
        with replaying(teller.at):
            actions.answer(
                by=None,
                following=following,
                verdict="disputed",
                satisfaction="dissatisfied",
                comment="只修了一半，旁边还是坏的",
            )
    elif dice.random() < 0.7:
        said = dice.choices(["satisfied", "basically", "dissatisfied"], [62, 28, 10])[0]
        with replaying(teller.at):
            actions.answer(by=None, following=following, verdict="confirmed", satisfaction=said)
    elif problem.clock_due_at and problem.clock_due_at < teller.until:
        problem.refresh_from_db()
        with replaying(problem.clock_due_at):
            actions.settle(by=None, problem=problem, version=problem.version)
    problem.refresh_from_db()
