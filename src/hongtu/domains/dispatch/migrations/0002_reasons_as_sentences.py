from django.db import migrations

from hongtu.kernel.base.sentence_migration import TextToSentence
from hongtu.kernel.base.sentences import SentenceField


CAUSES = (
    "%(clock)s%(since)s已过",
    "计划%(since)s完成，尚未完成，关键节点总时差%(float)d，承诺日期将失守",
    "计划%(since)s完成，尚未完成",
)
REASONS = (
    "%(what)s，直接提至%(level)d级",
    "%(what)s，满%(after)d个工作日，提至%(level)d级",
    "%(meeting)s提请：%(why)s",
)
EXPLANATIONS = (
    "会上提出",
    "%(meeting)s议定，时限%(due)s，现%(state)s，超期%(days)d个工作日",
    "滞后%(late)d个工作日，总时差%(float)s，计划%(planned)s完成",
    *REASONS,
)
PATHS = (
    "审批并联办理、容缺受理，明确一名专人盯办",
    "业主约谈施工单位，增投班组、调整工序，日报进度",
    "业主限期补齐资料和资金，服务专员上门帮办",
    "责任单位当面说明原因，重新明确时限；再次未落实的通报",
    "牵头单位召集相关方现场会商，一次定责任、定时限、定路径",
)
CLOCKS = ("甄别时限", "交办时限", "签收时限", "措施时限", "办结时限", "复核时限", "回访时限", "挂起期限")
STATES = (
    "待甄别", "待交办", "待签收", "待报措施", "办理中", "待复核", "待回访", "已挂起", "已解决",
    "已答复未解决", "不合理诉求", "不予受理", "已并件", "已拆分",
)  # fmt: skip
WITHIN = {"what": CAUSES, "clock": CLOCKS, "state": STATES}


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]

    operations = [
        TextToSentence(
            "agendaitem", "explanation", SentenceField(verbose_name="上会原因"), EXPLANATIONS, WITHIN
        ),
        TextToSentence(
            "agendaitem", "path", SentenceField(blank=True, verbose_name="建议路径"), PATHS, WITHIN
        ),
        TextToSentence("escalation", "reason", SentenceField(verbose_name="说明"), REASONS, WITHIN),
        TextToSentence(
            "agendaitemevent", "explanation", SentenceField(verbose_name="上会原因"), EXPLANATIONS, WITHIN
        ),
        TextToSentence(
            "agendaitemevent", "path", SentenceField(blank=True, verbose_name="建议路径"), PATHS, WITHIN
        ),
        TextToSentence("escalationevent", "reason", SentenceField(verbose_name="说明"), REASONS, WITHIN),
    ]
