"""The components as template tags. ``{% load ui_tags %}``; every one is live at ``/ui/gallery/``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hongtu.ui import icons
from hongtu.ui import status as statuses
from hongtu.ui.components import Cell, Change, Column, Entry, Figure, Progress, Tab, Table, Text

register = template.Library()
NO_VALUE = mark_safe('<span class="no-value">—</span>')
BUTTON_KINDS = ("", "primary", "danger", "quiet")


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon "search" %}``"""
    return mark_safe(icons.icon_svg(name))  # noqa: S308 - made of constants


@register.simple_tag
def status(key: str, detail: Text = "", tag: bool = False) -> SafeString:
    """``{% status "late" "4 个工作日" %}``: shape, word, detail; ``tag=True`` on a light ground."""
    seen = statuses.look(key)
    word, extra = str(seen.word), str(detail)
    if extra.lower().startswith(word.lower()):  # “滞后” + “滞后 4 个工作日” says it once
        extra = extra[len(word) :].strip()
    return format_html(
        '<span class="{}status status-{}">{}<span>{}</span>{}</span>',
        "tag " if tag else "",
        statuses.Status(key).value,
        mark_safe(statuses.shape_svg(key)),  # noqa: S308 - made of constants
        word,
        format_html('<span class="status-detail">{}</span>', extra) if extra else "",
    )


@register.simple_tag
def shaped(key: str, word: Text, tag: bool = False) -> SafeString:
    """``{% shaped "done" "已签字" %}``: the shape of a status beside a word of one's own, where the status's
    word would say something else."""
    return format_html(
        '<span class="{}status status-{}">{}<span>{}</span></span>',
        "tag " if tag else "",
        statuses.Status(key).value,
        mark_safe(statuses.shape_svg(key)),  # noqa: S308 - made of constants
        word,
    )


@register.inclusion_tag("ui/parts/legend.html")
def status_legend() -> dict[str, Any]:
    """``{% status_legend %}``: every shape with its word."""
    return {"keys": [s.value for s in statuses.Status]}


@register.simple_tag
def button(
    label: Text,
    url: str = "",
    kind: str = "",
    icon: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    disabled: bool = False,
    opens: str = "",
    icon_only: bool = False,
    form: str = "",
) -> str:
    """``{% button "上报" kind="primary" %}``; a link with ``url``; ``opens`` names a dialog.

    A simple tag, so that ``{% button … as tools %}`` can be handed to a panel.
    """
    if kind not in BUTTON_KINDS:
        raise template.TemplateSyntaxError(f"button kind {kind!r} is none of {BUTTON_KINDS}")
    return render_to_string("ui/parts/button.html", {**locals(), "type": "button" if opens else type})


@register.inclusion_tag("ui/parts/figure.html")
def figure(
    label: Text | Figure, value: Text = "", unit: Text = "", note: Text = "", url: str = "", status: str = ""
) -> dict[str, Any]:
    """``{% figure "重大项目" 241 "个" url="/projects/" %}`` or ``{% figure record %}``."""
    if isinstance(label, Figure):
        return {"figure": label}
    return {"figure": Figure(label, value, unit, note, url, statuses.Status(status) if status else None)}


@register.simple_block_tag
def panel(
    content: str,
    title: Text = "",
    id: str = "",
    flush: bool = False,
    css: str = "",
    tools: str = "",
    count: int | None = None,
) -> str:
    """``{% panel "标题" %} … {% endpanel %}``; ``flush`` lets a table touch the edges;
    ``tools`` is HTML for the right end of the head (from ``{% button … as tools %}``)."""
    return render_to_string("ui/parts/panel.html", locals())


@register.simple_block_tag
def dialog(content: str, id: str, title: Text) -> str:
    """``{% dialog "confirm" "确认销号" %} … {% enddialog %}``; opened by ``{% button opens="confirm" %}``."""
    return render_to_string("ui/parts/dialog.html", locals())


@register.inclusion_tag("ui/parts/table.html")
def data_table(table: Table) -> dict[str, Any]:
    """``{% data_table table %}`` of a :class:`~hongtu.ui.components.Table`."""
    return {"table": table}


@register.simple_tag
def table_cell(column: Column, cell: Cell, total: bool = False) -> SafeString:
    """A cell of a data table. Written in Python: a page has hundreds, and an include for each is slow."""
    nothing = cell.text == "" or cell.text is None
    text: str | SafeString = conditional_escape(cell.text)  # type: ignore[arg-type]  # lazy text is text
    if cell.status:
        text = shaped(cell.status, cell.text) if cell.worded else status(cell.status, cell.text)
    elif nothing:
        text = "" if total else NO_VALUE
    elif column.kind == "long":
        text = format_html('<span class="clamp">{}</span>', text)
    if cell.url:
        text = format_html('<a href="{}">{}</a>', cell.url, text)
    if cell.fault:
        text = format_html('{}<span class="field-error">{}{}</span>', text, icon("error"), cell.fault)
    kind = f"{column.kind}{' frozen' if column.frozen else ''}{' faulty' if cell.fault else ''}"
    if column.frozen:
        return format_html('<th scope="row" class="{}">{}</th>', kind, text)
    return format_html('<td class="{}">{}</td>', kind, text)


@register.inclusion_tag("ui/parts/pagination.html")
def pagination(pages: Any) -> dict[str, Any]:
    """``{% pagination pages %}`` of :class:`~hongtu.ui.components.Pages`."""
    return {"pages": pages}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[Tab], label: Text = "") -> dict[str, Any]:
    """``{% tabs items "项目视图" %}``: links, the current one marked."""
    return {"tabs": items, "label": label or _("视图")}


@register.inclusion_tag("ui/parts/progress.html")
def progress(job: Progress, id: str = "progress") -> dict[str, Any]:
    """``{% progress job %}``: asks ``poll_url`` again each second until the job is done."""
    return {"job": job, "id": id}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Sequence[Entry]) -> dict[str, Any]:
    """``{% timeline entries %}``: newest first is the caller's choice."""
    return {"entries": entries}


@register.inclusion_tag("ui/parts/diff.html")
def diff(changes: Sequence[Change]) -> dict[str, Any]:
    """``{% diff changes %}``: field, before, after."""
    return {"changes": changes}


@register.inclusion_tag("ui/parts/empty.html")
def empty(
    title: Text, hint: Text = "", action: Text = "", url: str = "", heading: str = "h3"
) -> dict[str, Any]:
    """``{% empty "还没有项目" "从Excel台账导入" action="导入" url=… %}``"""
    return {"title": title, "hint": hint, "action": action, "url": url, "heading": heading}


@register.inclusion_tag("ui/parts/form_errors.html")
def form_errors(*given: forms.BaseForm) -> dict[str, Any]:
    """``{% form_errors form %}``: every error once at the top, each linking to its field."""
    faults = [
        (field.id_for_label, field.label, text)
        for form in given
        for field in form.visible_fields()
        for text in field.errors
    ]
    general = [text for form in given for text in form.non_field_errors()]
    hidden = [text for form in given for field in form.hidden_fields() for text in field.errors]
    return {"faults": faults, "general": [*general, *hidden]}


@register.inclusion_tag("ui/parts/form_field.html")
def form_field(field: forms.BoundField, unit: Text = "", wide: bool = False) -> dict[str, Any]:
    """``{% form_field form.name unit="万元" %}``: label, control, help, error beside the field."""
    widget = field.field.widget
    grouped = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return {
        "field": field,
        "unit": unit,
        "wide": wide or isinstance(widget, forms.Textarea),
        "grouped": grouped,
        "checkbox": isinstance(widget, forms.CheckboxInput),
        "upload": isinstance(widget, forms.FileInput),
    }


@register.inclusion_tag("ui/parts/form_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """``{% form_fields form %}``: all fields in two columns where there is room."""
    return {"form": form}


@register.inclusion_tag("ui/parts/filter_bar.html")
def filter_bar(form: forms.BaseForm, clear_url: str = "?", target: str = "") -> dict[str, Any]:
    """``{% filter_bar form %}``: a GET form, so that a filter is part of the address.

    A field named ``q`` or ``search`` comes first and grows; with ``target`` (a CSS selector) HTMX
    replaces that part only, and the address follows.
    """
    return {
        "form": form,
        "clear_url": clear_url,
        "target": target,
        "active": any(form.data.get(name) for name in form.fields),
    }


@register.inclusion_tag("ui/parts/watermark.html")
def watermark(text: Text) -> dict[str, Any]:
    """``{% watermark "张三 2026-01-01 09:00" %}``: who looked and when, faint over the page."""
    return {"text": text}
