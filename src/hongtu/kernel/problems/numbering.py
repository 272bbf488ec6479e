"""One numbering for problems, orders, tickets and consultation items: gap-free within a year."""

from django.db import connection

from hongtu.kernel.access.roles import Confidentiality

_SERIES = {Confidentiality.RESTRICTED: "X", Confidentiality.CONFIDENTIAL: "M"}


def draw(year: int, confidentiality: int = Confidentiality.INTERNAL) -> str:
    """The next number, `2025-000123`; above INTERNAL from a series of its own (`2025-M00001`).

    Call it inside the transaction that writes the item: the row of the series stays locked until then, so a
    roll-back gives the number back and no number is skipped.
    """
    series = _SERIES.get(Confidentiality(confidentiality), "")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO problem_spine_numberseries (year, series, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (year, series) DO UPDATE SET last = problem_spine_numberseries.last + 1 "
            "RETURNING last",
            [year, series],
        )
        (last,) = cursor.fetchone()
    return f"{year}-{series}{last:0{6 - len(series)}}"
