"""The 78 elements of a service guide (national exchange tables, GB/T 39554.1), as data.

Everything that shows, edits, imports, exports or counts an element goes by this list, so that a new element
is one line here. `key` is the name in the national table; what it is called on pages is `label`.
"""

from dataclasses import dataclass

from hongtu.domains.matters.vocab import (
    BodyKind,
    CaseType,
    CommitmentMode,
    DayUnit,
    ElementGroup,
    ElementKind,
    Holder,
    Level,
    MaterialForm,
    MaterialFormat,
    MaterialSource,
    Necessity,
    OnlineDepth,
    PowerSource,
    ResultType,
    ServiceArea,
    TaskType,
)
from hongtu.engines.vocabulary import Labelled, mark


@dataclass(frozen=True)
class Element:
    """One element. `holder` and `field` say where its value is kept; `columns` are those of a table, as
    (key, label); `words` are what people write instead of the label; `longest` bounds a text's characters."""

    key: str
    group: ElementGroup
    label: str
    mandatory: bool
    kind: ElementKind
    holder: Holder
    field: str
    choices: type[Labelled] | None = None
    words: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    longest: int = 0
    hint: str = ""

    @property
    def own(self) -> bool:
        """Kept in the guide's own store of elements, not in a column."""
        return self.holder is Holder.ELEMENT


T, L, N, B = ElementKind.TEXT, ElementKind.LONG, ElementKind.INTEGER, ElementKind.BOOLEAN
D, A, C, R, F = ElementKind.DATE, ElementKind.ADDRESS, ElementKind.CHOICE, ElementKind.ROWS, ElementKind.FILE
SHORT, LONG = 200, 4_000
# Characters that the columns of a guide hold.
LONGEST = {
    "guide.department": 120, "guide.audience": 200, "guide.channels": 120, "guide.time_note": 300, "guide.result": 300,
    "guide.phone": 60, "guide.complaint_phone": 60,
}  # fmt: skip


def _own(
    key: str,
    group: ElementGroup,
    label: str,
    kind: ElementKind = T,
    *words: str,
    must: bool = False,
    choices: type[Labelled] | None = None,
    columns: tuple[tuple[str, str], ...] = (),
    hint: str = "",
) -> Element:
    longest = LONG if kind in (L, R) else SHORT
    return Element(
        key, group, label, must, kind, Holder.ELEMENT, key, choices, tuple(words), columns, longest, hint
    )


def _kept(
    key: str,
    group: ElementGroup,
    label: str,
    kind: ElementKind,
    at: str,
    *words: str,
    must: bool = True,
    choices: type[Labelled] | None = None,
) -> Element:
    """An element that has a column: `at` is holder and column."""
    holder, field = at.split(".")
    longest = LONGEST.get(at, LONG if kind is L else 0)
    return Element(
        key, group, label, must, kind, Holder(holder), field, choices, tuple(words), longest=longest
    )


G = ElementGroup
ELEMENTS: tuple[Element, ...] = (
    _own("catalog_code", G.IDENTITY, mark("基本编码"), T, "事项基本编码", must=True, hint=mark("12位")),
    _own("local_catalog_code", G.IDENTITY, mark("地方基本编码")),
    _own("task_code", G.IDENTITY, mark("实施编码"), T, "事项编码", "实施清单编码", must=True, hint=mark("31位，由省库赋码，这里只存不造")),
    _own("task_handle_item", G.IDENTITY, mark("业务办理项编码"), T, "办理项编码"),
    _kept("task_name", G.IDENTITY, mark("事项名称"), T, "matter.name", "事项", "服务事项", "办理事项", "服务事项名称", "项目名称", "办事事项"),
    _kept("task_version", G.IDENTITY, mark("事项版本"), N, "guide.number", "版本", "版本号"),
    _kept("task_state", G.IDENTITY, mark("事项状态"), C, "guide.state", "状态"),
    _own("task_type", G.IDENTITY, mark("事项类型"), C, "权力类型", "事项性质", must=True, choices=TaskType),
    _kept("dept_name", G.BODY, mark("实施主体"), T, "guide.department", "实施机关", "实施机构", "责任部门", "责任单位", "承办单位", "承办机构", "办理部门", "办理单位", "受理单位", "受理机构", "主管部门"),
    _own("dept_code", G.BODY, mark("实施主体编码"), T, "统一社会信用代码", must=True, hint=mark("18位统一社会信用代码")),
    _own("dept_type", G.BODY, mark("实施主体性质"), C, "主体性质", must=True, choices=BodyKind),
    _own("entrust_name", G.BODY, mark("委托部门"), T, "委托机关"),
    _own("use_level", G.BODY, mark("行使层级"), C, "行使级别", "办理层级", must=True, choices=Level),
    _own("power_source", G.BODY, mark("权力来源"), C, must=True, choices=PowerSource),
    _own("other_dept", G.BODY, mark("联办机构"), T, "联合办理部门", "协办单位", "配合部门"),
    _own("town_code", G.BODY, mark("乡镇街道代码")),
    _own("village_code", G.BODY, mark("村居社区代码")),
    _kept("server_type", G.AUDIENCE, mark("服务对象"), T, "guide.audience", "面向对象", "适用对象", "申请对象", "办理对象", "适用范围"),
    _own("user_topic_type", G.AUDIENCE, mark("面向自然人主题分类"), T, "自然人主题分类", "主题分类", hint=mark("多个用顿号隔开")),
    _own("corp_topic_type", G.AUDIENCE, mark("面向法人主题分类"), T, "法人主题分类", hint=mark("多个用顿号隔开")),
    _kept("anticipate_day", G.TIME, mark("法定办结时限"), N, "guide.legal_days", "法定时限", "法定期限", "法定办理时限"),
    _own("anticipate_type", G.TIME, mark("法定时限单位"), C, "法定办结时限单位", must=True, choices=DayUnit, hint=mark("不选则与承诺时限单位相同")),
    _own("anticipate_explain", G.TIME, mark("法定时限说明"), L, "法定办结时限说明"),
    _kept("promise_day", G.TIME, mark("承诺办结时限"), N, "guide.promised_days", "承诺时限", "承诺期限", "办理时限", "办结时限", "办理期限", "承诺办理时限", "时限"),
    _kept("promise_type", G.TIME, mark("承诺时限单位"), C, "guide.day_unit", "承诺办结时限单位", "时限单位", choices=DayUnit),
    _kept("promise_explain", G.TIME, mark("承诺时限说明"), L, "guide.time_note", "承诺办结时限说明", "时限说明"),
    _own("special_procedure", G.TIME, mark("特别程序"), L, "特殊环节", "特别程序种类", must=True, hint=mark("听证、检验、专家评审等：名称、时限、依据、是否计入时限；没有写“无”")),
    _kept("accept_condition", G.ACCEPTANCE, mark("受理条件"), L, "guide.conditions", "办理条件", "申请条件", "申办条件", "准予条件", "申领条件", "条件"),
    _own("limit_explain", G.ACCEPTANCE, mark("数量限制"), L, "有无数量限制"),
    _own("project_type", G.ACCEPTANCE, mark("办件类型"), C, must=True, choices=CaseType),
    _kept("handle_type", G.ACCEPTANCE, mark("办理形式"), T, "guide.channels", "办理方式", "受理方式", "申请方式", "办理渠道"),
    _kept("limit_scene_num", G.ACCEPTANCE, mark("到办事现场次数"), N, "guide.visits", "到现场次数", "跑动次数", "最多跑几次"),
    _own("limit_scene_explain", G.ACCEPTANCE, mark("必须到现场原因"), L, "必须现场办理原因说明", "到现场原因"),
    _own("handle_area", G.ACCEPTANCE, mark("通办范围"), C, choices=ServiceArea),
    _own("is_entry_center", G.ACCEPTANCE, mark("是否进驻政务大厅"), B, "进驻政务大厅", "是否进驻大厅", must=True),
    _kept("transact_addr", G.ACCEPTANCE, mark("办理地点"), R, "office.name", "办理地址", "受理地点", "受理地址", "办公地址", "地址", "窗口", "办理窗口"),
    _kept("transact_time", G.ACCEPTANCE, mark("办理时间"), T, "office.hours", "受理时间", "工作时间", "办公时间"),
    _own("is_schedule", G.ACCEPTANCE, mark("是否支持预约"), B, "支持预约", "是否支持预约办理"),
    _own("is_service_terminals", G.ACCEPTANCE, mark("是否支持自助终端"), B, "自助终端", "是否支持自助终端办理"),
    _own("is_express", G.ACCEPTANCE, mark("是否支持物流快递"), B, "物流快递", "是否支持快递", must=True),
    _own("is_online", G.ONLINE, mark("是否网办"), B, "是否支持网上办理", "网上办理", "是否网上办理", must=True),
    _own("online_handle_depth", G.ONLINE, mark("网上办理深度"), C, "网办深度", choices=OnlineDepth),
    _own("link_addr", G.ONLINE, mark("电脑端网办地址"), A, "网办地址", "网上办理地址", "PC端网办地址", "在线办理网址"),
    _own("mobile_terminal_url", G.ONLINE, mark("移动端地址"), A, "手机办理地址", "移动端办理地址"),
    _own("is_single_login", G.ONLINE, mark("是否对接单点登录"), B, "单点登录"),
    _own("is_pay_online", G.ONLINE, mark("是否网上支付"), B, "网上支付", "是否支持网上支付", must=True),
    _kept("handle_flow", G.COURSE, mark("办理流程"), R, "step.name", "办理程序", "办事流程", "办理步骤", "工作流程", "流程"),
    Element("flow_chart", G.COURSE, mark("流程图"), False, F, Holder.FILE, "flow_chart", words=("办理流程图",)),
    _own("service_type", G.COURSE, mark("中介服务"), L, "涉及的中介服务", hint=mark("中介名称、时限、收费")),
    _kept("by_law", G.LAW, mark("设定依据"), L, "guide.basis", "办理依据", "法律依据", "政策依据", "法定依据", "依据"),
    _own("is_fee", G.FEE, mark("是否收费"), B, "收费", "收费情况", "收费标准", "收费标准及依据", "收费标准和依据", "是否收费及标准", must=True),
    _own("fee_items", G.FEE, mark("收费项目"), R, "收费项目名称", "收费明细", columns=(("name", mark("收费项目")), ("standard", mark("收费标准")), ("basis", mark("收费依据")), ("waiver", mark("可否减免")))),
    _kept("result_name", G.RESULT, mark("审批结果名称"), T, "guide.result", "办理结果", "审批结果", "结果名称", "办理结果名称", "结果文书", must=False),
    _own("result_type", G.RESULT, mark("审批结果类型"), C, "结果类型", must=True, choices=ResultType),
    Element("result_sample", G.RESULT, mark("结果样本"), False, F, Holder.FILE, "result_sample", words=("审批结果样本",)),
    _kept("material_name", G.MATERIALS, mark("材料名称"), T, "material.name", "申请材料", "办理材料", "申报材料", "所需材料", "需要材料", "提交材料", "材料清单", "申请材料目录", "材料"),
    _kept("is_need", G.MATERIALS, mark("材料必要性"), C, "material.necessity", "必要性", "是否必要", "是否必需", choices=Necessity),
    _kept("material_type", G.MATERIALS, mark("材料类型"), C, "material.form", "原件或复印件", "原件/复印件", choices=MaterialForm),
    Element("material_format", G.MATERIALS, mark("材料形式"), True, C, Holder.DETAIL, "material_format", MaterialFormat, ("材料介质", "形式")),
    _kept("page_num", G.MATERIALS, mark("纸质份数"), N, "material.copies", "份数", "数量", "材料份数", must=False),
    Element("page_format", G.MATERIALS, mark("纸质规格"), False, T, Holder.DETAIL, "page_format", None, ("规格", "纸张规格"), longest=SHORT),
    _kept("source_type", G.MATERIALS, mark("来源渠道"), C, "material.source", "材料来源", "来源", "出具单位", choices=MaterialSource),
    Element("source_explain", G.MATERIALS, mark("来源说明"), False, L, Holder.DETAIL, "source_explain", None, ("来源渠道说明",), longest=LONG),
    Element("form_blank", G.MATERIALS, mark("空白表格"), False, F, Holder.MATERIAL_FILE, "form_blank", None, ("空表", "表格下载")),
    Element("form_example", G.MATERIALS, mark("示例样表"), False, F, Holder.MATERIAL_FILE, "form_example", None, ("样表", "示范文本")),
    Element("accept_stand", G.MATERIALS, mark("受理标准"), False, L, Holder.DETAIL, "accept_stand", None, ("审查要点", "审查标准"), longest=LONG),
    Element("fill_explain", G.MATERIALS, mark("填报须知"), False, L, Holder.DETAIL, "fill_explain", None, ("填写说明", "填表说明"), longest=LONG),
    Element("material_law", G.MATERIALS, mark("要求提供的依据"), False, L, Holder.DETAIL, "material_law", None, ("要求提供材料的依据", "材料依据"), longest=LONG),
    _kept("link_way", G.CONTACT, mark("咨询方式"), T, "guide.phone", "咨询电话", "联系电话", "联系方式", "办理电话", "咨询途径"),
    _kept("supervise_way", G.CONTACT, mark("监督投诉方式"), T, "guide.complaint_phone", "监督电话", "投诉电话", "监督投诉电话", "监督方式", "投诉渠道"),
    _own("questions", G.CONTACT, mark("常见问题"), R, "常见问题解答", "问答", columns=(("question", mark("问")), ("answer", mark("答")))),
    _own("rights", G.CONTACT, mark("权利义务与救济渠道"), L, "行政相对人权利义务", "权利与义务", "行政复议与诉讼", "救济途径", "行政救济"),
    _kept("plan_effective_date", G.VALIDITY, mark("计划生效日期"), D, "guide.effective_from", "生效日期", "实施日期", must=False),
    _kept("plan_cancel_date", G.VALIDITY, mark("计划取消日期"), D, "guide.expires_on", "失效日期", "取消日期", "有效期至", must=False),
    _kept("service_officer", G.SERVICE, mark("帮办专员及电话"), ElementKind.PERSON, "matter.helper", "首席帮办员", "帮办员", "帮办专员", "责任人", "经办人", must=False),
    _kept("tips", G.SERVICE, mark("注意事项与易错点"), L, "guide.mistakes", "注意事项", "温馨提示", "特别提醒", "易错点", "常见错误", "常见错误与提醒", must=False),
    _kept("commitment_mode", G.SERVICE, mark("告知承诺与容缺"), C, "guide.commitment", "告知承诺", "容缺受理", must=False, choices=CommitmentMode),
    _kept("last_reviewed", G.SERVICE, mark("最近核校"), D, "guide.reviewed_on", "核校日期", "最近核校日期"),
)  # fmt: skip

BY_KEY = {element.key: element for element in ELEMENTS}
OWN = tuple(element for element in ELEMENTS if element.own)
DETAILS = tuple(element for element in ELEMENTS if element.holder is Holder.DETAIL)
FILES = tuple(e for e in ELEMENTS if e.holder is Holder.FILE)
MATERIAL_FILES = tuple(e for e in ELEMENTS if e.holder is Holder.MATERIAL_FILE)


def grouped() -> list[tuple[ElementGroup, list[Element]]]:
    """The elements by group, in the order of the national table."""
    return [(group, [e for e in ELEMENTS if e.group is group]) for group in ElementGroup]


# Kept by the house, never taken from a file.
HOUSE_KEPT = frozenset({"task_version", "task_state", "last_reviewed", "service_officer"})
