"""One form for every text before it is compared: width, case, script, control characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

# Everything that prints nothing: C0 and C1 controls except tab and line ends, zero-width and direction
# marks, the byte-order mark, lone surrogates. NUL would cut the text short in engines written in C.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")


def strip_controls(text: str) -> str:
    """The text without NUL, control, zero-width and direction characters."""
    return _CONTROLS.sub("", text)


@lru_cache(maxsize=1)
def _traditional() -> dict[str, str]:
    """Traditional characters to simplified ones, from the OpenCC dictionary, one character to one."""
    source = resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    table: dict[str, str] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        character, _, targets = line.partition("\t")
        target = targets.split(" ")[0]
        if len(character) == 1 and len(target) == 1 and character != target:
            table[character] = target
    return table


class _OneToOne(dict[int, str]):
    """Table for ``str.translate`` that fills itself: a character to its canonical single character."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        folded = unicodedata.normalize("NFKC", character).casefold()
        if len(folded) != 1:  # a ligature or a circled number: keep its place in the text
            folded = character
        folded = _traditional().get(folded, folded)
        if len(self) < 70_000:
            self[point] = folded
        return folded


_ALIGNED = _OneToOne()


def normalise(text: str) -> str:
    """Canonical form for comparison: NFKC, simplified characters, lower case, single spaces.

    Never raises for a str of any length or content; the result may be empty.
    """
    cleaned = unicodedata.normalize("NFKC", strip_controls(text))
    return _SPACE.sub(" ", strip_controls(cleaned.translate(_ALIGNED))).strip()


def aligned(text: str) -> str:
    """Canonical form of the same length as ``text``: position i stands for position i (for snippets)."""
    return text.translate(_ALIGNED)


def code_points(text: str) -> npt.NDArray[np.int64]:
    """The text as an array of code points."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4").astype(np.int64)


def is_han(points: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which code points are Chinese characters."""
    return ((points >= 0x3400) & (points <= 0x9FFF)) | ((points >= 0x20000) & (points <= 0x323AF))
