"""Words of the notices (values are stored, labels are shown and translated). No framework here."""

from hongtu.engines.vocabulary import Labelled


class Kind(Labelled):
    """Why somebody is told."""

    ASSIGNED = "assigned", "交办给我"
    RETURNED = "returned", "已退回"
    REVIEW = "review", "待我审核"
    VERIFIED = "verified", "成果已复核"
    DUE = "due", "即将到期"
    OVERDUE = "overdue", "时限已过"
    ESCALATED = "escalated", "已提级"
    DECIDED = "decided", "会议议定"
    SIGN = "sign", "协议待签"
    INVITED = "invited", "邀请参加"
    SCHEDULED = "scheduled", "日程安排"
    ANSWERED = "answered", "申请有结果"
    PUBLISHED = "published", "已印发公布"
    TEST = "test", "测试"


URGENT = frozenset({Kind.OVERDUE, Kind.ESCALATED})
"""What may break quiet hours when its reader allows it."""


class Channel(Labelled):
    """A way out of the house. The list on the page itself is always there."""

    EMAIL = "email", "电子邮件"
    WEBHOOK = "webhook", "群机器人"


class WebhookForm(Labelled):
    NONE = "", "不使用"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"


class Pace(Labelled):
    AT_ONCE = "at_once", "随时发送"
    DAILY = "daily", "每天汇总一次"


class DeliveryState(Labelled):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已送达"
    DEAD = "dead", "未送达"


class Fault(Labelled):
    """Why a delivery failed: stable code and what to say."""

    TIMEOUT = "notices.timeout", "对方没有在时限内应答。"
    UNREACHABLE = "notices.unreachable", "连不上对方的服务器。"
    REFUSED_ADDRESS = "notices.refused_address", "该地址不在允许的网络内，请联系系统管理员。"
    BUSY = "notices.busy", "对方暂时不可用。"
    REJECTED = "notices.rejected", "对方拒收，请检查地址和密钥。"
    NO_ADDRESS = "notices.no_address", "没有填写地址，或者该渠道已关闭。"
    NO_MAIL_SERVER = "notices.no_mail_server", "本系统没有配置邮件服务器，请联系系统管理员。"
    BROKEN_OFF = "notices.broken_off", "多次在发送途中中断。"
