from django.db import migrations

from hongtu.kernel.base.sentence_migration import TextToSentence
from hongtu.kernel.base.sentences import SentenceField


BASELINES = ("抢工前", "承诺日期调整前（%(day)s）", "%(what)s生效前")
REASONS = ("作业面协议 %(number)s",)


class Migration(migrations.Migration):
    dependencies = [("chains", "0004_calendars_of_files")]

    operations = [
        TextToSentence("baseline", "name", SentenceField(verbose_name="名称"), BASELINES, {"what": REASONS}),
        TextToSentence("stepdatechange", "reason", SentenceField(verbose_name="理由"), REASONS),
    ]
