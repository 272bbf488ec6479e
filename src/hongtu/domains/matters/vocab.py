"""Words of the service guides (values are stored, labels are shown and translated)."""

from hongtu.engines.vocabulary import Labelled


class MatterKind(Labelled):
    SERVICE = "service", "便民服务事项"
    APPROVAL = "approval", "工程审批事项"


class Theme(Labelled):
    """What residents look for a matter under, in the order of a life."""

    BIRTH = "birth", "生育收养"
    SCHOOL = "school", "教育入学"
    RESIDENCE = "residence", "户籍居住"
    WORK = "work", "就业创业"
    PENSION = "pension", "社会保险"
    HEALTH = "health", "医疗卫生"
    HOUSING = "housing", "住房物业"
    RELIEF = "relief", "救助帮扶"
    DISABILITY = "disability", "残疾服务"
    ELDERLY = "elderly", "养老服务"
    VETERANS = "veterans", "退役军人"
    FARMING = "farming", "农业农村"
    BUSINESS = "business", "开店办企"
    SAFETY = "safety", "城市管理与安全"
    LAW = "law", "法律服务"
    CIVIC = "civic", "党群便民"
    BUILDING = "building", "工程建设"


class GuideState(Labelled):
    """Two steps: one person writes and submits, another publishes; what was published stays as it was."""

    DRAFT = "draft", "起草中"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"


class DayUnit(Labelled):
    WORKING = "working", "个工作日"
    CALENDAR = "calendar", "个自然日"


class Necessity(Labelled):
    REQUIRED = "required", "必要"
    OPTIONAL = "optional", "非必要"
    LATER = "later", "可容缺后补"


class MaterialForm(Labelled):
    ORIGINAL = "original", "原件"
    COPY = "copy", "复印件"
    BOTH = "both", "原件和复印件"


class MaterialSource(Labelled):
    APPLICANT = "applicant", "申请人自备"
    GOVERNMENT = "government", "政府部门核发"
    INTERMEDIARY = "intermediary", "中介机构出具"
    OTHER = "other", "其他"


class CommitmentMode(Labelled):
    NONE = "none", "无"
    PROMISE = "promise", "告知承诺"
    TOLERANCE = "tolerance", "容缺受理"
    REGIONAL = "regional", "区域评估免办"


class Speaker(Labelled):
    ASKER = "asker", "提问人"
    ASSISTANT = "assistant", "智能助手"
    HELPER = "helper", "首席帮办员"


class Outcome(Labelled):
    """What became of a question."""

    ANSWERED = "answered", "已解答"
    ASKS = "asks", "反问"
    REFUSED = "refused", "不在范围"
    HANDED_OVER = "handed_over", "转人工"


class ConversationState(Labelled):
    OPEN = "open", "进行中"
    HANDED_OVER = "handed_over", "待帮办员答复"
    CLOSED = "closed", "已办结"


class HandoverState(Labelled):
    WAITING = "waiting", "待答复"
    ANSWERED = "answered", "已答复"


class FeedbackReason(Labelled):
    HELPFUL = "helpful", "有帮助"
    WRONG = "wrong", "内容不对"
    OUTDATED = "outdated", "内容过时"
    INCOMPLETE = "incomplete", "不完整"
    OTHER_MATTER = "other_matter", "答的不是这件事"
    UNCLEAR = "unclear", "看不懂"
