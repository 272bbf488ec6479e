"""Forms of the pages a ledger cannot express."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongtu.domains.visits import vocab
from hongtu.domains.visits.models import Pairing
from hongtu.kernel.base.choices import choices
from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger.photos import PhotosField
from hongtu.ui.offers import offer


class DayForm(forms.Form):
    """Whose day, and which."""

    leader = forms.ModelChoiceField(Person.objects.none(), label=_("区领导"))
    on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, leaders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "leader", leaders)


class AddDueForm(forms.Form):
    """Assigned projects to put on the day."""

    pairings = forms.ModelMultipleChoiceField(
        Pairing.objects.none(), label=_("到期的挂点项目"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, due: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "pairings", due)


class HoldForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(label=_("走访记录"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    photos = PhotosField(label=_("现场照片"), required=False, help_text=_("最多 3 张，可再次添加"))


class CancelForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("取消理由"), max_length=200)


class FindingForm(forms.Form):
    """Quick entry at the spot: one line is enough for the list, two more when it is solved there."""

    name = forms.CharField(label=_("发现的问题"), max_length=120)
    disposal = forms.ChoiceField(
        label=_("处置"), choices=choices(vocab.Disposal), initial="listed", widget=forms.RadioSelect
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("交给哪个单位"),
        required=False,
        help_text=_("列入清单时可直接交办；不填则由受理单位甄别"),
    )
    solution = forms.CharField(
        label=_("现场怎么解决的"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    confirmed_by = forms.CharField(
        label=_("现场确认人"),
        required=False,
        max_length=60,
        help_text=_("在场的业主、社区或施工方，不是记录人自己"),
    )
    photos = PhotosField(label=_("照片"), required=False, help_text=_("最多 3 张，可直接拍照"))
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(kind__in=("department", "subdistrict")).order_by("pinyin")
        offer(self, "unit", units)
