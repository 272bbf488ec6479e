"""Filters that write numbers, money, dates and lateness; see :mod:`hongtu.ui.formats`."""

from __future__ import annotations

from django import template

from hongtu.ui import formats

register = template.Library()
register.filter("grouped", formats.grouped)
register.filter("wan", formats.wan)
register.filter("yi", formats.yi)
register.filter("money", formats.money)
register.filter("percent", formats.percent)
register.filter("isodate", formats.isodate)
register.filter("lateness", formats.lateness)
register.filter("due", formats.due)
