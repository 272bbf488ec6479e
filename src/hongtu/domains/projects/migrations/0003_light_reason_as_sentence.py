from django.db import migrations

from hongtu.kernel.base.sentence_migration import TextToSentence
from hongtu.kernel.base.sentences import SentenceField


PATTERNS = (
    "经批准免责",
    "同一节点已调整计划 %(times)s 次",
    "已调整计划 %(times)s 次仍逾期",
    "报告期未填报，逾期 %(days)s 个工作日",
    "逾期 %(days)s 个工作日",
    "按现计划将误承诺日期 %(days)s 个工作日",
    "投资完成序时计划的 %(percent)s%%",
)


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_faces")]

    operations = [
        TextToSentence(
            "project",
            "light_reason",
            SentenceField(blank=True, editable=False, verbose_name="亮灯原因"),
            PATTERNS,
        ),
        TextToSentence(
            "projectevent",
            "light_reason",
            SentenceField(blank=True, editable=False, verbose_name="亮灯原因"),
            PATTERNS,
        ),
    ]
