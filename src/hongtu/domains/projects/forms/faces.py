"""Forms of work faces: an upload, and one face changed by hand."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from hongtu.domains.projects import queries, vocab
from hongtu.domains.projects.actions.faces import MOST_BYTES
from hongtu.domains.projects.forms import VersionedForm, date_field
from hongtu.domains.projects.models import Project, WorkFace
from hongtu.kernel.base.choices import choices
from hongtu.kernel.chains.models import Step
from hongtu.kernel.coordinates import Crs, convert_geometry
from hongtu.ledger import places
from hongtu.ui.offers import offer


class FacesUploadForm(forms.Form):
    """A GeoJSON file; the project only where the file does not name one of the ledger."""

    file = forms.FileField(
        label=_("GeoJSON文件"),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("项目"),
        required=False,
        help_text=_("文件只有一个项目、又没有写台账里的代码或名称时选择"),
    )
    replace = forms.BooleanField(
        label=_("替换这些项目原有的作业面"),
        required=False,
        help_text=_("不勾选：编号相同的更新，其余保留"),
    )

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "project", projects.order_by("pinyin"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(gettext_now("文件超过5兆，请分开上传。"))
        return file


class FaceForm(VersionedForm):
    """One work face: its ground on the map, its window, its access, and the reason of a change."""

    name = forms.CharField(label=_("名称"), max_length=200)
    kind = forms.ChoiceField(label=_("用途"), choices=choices(vocab.FaceKind))
    access = forms.ChoiceField(label=_("占用方式"), required=False)
    start = date_field(_("开始"), required=True)
    finish = date_field(_("结束"), required=True)
    earliest = date_field(_("最早可开始"))
    latest_finish = date_field(_("最迟结束"))
    width_m = forms.FloatField(
        label=_("宽度（米）"), min_value=0, required=False, help_text=_("线状占地填写")
    )
    radius_m = forms.FloatField(
        label=_("半径（米）"), min_value=0, required=False, help_text=_("点状占地填写")
    )
    clearance_m = forms.FloatField(label=_("安全距离（米）"), min_value=0, required=False)
    delay_cost_per_day = forms.DecimalField(
        label=_("每天窝工损失（元）"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    step = forms.ModelChoiceField(Step.objects.none(), label=_("链条事项"), required=False)
    fixed = forms.BooleanField(label=_("不可调整"), required=False)
    elastic = forms.BooleanField(label=_("可延长"), required=False)
    reason = forms.CharField(label=_("调整理由"), max_length=400)

    def __init__(self, *args: Any, face: WorkFace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.face = face
        by_use = [("", gettext_now("按用途"))]
        offer(self, "access", [*by_use, *choices(vocab.FaceAccess)])
        chain = queries.chain_of(face.project)
        steps: Any = self.fields["step"]
        steps.queryset = chain.steps.order_by("sequence") if chain else Step.objects.none()
        steps.label_from_instance = lambda step: f"{step.sequence}. {step.name}"
        for name, field in self.fields.items():
            if name not in ("version", "reason"):
                field.initial = getattr(face, name)
        self.fields["version"].initial = face.version
        many = face.geometry is not None and face.geometry["type"] not in places.SHOWN
        text = _("现有范围由多块组成，图上不能改；不填则保持不变") if many else _("可在图上点，也可直接填写")
        position = places.control(label=_("范围"), required=False, help_text=text)
        position.initial = places.drawn(face.geometry)
        self.fields = {"version": self.fields.pop("version"), "position": position, **self.fields}

    def changes(self) -> dict[str, Any]:
        """What differs from the face as it was read; ground in WGS84."""
        given = self.cleaned_data
        skipped = ("version", "reason", "position")
        found = {name: value for name, value in given.items() if name not in skipped}
        found |= {name: found[name] or 0 for name in ("width_m", "radius_m", "clearance_m")}
        found["delay_cost_per_day"] = found["delay_cost_per_day"] or 0
        found = {name: value for name, value in found.items() if getattr(self.face, name) != value}
        if "position" in self.changed_data:
            position = given["position"]
            found["geometry"] = (
                None
                if position is None
                else convert_geometry(position.geometry(), cast(Crs, position.system))
            )
        return found
