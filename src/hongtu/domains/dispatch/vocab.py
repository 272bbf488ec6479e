"""Words of the four-level dispatch (values are stored, labels are shown and translated)."""

from hongtu.engines.vocabulary import Labelled


class MeetingKind(Labelled):
    """The six kinds, in three pairs."""

    JOINT = "joint", "集中调度（部门联席会）"
    DAILY = "daily", "日常调度"
    THEMATIC = "thematic", "专题调度"
    SITE = "site", "现场调度"
    ASSIGNED = "assigned", "挂点调度"
    CROSS = "cross", "交叉调度"


class MeetingState(Labelled):
    PLANNED = "planned", "待召开"
    ISSUED = "issued", "纪要已印发"


class Origin(Labelled):
    """Why an item is on the agenda, in the order in which it is dealt with."""

    UNDONE = "undone", "上次议定未落实"
    ESCALATED = "escalated", "提级事项"
    DAYS = "days", "影响工期"
    ADDED = "added", "会上提出"


class Outcome(Labelled):
    PENDING = "pending", "待议"
    DECIDED = "decided", "已议定"
    RAISED = "raised", "提请上一级"
    DEFERRED = "deferred", "暂缓"


class Cause(Labelled):
    CLOCK = "clock", "超期"
    CONSEQUENCE = "consequence", "影响承诺"
    MEETING = "meeting", "会议提请"


class Path(Labelled):
    """The path that is proposed, by whose time it is."""

    DEPARTMENT = "department", "审批并联办理、容缺受理，明确一名专人盯办"
    CONTRACTOR = "contractor", "业主约谈施工单位，增投班组、调整工序，日报进度"
    OWNER = "owner", "业主限期补齐资料和资金，服务专员上门帮办"
    UNDONE = "undone", "责任单位当面说明原因，重新明确时限；再次未落实的通报"
    PROBLEM = "problem", "牵头单位召集相关方现场会商，一次定责任、定时限、定路径"
