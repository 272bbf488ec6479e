"""One form for every text before it is compared: width, case, script, control characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Everything that prints nothing: C0 and C1 controls except tab and line ends, zero-width and direction
# marks, the byte-order mark, lone surrogates. NUL would cut the text short in engines written in C.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_TRADITIONAL_RANGE = re.compile("[\u3400-\u9fff]")
_SPACE = re.compile(r"\s+")


def strip_controls(text: str) -> str:
    """The text without NUL, control, zero-width and direction characters."""
    return _CONTROLS.sub("", text)


@lru_cache(maxsize=1)
def _traditional_table() -> dict[int, str]:
    """Code points of traditional characters to simplified ones, from the OpenCC dictionaries."""
    import json
    from importlib import resources

    root = resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    table: dict[int, str] = {}
    for line in root.read_text(encoding="utf-8").splitlines():
        source, _, targets = line.partition("\t")
        target = targets.split(" ")[0]
        if len(source) == 1 and target and source != target:
            table[ord(source)] = target
    del json
    return table


def normalise(text: str) -> str:
    """Canonical form for comparison: NFKC, simplified characters, lower case, single spaces.

    Never raises for a str of any length or content; the result may be empty.
    """
    cleaned = unicodedata.normalize("NFKC", strip_controls(text))
    if _TRADITIONAL_RANGE.search(cleaned):
        cleaned = cleaned.translate(_traditional_table())
    return _SPACE.sub(" ", strip_controls(cleaned).casefold()).strip()
