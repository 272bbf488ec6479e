"""Words of this room beside those of the spine."""

from hongtu.engines.vocabulary import Labelled


class Band(Labelled):
    """How the queue is cut."""

    LATE = "late", "已超时"
    TODAY = "today", "今天到期"
    SOON = "soon", "三天内到期"
    LATER = "later", "以后到期"
    BLOCKING = "blocking", "卡住链条的"


class Step(Labelled):
    """The three steps of the public form."""

    WHAT = "what", "什么问题"
    WHERE = "where", "在哪里"
    WHO = "who", "怎么联系"


class Measure(Labelled):
    """The four rates."""

    RESPONSE = "response", "响应率"
    SOLVED = "solved", "解决率"
    IN_TIME = "in_time", "按期解决率"
    SATISFIED = "satisfied", "满意率"


class Datatype(Labelled):
    """Types of a service's further questions, as GeoReport v2 names them."""

    STRING = "string", "单行文字"
    NUMBER = "number", "数字"
    DATETIME = "datetime", "日期时间"
    TEXT = "text", "多行文字"
    SINGLE = "singlevaluelist", "单选"
    MULTI = "multivaluelist", "多选"


class Quantity(Labelled):
    """Named parts of a result, so that they can be summed over the district; anything else is `other`."""

    PARKING_SPACES = "parking_spaces", "停车位（个）"
    LIFTS = "lifts", "电梯（部）"
    FACADE_M2 = "facade_m2", "外墙修缮（平方米）"
    ROAD_M2 = "road_m2", "路面修复（平方米）"
    LAMPS = "lamps", "路灯（盏）"
    PIPE_M = "pipe_m", "管网修复（米）"
    HOUSEHOLDS = "households", "受益户数（户）"
    OTHER = "other", "其他"
