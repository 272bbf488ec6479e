"""Compiled catalogues: made where they are needed, never checked in.

Sources are Chinese, so Chinese needs no catalogue; English stands in one ``.po`` file for each
package (``<package>/locale/en/LC_MESSAGES/django.po``). Django reads ``.mo`` files only. They are
compiled at start-up when missing or older than their source, with pure Python, because a newcomer's
machine has no GNU gettext.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import polib

log = logging.getLogger(__name__)


def catalogues(root: Path) -> list[Path]:
    """Every ``.po`` file below ``root``, in a fixed order."""
    return sorted(root.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_catalogues(root: Path) -> list[Path]:
    """Compile what is missing or out of date; return the ``.mo`` files written.

    Written to a file of its own and renamed, so that two processes starting at once do no harm. In a
    read-only installation the compiled files come with the package; when they do not, a warning says
    that pages stay Chinese.
    """
    written = []
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        unfinished = target.with_suffix(f".{os.getpid()}.mo.tmp")
        try:
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            os.replace(unfinished, target)
        except PermissionError:
            log.warning("UI-TRANSLATION-READONLY: cannot write %s; English pages will show Chinese", target)
            continue
        written.append(target)
    return written
