"""Sounds of Chinese characters: toneless pinyin, confusable sounds made one, initials.

Confusions merged: retroflex and flat initials (zh/z, ch/c, sh/s), front and back nasal endings (ang/an,
eng/en, ing/in), and n/l, which Nanchang speakers do not tell apart. A character with several readings takes
its most usual one, in the index as in the question, so that both agree.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

INITIALS = "abcdefghijklmnopqrstuvwxyz"
_TABLE_SIZE = 0x10000
_RETROFLEX = re.compile("^([zcs])h")
_NASAL = re.compile("([aei])ng$")
_LATERAL = re.compile("^n(?=[aeiouv])")


@lru_cache(maxsize=1)
def _readings() -> dict[int, str]:
    """Toneless pinyin of every character that pypinyin knows (``ü`` written ``v``)."""
    from pypinyin.pinyin_dict import pinyin_dict

    plain: dict[str, str] = {}
    readings: dict[int, str] = {}
    for point, spelled in pinyin_dict.items():
        first = spelled.split(",", 1)[0]
        if first not in plain:
            marks = unicodedata.normalize("NFD", first).replace("u\u0308", "v")
            plain[first] = "".join(mark for mark in marks if "a" <= mark <= "z")
        readings[point] = plain[first]
    return readings


def pinyin(character: str) -> str:
    """Toneless pinyin of one character, empty if it has none."""
    return _readings().get(ord(character), "")


def merge_confusable(syllable: str) -> str:
    """One spelling for sounds that people mix up: ``shang`` -> ``san``, ``ning`` -> ``lin``."""
    return _LATERAL.sub("l", _NASAL.sub(r"\1n", _RETROFLEX.sub(r"\1", syllable)))


@lru_cache(maxsize=1)
def _sounds() -> dict[str, int]:
    merged = {merge_confusable(reading) for reading in _readings().values() if reading}
    return {sound: number for number, sound in enumerate(sorted(merged))}


@lru_cache(maxsize=1)
def fuzzy_table() -> npt.NDArray[np.int64]:
    """Sound number of each code point below 0x10000, -1 for what is not a Chinese character."""
    table = np.full(_TABLE_SIZE, -1, dtype=np.int64)
    sounds = _sounds()
    for point, reading in _readings().items():
        if 0x3400 <= point < 0xA000 and reading:
            table[point] = sounds[merge_confusable(reading)]
    return table


@lru_cache(maxsize=1)
def initial_table() -> npt.NDArray[np.int64]:
    """Number of the first letter of each character's pinyin; Latin letters stand for themselves."""
    table = np.full(_TABLE_SIZE, -1, dtype=np.int64)
    for point, reading in _readings().items():
        if 0x3400 <= point < 0xA000 and reading:
            table[point] = INITIALS.find(reading[0])
    for number, letter in enumerate(INITIALS):
        table[ord(letter)] = number
    return table


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(reading for reading in _readings().values() if reading)


def split_pinyin(word: str) -> list[int]:
    """Sound numbers of Latin letters read as pinyin (``hukou`` -> hu, kou); empty if they are none."""
    size = len(word)
    if size > 60:
        return []
    best: list[list[str] | None] = [None] * (size + 1)
    best[0] = []
    for end in range(1, size + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or word[start:end] not in _syllables():
                continue
            found = best[end]
            if found is None or len(before) + 1 < len(found):
                best[end] = [*before, word[start:end]]
    sounds = _sounds()
    return [sounds[merge_confusable(syllable)] for syllable in best[size] or []]
