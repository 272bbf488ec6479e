"""Words of the assessment (values are stored, labels are shown and translated)."""

from hongtu.engines.vocabulary import Labelled


class SchemeState(Labelled):
    """Two steps by two people: one proposes, with a simulation; another adopts."""

    DRAFT = "draft", "起草中"
    PROPOSED = "proposed", "待审定"
    ADOPTED = "adopted", "已施行"
    REFUSED = "refused", "未通过"


class Formula(Labelled):
    """How points come out of the facts of an indicator."""

    SHARE = "share", "按完成比例得分"
    COMPLEMENT = "complement", "按未发生比例得分"
    DECAY = "decay", "按平均值递减"


class Decision(Labelled):
    ASKED = "asked", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class Charge(Labelled):
    """The life of a finding of falsified data."""

    REPORTED = "reported", "待核实"
    CONFIRMED = "confirmed", "已认定"
    DISMISSED = "dismissed", "不成立"
    APPEALED = "appealed", "申诉中"
    UPHELD = "upheld", "申诉后维持"
    QUASHED = "quashed", "申诉后撤销"


VETOING = frozenset({Charge.CONFIRMED, Charge.APPEALED, Charge.UPHELD})
"""An appeal does not suspend the veto; only its success lifts it."""


class ObjectionState(Labelled):
    OPEN = "open", "待答复"
    ACCEPTED = "accepted", "成立"
    REJECTED = "rejected", "不成立"


class Standing(Labelled):
    """What a score amounts to."""

    GOOD = "good", "良好"
    PASS = "pass", "合格"
    POOR = "poor", "不合格"
    VETOED = "vetoed", "一票否决"
    UNRANKED = "unranked", "不参加排名"


class Change(Labelled):
    """Why a score differs between two rankings."""

    SCHEME = "scheme", "办法不同"
    RECORDS = "records", "记录不同"
    BOTH = "both", "办法和记录都不同"
    ADJUSTMENT = "adjustment", "加减分不同"
    SCALE = "scale", "适用项变化"
    VETO = "veto", "一票否决"
    APPEARED = "appeared", "新参加考核"
    LEFT = "left", "不再参加考核"
