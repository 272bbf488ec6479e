"""241 ledger rows whose sums are exact: 16,557,000 万元 in total, 2,756,700 万元 planned this year."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shapely.geometry import Point, shape

from hongtu.domains.projects.demo.cast import Cast
from hongtu.domains.projects.demo.named import NAMED
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.models import Place
from hongtu.kernel.profile.models import district

PROJECTS, KEY_PROJECTS = 241, 120
TOTAL_INVESTMENT, ANNUAL_PLAN = Decimal(16_557_000), Decimal(2_756_700)
SEED = 20250425

# Where sub-districts lie, roughly, in WGS84 degrees (prototype: no official boundary is at hand).
CENTRES = {
    "360113001": (115.858, 28.692), "360113002": (115.850, 28.676), "360113003": (115.795, 28.565),
    "360113004": (115.874, 28.716), "360113005": (115.838, 28.655), "360113006": (115.800, 28.610),
    "360113007": (115.785, 28.636), "360113101": (115.770, 28.440), "360113200": (115.795, 28.500),
}  # fmt: skip

# field -> (type, department, investor, owners, nouns); the share of each field is how often it stands here.
FIELDS: dict[str, tuple[int, tuple[tuple[str, str, str, int, str], ...]]] = {
    "new_productive": (40, (
        ("industry", "GXJ", "private", 6, "人工智能算力中心"), ("industry", "GXJ", "private", 8, "元宇宙产业园"),
        ("commercial_building", "KXC", "state_owned", 4, "未来科学城科创中心"),
        ("industry", "GXJ", "private", 6, "虚拟现实研发基地"), ("commercial_building", "SWJ", "private", 3, "直播电商产业园"),
        ("industry", "GXJ", "mixed", 6, "工业互联网平台基地"))),
    "manufacturing": (38, (
        ("industry", "GXJ", "private", 8, "智能装备制造基地"), ("industry", "GXJ", "private", 8, "电子信息标准厂房"),
        ("industry", "GXJ", "foreign", 8, "新能源零部件项目"), ("industry", "GXJ", "private", 3, "医疗器械产业园"),
        ("industry", "KXC", "state_owned", 4, "中试基地"))),
    "services": (52, (
        ("commercial_building", "SWJ", "private", 3, "总部大厦"), ("commercial_building", "SWJ", "private", 5, "金融服务中心"),
        ("commercial_building", "SWJ", "private", 13, "文旅商业街区"), ("continued_building", "SWJ", "private", 5, "酒店综合体"),
        ("commercial_building", "SWJ", "private", 3, "冷链物流中心"), ("continued_building", "SWJ", "mixed", 3, "会展配套中心"))),
    "infrastructure": (81, (
        ("road", "ZJJ", "government", 1, "道路工程"), ("road", "ZJJ", "government", 1, "雨污水管网工程"),
        ("government_building", "JTJ", "government", 11, "学校新建工程"),
        ("government_building", "WJW", "government", 12, "社区卫生服务中心"), ("renovation", "ZJJ", "government", 1, "老旧小区改造"),
        ("continued_building", "ZJJ", "state_owned", 2, "安置房工程"), ("road", "CGJ", "government", 14, "滨江慢行绿道"),
        ("government_building", "MZJ", "government", 12, "养老服务中心"), ("government_building", "CGJ", "government", 1, "公共停车场"))),
    "agriculture_water": (30, (
        ("water_farmland", "NYJ", "government", 10, "高标准农田建设"), ("water_farmland", "NYJ", "government", 9, "灌区续建配套"),
        ("water_farmland", "NYJ", "government", 9, "排涝泵站改造"), ("water_farmland", "NYJ", "government", 10, "粮食烘干中心"),
        ("water_farmland", "NYJ", "government", 9, "圩堤除险加固"))),
}  # fmt: skip
_PHASES = ("一期", "二期", "三期", "A区", "B区", "东区", "西区", "北侧", "南侧", "扩建")


def ledger_rows(cast: Cast) -> list[dict[str, Any]]:
    """The rows, ready for `actions.import_rows`: named projects first, then generated ones."""
    dice = random.Random(SEED)
    rows = [_named(n, facts, cast, dice) for n, facts in enumerate(NAMED, 1)]
    used = {row["name"] for row in rows}
    for kind, (share, nouns) in FIELDS.items():
        missing = share - sum(r["kind"] == kind for r in rows)
        rows += [_generated(kind, nouns, len(rows) + n, used, cast, dice) for n in range(1, missing + 1)]
    if len(rows) != PROJECTS:
        raise ValueError(f"the demonstration has {len(rows)} projects, not {PROJECTS}")
    _share_out(rows, "total_investment", TOTAL_INVESTMENT, dice, spread=1.0)
    _share_out(rows, "annual_plan", ANNUAL_PLAN, dice, spread=0.35)
    for at, row in enumerate(rows, 1):
        row["sequence"], row["key_project"] = at, at <= len(NAMED)
    _choose_key_projects(rows, dice)
    _dates_and_past(rows, dice)
    return _placed(rows)


def _share_out(
    rows: Sequence[dict[str, Any]], field: str, total: Decimal, dice: random.Random, spread: float
) -> None:
    """Give every open row its share so that the column sums to `total` to the 万元."""
    open_rows = [r for r in rows if field not in r]
    left = total - sum((r[field] for r in rows if field in r), Decimal(0))
    base = [float(r.get("total_investment", 1)) if field == "annual_plan" else 1.0 for r in open_rows]
    weights = [b * dice.lognormvariate(0, spread) for b in base]
    scale = float(left) / sum(weights)
    for row, weight in zip(open_rows, weights, strict=True):
        row[field] = Decimal(max(300, round(weight * scale, -1)))
    largest = max(open_rows, key=lambda r: r[field])
    largest[field] += total - sum((r[field] for r in rows), Decimal(0))


def _choose_key_projects(rows: Sequence[dict[str, Any]], dice: random.Random) -> None:
    for row in dice.sample(list(rows[len(NAMED) :]), KEY_PROJECTS - len(NAMED)):
        row["key_project"] = True
    for row in rows:
        row["levels"] = ["district_key"] if row["key_project"] else ["district_major"]


def _people(cast: Cast, owner: Unit, n: int) -> dict[str, Any]:
    return {
        "owner": owner, "owner_contact": cast.contacts[owner.pk], "leader": cast.leaders[n % len(cast.leaders)],
        "service_officer": cast.officers[n % len(cast.officers)], "liaison": cast.liaisons[n % len(cast.liaisons)],
        "demonstration": True,
        "plan_document": "一个项目、一名区领导、一个专班、一套方案、一抓到底（示例方案）",
    }  # fmt: skip


def _named(n: int, facts: dict[str, Any], cast: Cast, dice: random.Random) -> dict[str, Any]:
    row = {
        k: v for k, v in facts.items() if k not in ("department", "promise", "milestones", "owner", "point")
    }
    owner = cast.owners[facts["owner"] - 1]
    return {
        **row, **_people(cast, owner, n - 1), "responsible_unit": cast.department(facts["department"]),
        "subdistrict": cast.units[facts["subdistrict"]], "point": facts["point"],
        "project_code": _code(n, dice),
    }  # fmt: skip


def _code(n: int, dice: random.Random) -> str:
    """24 characters in the structure of GB/T 40058-2021: time, region, department, type, random part."""
    return f"{dice.randrange(22, 26)}{dice.randrange(1, 13):02}-360113-{dice.randrange(1, 20):02}-01-{100000 + n}"


def _generated(
    kind: str,
    nouns: tuple[tuple[str, str, str, int, str], ...],
    n: int,
    used: set[str],
    cast: Cast,
    dice: random.Random,
) -> dict[str, Any]:
    type_, department, investor, owner_number, noun = nouns[n % len(nouns)]
    rural = kind == "agriculture_water"
    choice = [s for s in cast.subdistricts if (s.code in ("360113101", "360113200", "360113003")) == rural]
    subdistrict = choice[dice.randrange(len(choice))]
    area = subdistrict.name.removesuffix("街道").removesuffix("镇")
    name = next(
        candidate
        for phase in ("", *_PHASES, *(f"{p}（{q}标）" for q in range(2, 9) for p in _PHASES))
        if (candidate := f"{area}{noun}{phase}") not in used
    )
    used.add(name)
    owner = cast.owners[owner_number - 1]
    longitude, latitude = CENTRES[subdistrict.code]
    return {
        "name": name, "kind": kind, "type": type_, "investment_subject": investor,
        "responsible_unit": cast.department(department), "subdistrict": subdistrict,
        "site": f"{subdistrict.name}（示例位置）", "scale": f"{noun}及配套设施（示例数据）",
        "point": (dice.gauss(longitude, 0.011), dice.gauss(latitude, 0.011)),
        "project_code": _code(n, dice), **_people(cast, owner, n),
    }  # fmt: skip


_STAGE_BY_DICE = (
    (0.06, "pool"), (0.20, "preparation"), (0.32, "started"), (0.92, "building"), (0.97, "completed"), (1.0, "in_use"),
)  # fmt: skip


def _dates_and_past(rows: Sequence[dict[str, Any]], dice: random.Random) -> None:
    """Stages, dates and money of the years before, in keeping with each other."""
    for row in rows:
        if "stage" not in row:
            roll = dice.random()
            stage = next(s for limit, s in _STAGE_BY_DICE if roll < limit)
            if row["key_project"] and stage in ("completed", "in_use", "pool"):
                stage = "building"
            row["stage"] = stage
            row["progress"] = {"pool": "已入库，正在编制建议书", "preparation": "正在办理前期手续"}.get(
                stage, "按形象进度施工（示例）"
            )
            _dates(row, dice)
        begun = row["stage"] not in ("pool", "preparation", "started")
        room = row["total_investment"] - row["annual_plan"]
        share = Decimal(str(round(dice.uniform(0.1, 0.9), 3)))
        row["done_before_year"] = (
            (max(Decimal(0), room) * share).quantize(Decimal(1)) if begun else Decimal(0)
        )
        row["registered_on"] = date(2025, 2, dice.randrange(1, 28)) if begun else None
        if row["stage"] == "started" and row["sequence"] % 4:  # one in four is late with the statistics
            row["registered_on"] = row["actual_start"] + timedelta(days=20 + row["sequence"] % 9)


def _dates(row: dict[str, Any], dice: random.Random) -> None:
    stage = row["stage"]
    if stage in ("pool", "preparation"):
        row["planned_start"] = date(2025, dice.randrange(5, 13), 15)
    elif stage == "started":
        row["planned_start"] = row["actual_start"] = date(2025, dice.randrange(1, 4), dice.randrange(6, 27))
    else:
        row["planned_start"] = row["actual_start"] = date(
            dice.randrange(2022, 2025), dice.randrange(1, 13), 10
        )
    row["planned_finish"] = max(
        row["planned_start"] + timedelta(days=dice.randrange(400, 1100)), date(2025, 9, 30)
    )
    if stage in ("completed", "in_use"):
        row["planned_finish"] = row["actual_finish"] = date(2025, dice.randrange(1, 4), dice.randrange(5, 28))


def _placed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Swap each point for a Place inside the district's outline."""
    found = district()
    shapes = [shape(f["geometry"]) for f in (found.outline.get("features", ()) if found else ())]
    dice = random.Random(SEED + 1)
    points = []
    for row in rows:
        point = row.pop("point")
        while shapes and not any(s.contains(Point(point)) for s in shapes):
            centre = CENTRES[row["subdistrict"].code]
            spread = dice.uniform(0.004, 0.03)
            point = (dice.gauss(centre[0], spread), dice.gauss(centre[1], spread))
        points.append((round(point[0], 6), round(point[1], 6)))
    places = demonstration_places(by=None, named=[(r["name"], p) for r, p in zip(rows, points, strict=True)])
    for row, place in zip(rows, places, strict=True):
        row["place"] = place
    return rows


@action("projects.demonstration_places")
def demonstration_places(
    *, by: Person | None, named: Sequence[tuple[str, tuple[float, float]]]
) -> list[Place]:
    """Points of the demonstration projects, WGS84."""
    note(places=len(named))
    return Place.objects.bulk_create(
        Place(
            name=name, kind="project", longitude=lon, latitude=lat,
            geometry={"type": "Point", "coordinates": [lon, lat]},
            original={"type": "Point", "coordinates": [lon, lat]},
        )
        for name, (lon, lat) in named
    )  # fmt: skip
