"""Pinyin keys, stored beside names: not every PostgreSQL has ICU, and people search by initials."""

from pypinyin import Style, lazy_pinyin


def sort_key(text: str) -> str:
    """Toneless pinyin of every character, a space after each syllable: sorts as a dictionary does."""
    return " ".join(lazy_pinyin(text.strip().lower()))


def initials(text: str) -> str:
    """First letter of each syllable (`红谷滩` -> `hgt`); letters and digits stay."""
    return "".join(lazy_pinyin(text.strip().lower(), style=Style.FIRST_LETTER)).replace(" ", "")
