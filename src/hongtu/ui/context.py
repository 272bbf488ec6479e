"""Context of every page: language, large type, and room for what the site adds.

The site puts ``navigation`` (a list of :class:`~hongtu.ui.components.NavItem`), ``data_date`` and
``district`` into the context by a processor of its own; this one only knows the visitor's preferences.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LARGE_TYPE_COOKIE = "hongtu_large_type"
HTML_LANGUAGES = {"zh-hans": "zh-CN", "zh-cn": "zh-CN"}


def words() -> dict[str, str]:
    """What the scripts say. They hold no text of their own and read it from ``#ui-words``."""
    return {
        "unfold": _("展开"),
        "fold": _("收起"),
        "dismiss": _("关闭"),
        "showTable": _("显示表格"),
        "showChart": _("显示图形"),
        "failed": _("没有成功，请稍后再试"),
        "offline": _("连接不上服务器，请检查网络"),
        "cluster": _("{n}处，点击放大"),
        "tooLarge": _("文件太大：{size}，上限{limit}"),
        "moved": _("位置已设为{place}"),
        "pin": _("图钉{n}"),
        "zoomIn": _("放大"),
        "zoomOut": _("缩小"),
    }


def chrome(request: HttpRequest) -> dict[str, Any]:
    """``ui``: language for ``<html lang>``, the other languages on offer, large type on or off."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "ui": {
            "lang": HTML_LANGUAGES.get(language, language),
            "language": language,
            "languages": settings.LANGUAGES,
            "large_type": request.COOKIES.get(LARGE_TYPE_COOKIE) == "1",
            "here": request.get_full_path(),
            "words": words(),
        }
    }
