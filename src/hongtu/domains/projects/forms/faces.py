"""The form of an upload of work faces."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from hongtu.domains.projects.actions.faces import MOST_BYTES
from hongtu.domains.projects.models import Project


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
        self.fields["project"].queryset = projects.order_by("pinyin")  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(gettext_now("文件超过5兆，请分开上传。"))
        return file
