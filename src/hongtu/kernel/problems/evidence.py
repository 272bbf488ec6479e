"""Photos as evidence: opened, checked, turned upright, scaled and written anew, so that nothing hidden in the
file (position, device, a second payload) survives."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.problems.vocab import Refusal

MEGABYTES = 12
PIXELS = 60_000_000
LONGEST_SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Photo:
    """A clean JPEG."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean(file: IO[bytes], field: str = "photo") -> Photo:
    """The photo in a file, re-encoded. InvalidInput names the field when it is too large or no photo."""
    raw = file.read(MEGABYTES * 1024 * 1024 + 1)
    if len(raw) > MEGABYTES * 1024 * 1024:
        raise _refused(Refusal.PHOTO_TOO_LARGE, field)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.open(io.BytesIO(raw), formats=FORMATS).verify()
            picture = Image.open(io.BytesIO(raw), formats=FORMATS)
            if picture.width * picture.height > PIXELS:
                raise _refused(Refusal.PHOTO_TOO_LARGE, field)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ):
        raise _refused(Refusal.PHOTO_UNREADABLE, field) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size)  # pixels only: no EXIF, no colour profile, no comment
    plain.paste(upright)
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=85, optimize=True)
    return Photo(written.getvalue(), plain.width, plain.height)


def _refused(why: Refusal, field: str) -> InvalidInput:
    text = _(why.label) % {"megabytes": MEGABYTES}
    return InvalidInput(text, code=why.value, fields={field: [text]})
