"""Words of the spine (values are stored, labels are shown and translated). No framework here."""

from hongtu.engines.vocabulary import Labelled


class Kind(Labelled):
    """What is numbered together: one series of numbers for all of them."""

    PROBLEM = "problem", "问题"
    ORDER = "order", "交办单"
    TICKET = "ticket", "热线工单"
    CONSULTATION = "consultation", "协商事项"


class Source(Labelled):
    """How it came in."""

    WEB = "web", "网上上报"
    OPEN311 = "open311", "第三方应用"
    HOTLINE = "hotline", "12345热线"
    GRID = "grid", "网格巡查"
    VISIT = "visit", "走访调研"
    CONSULTATION = "consultation", "协商议事"
    MEETING = "meeting", "调度会议"
    STEP = "step", "项目链条"


class State(Labelled):
    REPORTED = "reported", "待甄别"
    TRIAGED = "triaged", "待交办"
    ASSIGNED = "assigned", "待签收"
    SIGNED = "signed", "待报措施"
    WORKING = "working", "办理中"
    CLOSING = "closing", "待复核"
    ANSWERING = "answering", "待回访"
    SUSPENDED = "suspended", "已挂起"
    SOLVED = "solved", "已解决"
    EXPLAINED = "explained", "已答复未解决"
    UNREASONABLE = "unreasonable", "不合理诉求"
    DECLINED = "declined", "不予受理"
    MERGED = "merged", "已并件"
    SPLIT = "split", "已拆分"


OPEN = frozenset(
    {
        State.REPORTED,
        State.TRIAGED,
        State.ASSIGNED,
        State.SIGNED,
        State.WORKING,
        State.CLOSING,
        State.ANSWERING,
        State.SUSPENDED,
    }
)
TERMINAL = frozenset(State) - OPEN


class Move(Labelled):
    """What may be done to a problem."""

    REPORT = "report", "上报"
    TRIAGE = "triage", "甄别"
    DECLINE = "decline", "不予受理"
    ASSIGN = "assign", "交办"
    RETURN = "return", "退回"
    SIGN = "sign", "签收"
    TRANSFER = "transfer", "转办"
    MEASURES = "measures", "反馈措施"
    CONTACT = "contact", "联系反映人"
    ASK_TO_CLOSE = "ask_to_close", "申请销号"
    VERIFY = "verify", "复核通过"
    REJECT = "reject", "复核退回"
    CONFIRM = "confirm", "反映人认可"
    SETTLE = "settle", "回访期满"
    DISPUTE = "dispute", "反映人异议"
    SUSPEND = "suspend", "挂起"
    RESUME = "resume", "恢复办理"
    EXTEND = "extend", "延期"
    EXCLUDE = "exclude", "认定不合理"
    SPLIT = "split", "拆分"
    MERGE = "merge", "并件"
    DETACH = "detach", "撤销并件"
    REOPEN = "reopen", "重启"


class Clock(Labelled):
    """What a problem waits for; exactly one runs while it is open."""

    NONE = "", "—"
    TRIAGE = "triage", "甄别时限"
    ASSIGN = "assign", "交办时限"
    SIGN = "sign", "签收时限"
    MEASURES = "measures", "措施时限"
    WORK = "work", "办结时限"
    VERIFY = "verify", "复核时限"
    ANSWER = "answer", "回访时限"
    SUSPENSION = "suspension", "挂起期限"


class Unit(Labelled):
    """What a term counts in."""

    HOUR = "hour", "小时"
    WORKING_HOUR = "working_hour", "工作小时"
    WORKING_DAY = "working_day", "工作日"
    CALENDAR_DAY = "calendar_day", "自然日"


class Urgency(Labelled):
    """The class of a problem, which chooses the term of its work."""

    URGENT = "urgent", "紧急"
    UTILITY = "utility", "水电气热"
    GENERAL = "general", "一般"
    COMPLEX = "complex", "复杂疑难"


class Proposal(Labelled):
    """What the doer says when asking to close."""

    SOLVED = "solved", "已解决"
    EXPLAINED = "explained", "确实无法解决，已说明"


class Outcome(Labelled):
    """What counts, for each problem as it was first reported, through every merge and split."""

    OPEN = "open", "办理中"
    SOLVED = "solved", "已解决"
    NOT_SOLVED = "not_solved", "未解决"
    EXCLUDED = "excluded", "经两级审核剔除"


class Subject(Labelled):
    """What may be asked for and decided by somebody else."""

    EXTENSION = "extension", "延期"
    SUSPENSION = "suspension", "挂起"
    UNREASONABLE = "unreasonable", "认定不合理诉求"


class DecisionState(Labelled):
    ASKED = "asked", "待审批"
    FIRST = "first", "一级已同意"
    GRANTED = "granted", "已批准"
    REFUSED = "refused", "未批准"
    LAPSED = "lapsed", "已失效"


class Phase(Labelled):
    BEFORE = "before", "办理前"
    DURING = "during", "办理中"
    AFTER = "after", "办理后"


class Verdict(Labelled):
    NONE = "", "未答复"
    CONFIRMED = "confirmed", "认可"
    DISPUTED = "disputed", "不认可"


class Satisfaction(Labelled):
    NONE = "", "未评价"
    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class ResultState(Labelled):
    PROPOSED = "proposed", "待复核"
    VERIFIED = "verified", "已复核待回访"
    STANDING = "standing", "成立"
    WITHDRAWN = "withdrawn", "已撤回"


class Refusal(Labelled):
    """Why a move is refused: stable code and what to say."""

    WRONG_STATE = "problems.wrong_state", "当前状态是“%(state)s”，不能“%(move)s”。"
    NO_EVIDENCE = "problems.no_evidence", "申请销号须附佐证：至少一张办理后的照片或一份文件。"
    OLD_EVIDENCE = "problems.old_evidence", "退回、异议或重启之后须附新的佐证：至少一张新照片或一份新文件。"
    NO_SUMMARY = "problems.no_summary", "请写明办理结果，反映人看得懂的话。"
    OWN_WORK = "problems.own_work", "承办人、上传佐证的人和申请销号的人不能自己复核。"
    OWN_REPORT = "problems.own_report", "承办人不能替反映人认可。"
    EXTENSIONS_USED = "problems.extensions_used", "已延期 %(used)s 次，最多 %(most)s 次。"
    SUSPENSIONS_USED = "problems.suspensions_used", "已挂起 %(used)s 次，最多 %(most)s 次。"
    OWN_REQUEST = "problems.own_request", "不能审批自己提出的申请。"
    SAME_PERSON = "problems.same_person", "两级审核须由两个人分别作出。"
    REASON_REQUIRED = "problems.reason_required", "请写明理由。"
    DATE_IN_PAST = "problems.date_in_past", "日期须晚于现在。"
    EARLIER_DATE = "problems.earlier_date", "延期后的日期须晚于现在的办结时限。"
    TOO_LONG = "problems.too_long", "最长 %(days)s 天，请缩短。"
    NOT_ITSELF = "problems.not_itself", "不能并入自己或已并入它的事项。"
    TARGET_CLOSED = "problems.target_closed", "只能并入仍在办理、尚未申请销号的事项。"
    TWO_PARTS = "problems.two_parts", "拆分须至少分成两件，每件写明标题。"
    TOO_LATE = "problems.too_late", "已超过可以提出异议的期限（%(days)s 天）。"
    STALE_TOKEN = "problems.no_such_link", "链接不存在或已失效，请用查询码再试。"
    PHOTO_UNREADABLE = "problems.photo_unreadable", "这个文件不是能打开的照片，请用 JPEG、PNG 或 WebP。"
    PHOTO_TOO_LARGE = "problems.photo_too_large", "照片太大：单张不超过 %(megabytes)s MB。"
    NOT_VERIFIED = "problems.not_verified", "佐证还没有经他人复核，不能算已解决。"
    DECIDED = "problems.decided", "这项申请已经处理过了。"
    PENDING = "problems.pending", "已有一项同类申请待审批。"
    STRANGER = "problems.stranger", "这位反映人与该事项无关。"
