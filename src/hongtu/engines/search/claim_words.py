"""Words of the check of claims: what claims nothing, what may not be left out.

A word belongs here only when no sentence can become false by it. Words that permit, oblige, deny, count or
limit (可以, 必须, 不, 都, 仅) are therefore missing: they must stand in the record.
"""


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


ALWAYS = _words(
    "的 了 呢 吧 啊 您 你 您好 你好 请 请您 是 为 该 本 这 此 这项 这件事 该事项 此事 事项 办理",
    "办 申请办理 关于 对于 其中 另外 此外 同时 并 也 则 请注意 注意 提示 温馨提示 如下 具体",
    "简单来说 简单地说 总之 据记录 根据记录 指南 办事指南 好的 以下 时",
)
"""Joins and courtesies."""

BY_FIELD: dict[str, tuple[str, ...]] = {
    "department": _words("由 归 找 负责 负责办理 办理部门 主管部门 经办 受理部门 部门 单位 谁来办 实施主体"),
    "offices": _words("到 去 在 前往 地址 地点 办理地点 位于 可以到 可以去 可到 可前往 在哪办 那里"),
    "hours": _words("办理时间 办公时间 工作时间 时间 对外办公"),
    "conditions": _words(
        "条件 申请条件 办理条件 什么条件 符合 满足 需要符合 需要满足 对象 适用对象 以下条件"
    ),
    "materials": _words(
        "带 带上 携带 准备 准备好 备好 提交 提供 需 需要 要 材料 所需材料 需要的材料 带什么",
        "还需 还需要 还要",
    ),
    "held": _words(
        "不用带 不用提供 不用再带 无需提供 无需携带 无需带 不需要带 不必带 免提交 政府已有",
        "政府部门已有 因为",
    ),
    "steps": _words(
        "流程 步骤 办理流程 怎么办 首先 先 然后 再 接着 最后 之后 第一步 第二步 第三步 第四步",
        "第五步 第六步 环节",
    ),
    "time": _words("时限 办理时限 期限 办结 办好 办完 办成 内 多久办好 时间"),
    "fee": _words("费用 收费 收费标准 办理费用 费用方面"),
    "result": _words("得到 得到什么 拿到 领取 领到 结果 办理结果 办好后 办结后 会"),
    "mistakes": _words("容易出错 常见错误 易错 提醒 提醒您"),
    "phone": _words("咨询电话 电话 可拨打 可以拨打 拨打 请拨打 咨询 请咨询"),
    "helper": _words("首席帮办员 帮办员 可以找 可联系 联系 请联系 电话"),
    "amount": _words("金额 补贴 待遇 标准 补贴或待遇金额"),
}
"""What a field is about. A word of one field does not help in another: 带 says nothing of what is held."""

NEEDED: dict[str, tuple[str, ...]] = {
    "held": _words("不用 无需 不需要带 不必 免提交 已有"),
}
"""A field that reads as its contrary when none of these words stands beside it."""

TOLD_WHOLE = frozenset({"conditions", "time", "fee", "amount", "hours", "mistakes", "phone", "helper"})
"""Conditions, limits and rates: a clause of these is told whole or not at all."""

BINDING = _words(
    "不 无 未 非 免 没 勿 禁 拒 别 除 仅 只 限 暂 均 都 每 应 必须 务必 须 得 准 可 能 或 任一",
    "之一 选 如 若 首次 再次 以上 以下 以内 超 满 至少 最多 最长 最低 最高 前 逾期 原则上 其他",
    "他人 容缺 补 换 承诺 法定",
)
"""What stands in such a clause cannot be shortened without a risk of turning it round."""

HARMLESS = _words(
    "不动产 非遗 免疫 特别 区别 级别 类别 性别 个别 前往 可乐 功能 性能 智能 标准 批准 准备",
    "取得 获得 选址 补贴 补助 交换 期限 时限 权限 超市 每日一 满意 都司 除尘 供应 相应 对应",
    "适应 反应 效应 必要",
)
"""Words that merely contain one of those characters."""

CONNECTIVES = _words("以及 还有 和 与 及")
"""What joins a list whose members are all meant; 或 does not."""

ORDERED = _words("首先 先 然后 再 接着 最后 之后 第")
"""Words that claim an order of the steps."""

SKIPPABLE = frozenset("的了请您也并则、")
"""What even a clause that is told whole may lose."""
