"""Steps of before get the matters that their names were read as until now."""

from django.db import migrations
from django.db.models import F, Q

# Words in the names of the steps of the standard templates, and the matters they stood for.
NAMES = {
    "P07": ("可研",),
    "P04": ("用地预审",),
    "P12": ("划拨",),
    "P14": ("摘地", "出让合同"),
    "P09": ("备案与摘地", "备案与土地出让"),
    "P15": ("用规证", "用地规划许可"),
    "P16": ("不动产证",),
    "P19": ("环评",),
    "P05": ("节能",),
    "P20": ("水保",),
    "P34": ("初步设计",),
    "P37": ("工程规划许可", "工规证"),
    "P45": ("施工招标",),
    "P48": ("施工许可",),
    "P61": ("五方验收",),
    "P63": ("消防验收",),
    "P69": ("联合验收",),
    "P70": ("竣工验收备案", "竣工备案"),
    "P71": ("正式供水", "供水供电"),
    "P72": ("排水接入",),
    "P75": ("管养", "移交"),
}


def link(apps, schema_editor):
    steps = apps.get_model("chains", "Step").objects
    named = Q()
    for words in NAMES.values():
        for word in words:
            named |= Q(name__contains=word)
    for name in steps.filter(named, matters="").values_list("name", flat=True).distinct():
        codes = [code for code, words in NAMES.items() if any(word in name for word in words)]
        # a trigger refuses a change that does not raise the version
        steps.filter(name=name, matters="").update(matters=" ".join(sorted(codes)), version=F("version") + 1)


class Migration(migrations.Migration):
    dependencies = [("chains", "0008_approval_matters_of_steps")]

    operations = [migrations.RunPython(link, migrations.RunPython.noop, elidable=True)]
