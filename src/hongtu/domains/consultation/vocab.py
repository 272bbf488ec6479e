"""Words of consultation (values are stored, labels are shown and translated)."""

from hongtu.engines.vocabulary import Labelled


class Step(Labelled):
    """The eleven steps of a consultation, in order."""

    PROPOSE = "propose", "提事"
    SCREEN = "screen", "审题"
    INVITE = "invite", "定人"
    PREPARE = "prepare", "调研与预公告"
    DISCUSS = "discuss", "议事"
    CONCLUDE = "conclude", "定事"
    POST = "post", "公示"
    ASSIGN = "assign", "办事"
    SUPERVISE = "supervise", "督事"
    EVALUATE = "evaluate", "评事"
    ARCHIVE = "archive", "归档"


class State(Labelled):
    """Where a topic stands as a whole."""

    OPEN = "open", "进行中"
    TRANSFERRED = "transferred", "已转办"
    MEDIATED = "mediated", "已转调解"
    DECLINED = "declined", "不立题"
    ARCHIVED = "archived", "已归档"


class Verdict(Labelled):
    """What the screening decides."""

    ADOPT = "adopt", "立题"
    TRANSFER = "transfer", "转办：职责明确，直接转工单"
    MEDIATE = "mediate", "转调解：属于私人纠纷"
    DECLINE = "decline", "不立题"


class Kind(Labelled):
    """What a topic is about; who must be invited depends on it."""

    PARKING = "parking", "停车"
    LIFT = "lift", "电梯"
    FACADE = "facade", "外墙与房屋维修"
    PROPERTY = "property", "物业服务"
    FACILITY = "facility", "公共设施"
    ENVIRONMENT = "environment", "环境卫生与绿化"
    COVENANT = "covenant", "居民公约与管理规约"
    NEIGHBOUR = "neighbour", "邻里关系"
    PROJECT = "project", "项目周边诉求"
    OTHER = "other", "其他"


class Source(Labelled):
    """Where a proposal came from."""

    RESIDENT = "resident", "居民"
    GRID = "grid", "网格员"
    MEMBER = "member", "政协委员"
    HOTLINE = "hotline", "12345工单"
    PROJECT = "project", "项目周边诉求"
    LEADER = "leader", "走访发现"


class CommonMatter(Labelled):
    """What owners decide together (民法典第二百七十八条第一款): value = number of the item."""

    NONE = "", "不涉及业主共有部分"
    RULES_OF_PROCEDURE = "1", "制定和修改业主大会议事规则"
    COVENANT = "2", "制定和修改管理规约"
    COMMITTEE = "3", "选举业主委员会或者更换业主委员会成员"
    MANAGER = "4", "选聘和解聘物业服务企业或者其他管理人"
    USE_FUND = "5", "使用建筑物及其附属设施的维修资金"
    RAISE_FUND = "6", "筹集建筑物及其附属设施的维修资金"
    REBUILD = "7", "改建、重建建筑物及其附属设施"
    CHANGE_USE = "8", "改变共有部分的用途或者利用共有部分从事经营活动"
    OTHER = "9", "有关共有和共同管理权利的其他重大事项"


class Part(Labelled):
    """In which part somebody sits at the table."""

    INTERESTED = "interested", "利益相关居民"
    REPRESENTATIVE = "representative", "居民代表"
    COMMITTEE = "committee", "业主委员会"
    MANAGER = "manager", "物业服务企业"
    COMMUNITY = "community", "社区"
    SUBDISTRICT = "subdistrict", "街道"
    MEMBER = "member", "政协委员"
    DEPARTMENT = "department", "职能部门"
    EXPERT = "expert", "第三方机构"
    SUPERVISOR = "supervisor", "议事会监督员"


class Interest(Labelled):
    """What somebody declared about her own interest."""

    UNDECLARED = "", "未声明"
    NONE = "none", "无利益冲突"
    CONFLICT = "conflict", "有利益冲突，表决时回避"


class Funding(Labelled):
    """Where the money comes from."""

    MAINTENANCE = "maintenance", "住宅专项维修资金"
    COMMON_INCOME = "common_income", "小区公共收益"
    OWNERS = "owners", "业主分摊"
    SUBDISTRICT = "subdistrict", "街道微实事资金"
    DISTRICT = "district", "区级财政"
    RENEWAL = "renewal", "老旧小区改造专项"
    ENTERPRISE = "enterprise", "企业或社会出资"
    NO_COST = "no_cost", "不需要资金"


class Choice(Labelled):
    """A vote."""

    CONSENT = "consent", "同意"
    OPPOSE = "oppose", "反对"
    ABSTAIN = "abstain", "弃权"


class Standing(Labelled):
    """Who holds an exclusive part (a flat, a shop)."""

    DELIVERED = "delivered", "已交付业主"
    UNDELIVERED = "undelivered", "已售未交付"
    UNSOLD = "unsold", "建设单位未售"


class SpeechKind(Labelled):
    """Facts first, then proposals."""

    FACT = "fact", "事实"
    OPINION = "opinion", "意见"
    PROPOSAL = "proposal", "方案"


class MeetingState(Labelled):
    NOTICED = "noticed", "已发通知"
    HELD = "held", "已召开"
    CANCELLED = "cancelled", "已取消"


class Agreement(Labelled):
    """How a meeting concluded."""

    CONSENSUS = "consensus", "共识"
    MAJORITY = "majority", "多数同意"
    NONE = "none", "未达成"


class TaskState(Labelled):
    DRAFT = "draft", "待补齐"
    HANDED = "handed", "办理中"
    DONE = "done", "已落实"
    FAILED = "failed", "未落实"


class ObjectionState(Labelled):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    UPHELD = "upheld", "成立，重新协商"


class Satisfaction(Labelled):
    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class Lack(Labelled):
    """What is still missing before a step is done: stable code and what to say."""

    VERDICT = "consultation.no_verdict", "还没有审题结论。"
    PART = "consultation.part_missing", "还没有邀请：%(part)s（%(reason)s）。"
    INTERESTED_SHARE = (
        "consultation.interested_share",
        "利益相关方占参会人数 %(share)s，应不少于 %(least)s。",
    )
    NOBODY = "consultation.nobody_invited", "参会名单还是空的。"
    NO_SITUATION = "consultation.no_situation", "还没有写调研情况。"
    FEW_OPTIONS = "consultation.few_options", "备选方案 %(count)s 个，至少要 %(least)s 个。"
    NO_COST = "consultation.no_cost", "方案“%(option)s”没有费用测算。"
    NOT_FUNDED = "consultation.not_funded", "方案“%(option)s”的资金来源比费用少 %(gap)s 万元。"
    NO_NOTICE = "consultation.no_notice", "还没有发会议预公告。"
    NOT_HELD = "consultation.not_held", "协商会还没有召开。"
    NO_SPEECH = "consultation.no_speech", "还没有发言记录。"
    NO_FACTS = "consultation.no_facts", "先说事实：还没有一条事实陈述。"
    UNDECLARED = "consultation.undeclared", "%(count)s 位到会人员还没有作利益冲突声明。"
    FEW_INTERESTED = (
        "consultation.few_interested_present",
        "到会的利益相关方占 %(share)s，应不少于 %(least)s。",
    )
    NO_CONCLUSION = "consultation.no_conclusion", "还没有形成协商意见。"
    NOT_POSTED = "consultation.not_posted", "结论还没有公示。"
    POSTING_RUNS = "consultation.posting_runs", "公示到 %(until)s 止，期满才能转办。"
    OBJECTIONS_OPEN = "consultation.objections_open", "%(count)s 条异议还没有答复。"
    OBJECTION_UPHELD = "consultation.objection_upheld", "有异议成立，须重新协商。"
    NO_TASK = "consultation.no_task", "还没有任务单。"
    TASKS_DRAFT = "consultation.tasks_draft", "%(count)s 张任务单还没有交办。"
    NOT_INSPECTED = "consultation.not_inspected", "%(count)s 张任务单还没有督查记录。"
    TASKS_RUN = "consultation.tasks_run", "%(count)s 张任务单还在办理。"
    FEW_EVALUATIONS = "consultation.few_evaluations", "已评价 %(count)s 人，至少要 %(least)s 人。"


class Refusal(Labelled):
    """Why something is refused: stable code and what to say."""

    WRONG_STEP = "consultation.wrong_step", "现在是“%(step)s”这一步，不能做这件事。"
    CLOSED = "consultation.closed", "这个议题%(state)s，不能再改。"
    LACKING = "consultation.lacking", "这一步还没有完成：%(lacks)s"
    OWN_SCREENING = "consultation.own_screening", "登记议题的人不能自己审题，请换一个人。"
    REASON = "consultation.reason_required", "请写明理由。"
    UNIT = "consultation.unit_required", "转办须选定承办单位。"
    NOTICE_SHORT = (
        "consultation.notice_short",
        "从公告日 %(notice)s 起算要满 %(days)s 个工作日，会议最早在 %(earliest)s 召开。",
    )
    NOTICE_PAST = "consultation.notice_past", "公告日不能早于今天。"
    TOO_EARLY = "consultation.too_early", "会议在 %(day)s，还没有到时间。"
    STRANGER = "consultation.stranger", "这个人不在参会名单里。"
    ABSENT = "consultation.absent", "%(name)s没有签到，不能表决。"
    RECUSED = "consultation.recused", "%(name)s声明了利益冲突，应当回避，不能表决。"
    UNDECLARED_VOTE = "consultation.undeclared_vote", "%(name)s还没有作利益冲突声明，不能表决。"
    UNSIGNED = "consultation.unsigned", "还有 %(count)s 位表决人没有在意见书上签字。"
    NOBODY_VOTED = "consultation.nobody_voted", "还没有人表决，不能形成结论。"
    MINORITY = "consultation.minority_unrecorded", "有人反对或弃权，至少要记下一条少数意见。"
    OPTION = "consultation.option_required", "请选定通过的方案。"
    POLL_NEEDED = (
        "consultation.poll_needed",
        "涉及业主共有部分，须先按《民法典》第二百七十八条完成业主表决并通过。",
    )
    POLL_CLOSED = "consultation.poll_closed", "表决已经结束，不能再改选票。"
    UNKNOWN_ROOMS = "consultation.unknown_rooms", "名册里没有这些房号：%(rooms)s。"
    TWICE = "consultation.room_twice", "这些房号写了两次：%(rooms)s。"
    MIXED = "consultation.mixed_votes", "同一业主的多套房屋选择不一致，请先核实：%(rooms)s。"
    TOO_SHORT = "consultation.posting_short", "公示期不少于 %(days)s 天，最早到 %(earliest)s。"
    NOT_OPEN = "consultation.posting_not_open", "公示期已过或还没有开始，不能再提异议。"
    INCOMPLETE_TASK = (
        "consultation.task_incomplete",
        "不能交办，还缺：%(fields)s。没有钱、人、路径、时限和佐证的决定不算结果。",
    )
    NOT_AGREED = "consultation.not_agreed", "协商未达成一致，没有可以交办的事项。"
    OTHER_CONCLUSION = "consultation.other_conclusion", "任务属于哪份协商意见书不能改，请另开一张。"
    NOT_RELATED = "consultation.problem_taken", "这张问题单已经是另一项协商的任务。"
    RECONSIDERED = "consultation.reconsidered", "已再议 %(used)s 次，最多 %(most)s 次。"
    NOTHING_TO_RECONSIDER = "consultation.nothing_to_reconsider", "结论成立且没有人不满意，不需要再议。"
    TOO_MANY = "consultation.too_many", "您提交得太频繁了，请稍后再试，或直接联系社区。"
