"""Words of the indicators (values are stored, labels are shown and translated). No framework here."""

from hongtu.engines.vocabulary import Labelled


class Subject(Labelled):
    """Who is assessed; the four are scored apart, since they do different work."""

    OWNER = "owner", "项目单位"
    RESPONSIBLE = "responsible", "责任单位"
    OFFICE = "office", "审批部门"
    SUBDISTRICT = "subdistrict", "街道（镇）"


class Measure(Labelled):
    """What the value and the weight of a fact are counted in."""

    MONEY = "money", "万元"
    ITEMS = "items", "项"
    WEIGHT = "weight", "权重"
    DAYS = "days", "天"
    SHARE = "share", "比例"
