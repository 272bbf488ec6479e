"""XML in the encodings people save it in: the parser knows four, Chinese programs also write GBK and Big5."""

from __future__ import annotations

import codecs
import re

from .errors import refuse

_DECLARED = re.compile(rb"""\A(<\?xml[^>]*?encoding\s*=\s*)(["'])([A-Za-z0-9._:-]+)\2""")
_PARSED = {"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1"}
_MARK = codecs.BOM_UTF8


def in_utf8(name: str, data: bytes) -> bytes:
    """XML in UTF-8 (or what the parser reads by itself); other content as it is.

    Raises `schedule-file.encoding-wrong` when the text is not in the encoding it declares, or in none known.
    """
    head = data.removeprefix(_MARK).lstrip()
    if not head.startswith(b"<"):
        return data
    found = _DECLARED.match(head)
    declared = found[3].decode("ascii").lower() if found else "utf-8"
    if declared in _PARSED - {"utf-8"}:
        return data
    try:
        text = head.decode(declared)
    except LookupError as fault:
        raise refuse("schedule-file.encoding-wrong", file=name, encoding=declared, at=0) from fault
    except UnicodeDecodeError as fault:
        raise refuse(
            "schedule-file.encoding-wrong", file=name, encoding=declared, at=fault.start + 1
        ) from fault
    if found is None or declared == "utf-8":
        return data
    return found[1] + found[2] + b"UTF-8" + text[found.end() - 1 :].encode("utf-8")
