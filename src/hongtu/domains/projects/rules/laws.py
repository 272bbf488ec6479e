"""From a chain step to the approval matters it carries out, and so to a law."""

from collections.abc import Iterable, Mapping

Matter = Mapping[str, str]


def matters_of(codes: str, matters: Iterable[Matter]) -> list[Matter]:
    """The matters that a step names by their codes, in the order of the district's list."""
    wanted = set(codes.split())
    return [row for row in matters if row["code"] in wanted]


def unknown_codes(codes: str, matters: Iterable[Matter]) -> list[str]:
    """Codes that are not in the district's list."""
    known = {row["code"] for row in matters}
    return [code for code in codes.split() if code not in known]


def matters_named(name: str, matters: Iterable[Matter]) -> str:
    """Codes of the matters of which a step bears the very name: what an imported file can tell."""
    return " ".join(row["code"] for row in matters if row["name"] == name.strip())
