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
    HOUR = "hour", "小时"
    MONTH = "month", "个月"
    YEAR = "year", "年"


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


class ElementGroup(Labelled):
    """Parts of a guide in the order of the national table (GB/T 39554.1)."""

    IDENTITY = "identity", "标识"
    BODY = "body", "实施主体"
    AUDIENCE = "audience", "服务对象"
    TIME = "time", "办理时限"
    ACCEPTANCE = "acceptance", "受理"
    ONLINE = "online", "网上办理"
    COURSE = "course", "办理流程"
    LAW = "law", "设定依据"
    FEE = "fee", "收费"
    RESULT = "result", "办理结果"
    MATERIALS = "materials", "申请材料"
    CONTACT = "contact", "咨询与监督"
    VALIDITY = "validity", "有效期"
    SERVICE = "service", "帮办与核校"


class TaskType(Labelled):
    PERMIT = "01", "行政许可"
    PENALTY = "02", "行政处罚"
    COERCION = "03", "行政强制"
    LEVY = "04", "行政征收"
    GRANT = "05", "行政给付"
    INSPECTION = "06", "行政检查"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    RULING = "09", "行政裁决"
    OTHER = "10", "其他行政权力"
    SERVICE = "20", "公共服务"


class BodyKind(Labelled):
    STATUTORY = "statutory", "法定机关"
    AUTHORISED = "authorised", "授权组织"
    ENTRUSTED = "entrusted", "受委托组织"


class Level(Labelled):
    NATION = "nation", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "县级"
    SUBDISTRICT = "subdistrict", "乡镇街道级"
    COMMUNITY = "community", "村社区级"


class PowerSource(Labelled):
    OWN = "own", "法定本级行使"
    DELEGATED = "delegated", "上级下放"
    AUTHORISED = "authorised", "授权"
    ENTRUSTED = "entrusted", "委托"


class CaseType(Labelled):
    INSTANT = "instant", "即办件"
    PROMISED = "promised", "承诺件"


class ServiceArea(Labelled):
    NATION = "nation", "全国通办"
    PROVINCES = "provinces", "跨省通办"
    PROVINCE = "province", "全省通办"
    CITY = "city", "全市通办"
    DISTRICT = "district", "区内通办"


class OnlineDepth(Labelled):
    INFORMATION = "information", "信息发布"
    PRELIMINARY = "preliminary", "网上预审"
    ACCEPTANCE = "acceptance", "网上受理"
    DECISION = "decision", "办结反馈"
    FULL = "full", "全程网办"


class ResultType(Labelled):
    CERTIFICATE = "certificate", "证照"
    DOCUMENT = "document", "批文"
    OTHER = "other", "其他"


class MaterialFormat(Labelled):
    PAPER = "paper", "纸质"
    ELECTRONIC = "electronic", "电子"
    EITHER = "either", "纸质或电子"


class ElementKind(Labelled):
    """How an element is written: which field a form shows and which values an import accepts."""

    TEXT = "text", "文字"
    LONG = "long", "多行文字"
    INTEGER = "integer", "整数"
    BOOLEAN = "boolean", "是否"
    DATE = "date", "日期"
    ADDRESS = "address", "网址"
    CHOICE = "choice", "单选"
    ROWS = "rows", "表"
    FILE = "file", "文件"
    PERSON = "person", "人员"


class Holder(Labelled):
    """Where the value of an element is kept."""

    MATTER = "matter", "事项"
    GUIDE = "guide", "指南"
    ELEMENT = "element", "指南要素"
    MATERIAL = "material", "材料"
    DETAIL = "detail", "材料要素"
    STEP = "step", "步骤"
    OFFICE = "office", "办理地点"
    FILE = "file", "指南附件"
    MATERIAL_FILE = "material_file", "材料附件"
