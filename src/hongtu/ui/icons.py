"""The few icons of controls, as SVG path data in a 16 x 16 box, drawn with a 1.5 px line."""

from __future__ import annotations

from functools import cache

ICONS: dict[str, str] = {
    "search": "M7 2.5A4.5 4.5 0 1 0 7 11.5A4.5 4.5 0 1 0 7 2.5ZM10.4 10.4L14 14",
    "plus": "M8 3V13M3 8H13",
    "close": "M3.5 3.5L12.5 12.5M12.5 3.5L3.5 12.5",
    "check": "M2.5 8.5L6.2 12.2L13.5 4",
    "down": "M4 6L8 10L12 6",
    "right": "M6 4L10 8L6 12",
    "left": "M10 4L6 8L10 12",
    "sort": "M5 6L8 3L11 6M5 10L8 13L11 10",
    "ascending": "M4 10L8 5L12 10",
    "descending": "M4 6L8 11L12 6",
    "download": "M8 2V10M4.5 7L8 10.5L11.5 7M2.5 13.5H13.5",
    "upload": "M8 11V2.5M4.5 6L8 2.5L11.5 6M2.5 13.5H13.5",
    "filter": "M2 3.5H14L9.5 8.5V13L6.5 11.5V8.5Z",
    "edit": "M10.5 3L13 5.5L5.5 13H3V10.5Z",
    "print": "M4.5 6V2.5H11.5V6M4.5 11.5H2.5V6H13.5V11.5H11.5M4.5 9.5H11.5V13.5H4.5Z",
    "screen": "M2 3H14V11H2ZM5.5 13.5H10.5",
    "table": "M2.5 3H13.5V13H2.5ZM2.5 6.5H13.5M2.5 9.8H13.5M6.5 3V13",
    "menu": "M2.5 4H13.5M2.5 8H13.5M2.5 12H13.5",
    "user": "M8 2.5A2.75 2.75 0 1 0 8 8A2.75 2.75 0 1 0 8 2.5ZM2.8 13.8C3.4 11 5.5 10 8 10S12.6 11 13.2 13.8",
    "language": "M8 2A6 6 0 1 0 8 14A6 6 0 1 0 8 2ZM2 8H14M8 2C5 5.5 5 10.5 8 14C11 10.5 11 5.5 8 2",
    "type": "M2 4.5V3H9V4.5M5.5 3V13M4 13H7M9 8V7H14V8M11.5 7V13M10.5 13H12.5",
    "info": "M8 2A6 6 0 1 0 8 14A6 6 0 1 0 8 2ZM8 7.2V11.2M8 4.8V5.2",
    "error": "M8 2A6 6 0 1 0 8 14A6 6 0 1 0 8 2ZM8 4.8V8.8M8 10.8V11.2",
    "pin": (
        "M8 14.5C5 11 3.5 8.6 3.5 6.4A4.5 4.5 0 1 1 12.5 6.4C12.5 8.6 11 11 8 14.5Z"
        "M8 4.8A1.6 1.6 0 1 0 8 8A1.6 1.6 0 1 0 8 4.8Z"
    ),
    "clock": "M8 2A6 6 0 1 0 8 14A6 6 0 1 0 8 2ZM8 4.5V8L10.5 9.5",
    "bell": "M4 11V7A4 4 0 0 1 12 7V11L13.5 12.5H2.5ZM6.5 14.2H9.5M8 3V1.8",
    "link": (
        "M6.5 9.5L9.5 6.5M7 5L8.8 3.2A2.8 2.8 0 0 1 12.8 7.2L11 9M9 11L7.2 12.8A2.8 2.8 0 0 1 3.2 8.8L5 7"
    ),
}


@cache
def icon_svg(name: str) -> str:
    """Inline SVG of an icon, hidden from screen readers; ``KeyError`` for an unknown name."""
    return (
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" '
        f'stroke-linejoin="round" d="{ICONS[name]}"/></svg>'
    )
