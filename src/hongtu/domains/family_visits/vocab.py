"""Words of the room of family visits (values are stored, labels are shown and translated)."""

from hongtu.engines.vocabulary import Labelled


class VisitState(Labelled):
    PLANNED = "planned", "已安排"
    HELD = "held", "已家访"
    CANCELLED = "cancelled", "已取消"


class Cancelled(Labelled):
    """Why a visit did not take place: one of a few words, since a free text would tell too much."""

    FAMILY_AWAY = "family_away", "家属不便"
    OFFICIAL_AWAY = "official_away", "本人外出"
    VISITOR_AWAY = "visitor_away", "家访人员另有任务"
    MISTAKEN = "mistaken", "安排有误"


class Withdrawn(Labelled):
    """Why somebody is no longer in the room."""

    LEFT = "left", "不再承担此项工作"
    PASSWORD_SET = "password_set", "他人为其设置了密码，须重新加入"


class NeedState(Labelled):
    """An office that met the need does not close it: another member asks the family first."""

    OPEN = "open", "办理中"
    ANSWERED = "answered", "待回访"
    CLOSED = "closed", "已办结"


class Outcome(Labelled):
    MET = "met", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "不能解决，已说明理由"


class Why(Labelled):
    """Why an official is proposed for a visit."""

    NEVER = "never", "尚未家访"
    OVERDUE = "overdue", "超过间隔"
    SOON = "soon", "临近间隔"
    LATER = "later", "未到期"


class Page(Labelled):
    """What was looked at, as the read log says it."""

    HOME = "home", "应访清单"
    OFFICIAL = "official", "干部页"
    OFFICIAL_FORM = "official_form", "干部登记表"
    VISIT = "visit", "家访记录"
    NEEDS = "needs", "诉求清单"
    NEED = "need", "诉求页"
    LOG = "log", "查阅记录"
    RETENTION = "retention", "数据与期限"
    SETTINGS = "settings", "间隔与“五个一”"
    MEMBERS = "members", "成员"


VERSION = "防止两人同时修改时互相覆盖"
KEY = "随机编号，地址里看不出数量和先后"
MADE = "核对登记是否及时"
CHANGED = "核对修改是否及时"
UNTIL = "到这一天删除"

# Every stored field and what it is needed for. A field that is not here fails the tests.
PURPOSES: dict[str, dict[str, str]] = {
    "official": {
        "id": KEY,
        "sealed": "姓名、单位、职务：找到要访的家庭（加密）",
        "account": "本人有账号时，不让本人看到自己家的记录",
        "officer": "由谁负责，也只有负责人、家访人和室负责人能看",
        "risk": "岗位风险等级决定间隔",
        "registered_on": "从未家访的，从登记日起算",
        "last_visit_on": "上次家访日期决定下次何时到期",
        "expires_on": UNTIL,
        "demonstration": "区分示例数据",
        "version": VERSION,
        "created_at": MADE,
        "changed_at": CHANGED,
    },
    "visit": {
        "id": KEY,
        "official": "访谁家",
        "planned_on": "约定哪天去",
        "visitor": "谁去",
        "companion": "两人同行，互相作证",
        "state": "去没去",
        "cancelled": "没去成的原因，只从几个词里选",
        "held_on": "哪天去的，下次间隔从这天起算",
        "sealed": "“五个一”各谈了什么（加密）",
        "expires_on": UNTIL,
        "version": VERSION,
        "created_at": MADE,
        "changed_at": CHANGED,
    },
    "need": {
        "id": KEY,
        "visit": "哪次家访提出的",
        "sealed": "诉求是什么、怎么答复的（加密）",
        "owner": "谁负责办",
        "due_on": "何时答复家属",
        "state": "办到哪一步",
        "outcome": "解决、部分解决，还是说明了理由",
        "told_on": "哪天告诉了家属",
        "settled_by": "谁办的，回访须由另一人做",
        "confirmed_by": "谁回访的",
        "closed_on": "哪天办结",
        "returned": "回访不认可、退回重办的次数",
        "expires_on": UNTIL,
        "version": VERSION,
        "created_at": MADE,
        "changed_at": CHANGED,
    },
}
