"""The wall's filter: part of the address, so that a view can be sent to somebody."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hongtu.domains.projects import queries as projects
from hongtu.domains.projects import vocab
from hongtu.kernel.base.choices import choices
from hongtu.kernel.chains.vocab import Light
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.ui.offers import offer

ANY = [("", _("全部"))]


class WallFilter(forms.Form):
    """Filter by leader, unit, sub-district, field, light.

    The fields have the names of the ledger's own filters, so that the wall's address, handed to the
    ledger's list, opens exactly the rows that the wall counts.
    """

    q = forms.CharField(label=_("项目名称或拼音"), required=False)
    leader = forms.ChoiceField(label=_("挂点领导"), required=False)
    responsible_unit = forms.ChoiceField(label=_("责任单位"), required=False)
    subdistrict = forms.ChoiceField(label=_("街道（镇）"), required=False)
    kind = forms.ChoiceField(label=_("领域"), required=False, choices=[*ANY, *choices(vocab.Kind)])
    light = forms.ChoiceField(label=_("亮灯"), required=False, choices=[*ANY, *Light.choices])

    def __init__(self, data: Any, by: Person) -> None:
        super().__init__(data)
        visible = projects.projects(by).order_by()
        units = Unit.objects.filter(pk__in=visible.values("responsible_unit")).order_by("pinyin")
        subdistricts = Unit.objects.filter(kind=UnitKind.SUBDISTRICT).order_by("code")
        leaders = Person.objects.filter(pk__in=visible.values("leader")).order_by("pinyin")
        self._offer("responsible_unit", units)
        self._offer("subdistrict", subdistricts)
        self._offer("leader", leaders)

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        found = [(str(pk), label) for pk, label in rows.values_list("pk", "name")]
        offer(self, name, [*ANY, *found])

    def condition(self) -> Q:
        """The filter as a condition on projects; a value that is not offered filters everything out."""
        if not self.is_valid():
            return Q(pk__in=[])
        given = self.cleaned_data
        wanted = Q()
        if text := given["q"].strip():
            wanted &= Q(pk__in=projects.search(text).values("pk"))
        for name in ("leader", "responsible_unit", "subdistrict", "kind", "light"):
            if given[name]:
                wanted &= Q(**{name: given[name]})
        return wanted
