"""What the demonstration's consultations were about (示例; public are only the three places and their
figures)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Story:
    """A consultation from proposal to archive. measure: of the result it led to (kernel results). assigned:
    the
    day its task was handed over; every other day is counted from it. offers: name, what is done, cost,
    funds."""

    measure: str
    estate: tuple[str, int, int]
    kind: str
    common_matter: str
    name: str
    description: str
    proposals: tuple[tuple[str, str], ...]
    situation: str
    offers: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]
    facts: tuple[str, ...]
    opinions: tuple[str, ...]
    minority: str
    differences: str
    conclusion: str
    task: tuple[str, str, str, str, str]
    finding: str
    assigned: date
    objections: tuple[tuple[str, str], ...] = field(default=())


STORIES = (
    Story(
        "parking_spaces", ("凤鸣苑小区", 6, 16), "parking", "8",
        "凤鸣苑小区假山群改建停车位",
        "小区车位不足，晚上停车占用消防通道；中间2000余平方米的假山群多年无人打理。居民希望把闲置场地改成停车位。",
        (("resident", "晚上回家没有车位，绕几圈停不下"), ("grid", "消防通道夜间被占，多次劝离无效"),
         ("member", "建议盘活小区闲置空间缓解停车难")),
        "现有车位118个，登记车辆236辆，夜间缺口约90个；假山群占地2000余平方米，属业主共有绿化附属场地；改变用途须业主双参与表决。（示例）",
        (("清理假山群，划线车位", "清理假山、平整硬化、透水砖铺装，按消防要求划线，改建车位；乔木移栽到南侧绿地。", "38.6",
          (("subdistrict", "25"), ("common_income", "13.6"))),
         ("保留部分假山，少建车位", "保留北侧假山和步道，只在南侧改建约20个车位。", "21.4",
          (("subdistrict", "15"), ("common_income", "6.4")))),
        ("夜里10点后消防通道平均停了30多辆车。", "假山群每年养护花费2万元，去年报修四次蚊虫积水。"),
        ("赞成划线车位，管理规则要先定好。", "车位收益应当全部进小区公共收益账户。"),
        "担心绿化减少，希望乔木全部移栽、保留一块活动场地。",
        "绿化面积和车位数量怎么平衡；新车位怎么分配。",
        "同意清理假山群、改建停车位；乔木移栽南侧，保留儿童活动场地；车位由业主委员会摇号管理，收益进公共收益账户。",
        ("清理假山群，改建停车位", "街道牵头，社区组织，物业配合；先移栽乔木，再清理硬化、按消防要求划线，业委会公布摇号办法。",
         "38.6", "subdistrict", "改造前后照片、车位数量现场核对单"),
        "假山已清完，正在铺装，施工时间错开午休。",
        date(2025, 1, 6),
        (("移走的树能保证成活吗？", "由绿化养护单位移栽，养护期一年，死一补一，已写进任务要求。"),),
    ),
    Story(
        "lifts", ("凤凰印象小区", 9, 16), "lift", "5",
        "凤凰印象小区电梯检修",
        "小区电梯使用多年，平层不准、开门异响，发生过困人。居民要求全面检修，把费用和时间说清楚。",
        (("resident", "电梯上个月困人两次"), ("hotline", "老人被困电梯，要求全面检修"),
         ("resident", "维修资金够不够，请公开")),
        "第三方检测：36部电梯均需检修，其中11部需更换制动器和层门装置；专项维修资金余额足够支付。（示例）",
        (("36部全部检修，分三批进行", "先修隐患最重的11部，再分两批检修其余；每批停梯不超过3天，错开上下班。", "126.4",
          (("maintenance", "126.4"),)),
         ("只修有隐患的11部", "更换11部电梯的制动器和层门装置，其余维持日常维保。", "58.2",
          (("maintenance", "58.2"),))),
        ("检测报告：11部电梯制动力不合格，须立即停用或更换。", "去年全小区困人报警17次。"),
        ("一次修完最省心，也最省钱。", "停梯期间要安排人帮老人上下楼。"),
        "低楼层住户认为分摊应当按楼层打折。",
        "维修资金按面积还是按楼层分摊。",
        "同意36部电梯全部检修，分三批进行；费用从住宅专项维修资金按规定列支；停梯期间物业安排专人帮扶老人。",
        ("36部电梯排查维修", "业委会申请使用维修资金，住建部门核准，检测机构复检；分三批施工，逐部公示检测结果。",
         "126.4", "maintenance", "逐部检测合格报告、维修前后照片"),
        "第一批11部已更换制动器，复检合格。",
        date(2025, 1, 13),
    ),
    Story(
        "facade_m2", ("凤凰花园小区", 8, 16), "facade", "5",
        "凤凰花园小区外墙渗漏脱落修缮",
        "外墙大面积起鼓、开裂、脱落，下雨渗水，砸坏过车辆。居民要求修缮，先保住行人安全。",
        (("resident", "墙皮掉下来砸了车"), ("resident", "顶楼次卧整面墙发霉"),
         ("member", "建议争取改造资金解决外墙脱落")),
        "第三方勘查：外墙起鼓开裂约3万平方米，临幼儿园一侧最危险；老旧小区改造专项可支持一部分，其余用维修资金。（示例）",
        (("铲除重做，整体修缮", "铲除空鼓层，重做防水和饰面，分栋施工、分栋验收，质保五年；危险部位先行围挡。", "612",
          (("renewal", "400"), ("maintenance", "212"))),
         ("局部修补，挂网防护", "只修起鼓部位，其余挂防护网，三年后再议。", "196",
          (("maintenance", "196"),))),
        ("勘查报告：空鼓率超过40%的墙面有11栋。", "去年脱落砸坏车辆3辆，没有伤人。"),
        ("整体修缮一次解决，质保要写进合同。", "施工时幼儿园一侧要先做防护棚。"),
        "有住户担心维修资金用完以后没有钱修屋面。",
        "维修资金用多少，留多少。",
        "同意外墙整体修缮，资金由老旧小区改造专项和住宅专项维修资金共同承担，维修资金余额不低于首期归集额的三成。",
        ("外墙漏水及脱落修缮", "业委会委托设计和监理，公开招标；分栋施工、分栋验收，危险部位先行围挡，质保五年。",
         "612", "renewal", "分栋验收单、修缮前后照片、工程量清单"),
        "临幼儿园两栋已完成铲除和防水，防护棚到位。",
        date(2025, 2, 10),
    ),
)  # fmt: skip
SEATS = (
    ("interested", "示例·居民一", ""),
    ("interested", "示例·居民二", ""),
    ("interested", "示例·居民三", ""),
    ("interested", "示例·居民四", ""),
    ("representative", "示例·居民代表", ""),
    ("representative", "示例·楼栋长", ""),
    ("committee", "示例·业委会主任", ""),
    ("manager", "示例·物业经理", ""),
    ("community", "示例·社区书记", "360113004002"),
    ("member", "示例·政协委员", ""),
    ("department", "示例·住建干部", "ZJJ"),
    ("expert", "示例·检测工程师", ""),
)
"""part, name, unit: seven of twelve are those whose interests are touched."""
