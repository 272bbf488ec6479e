"""A form field for photos, several at once, as a phone's camera gives them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import ClearableFileInput
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.problems.evidence import Photo, clean

PHOTOS_MOST = 3


class Photos(ClearableFileInput):
    """Several photos, from the camera on a phone."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp"})
        self.needs_multipart_form = True

    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Cleans to a list of re-encoded photos; a file that is no photo is named."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        files = [f for f in (data if isinstance(data, list | tuple) else [data]) if f]
        if not files:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > PHOTOS_MOST:
            raise forms.ValidationError(_("最多 %d 张照片。") % PHOTOS_MOST, code="many")
        found = []
        for file in files:
            try:
                found.append(clean(file))
            except InvalidInput as refusal:
                raise forms.ValidationError(f"{file.name}：{refusal.message}", code=refusal.code) from refusal
        return found
