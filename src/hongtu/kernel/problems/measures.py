"""Response, solved, satisfied: each with both denominators, each opening to the rows it counts.

What is counted are reports as they were made (`origin`), at the date on which they were made and against
their
first deadline, so that splitting, merging, re-dating, extending or closing unsolved raises nothing:

- response: contacted by `respond_by`, of all whose time to respond is over or who were contacted;
- solved: outcome solved, of all that fell due or ended; and of the same without those excluded by two-level
review;
- in_time: solved by the first deadline, same denominators;
- satisfied: reporters of ended reports who said satisfied or basically satisfied, of all of them; and of
those who
  answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from hongtu.kernel.problems.models import Problem, Reporter
from hongtu.kernel.problems.vocab import Outcome, Satisfaction


@dataclass(frozen=True)
class Rate:
    """`counted` of `whole`; `narrow` is the other denominator, with `narrow_words` in the page."""

    key: str
    counted: int
    whole: int
    narrow: int

    @property
    def of_whole(self) -> float | None:
        return self.counted / self.whole if self.whole else None

    @property
    def of_narrow(self) -> float | None:
        return self.counted / self.narrow if self.narrow else None


def conditions(at: datetime) -> dict[str, Q]:
    """The rows behind each number, by name; the pages and the drill-down use the same."""
    due = Q(first_due_at__lte=at) | ~Q(outcome=Outcome.OPEN)
    must = Q(respond_by__lte=at) | Q(contacted_at__isnull=False)
    contacted = Q(contacted_at__isnull=False, contacted_at__lte=F("respond_by"))
    excluded = Q(outcome=Outcome.EXCLUDED)
    return {
        "all": Q(),
        "response": must & contacted,
        "response_whole": must,
        "response_narrow": must & ~excluded,
        "solved": due & Q(outcome=Outcome.SOLVED),
        "solved_whole": due,
        "solved_narrow": due & ~excluded,
        "in_time": due & Q(solved_in_time=True),
        "in_time_whole": due,
        "in_time_narrow": due & ~excluded,
        "excluded": excluded,
        "open": Q(outcome=Outcome.OPEN),
        "overdue": Q(outcome=Outcome.OPEN, first_due_at__lt=at),
        "not_solved": Q(outcome=Outcome.NOT_SOLVED),
        "redone": Q(redone__gt=0),
        "disputed": Q(disputes__gt=0),
    }


GOOD = (Satisfaction.SATISFIED, Satisfaction.BASICALLY)
_ENDED = ~Q(problem__outcome=Outcome.OPEN)
ANSWERS = {
    "satisfied": _ENDED & Q(satisfaction__in=GOOD),
    "satisfied_whole": _ENDED,
    "satisfied_narrow": _ENDED & ~Q(satisfaction=Satisfaction.NONE),
}


def origins(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """The reports as they were made, without the parts that came of splitting."""
    return problems.filter(origin=True)


def counts(problems: QuerySet[Problem], at: datetime) -> dict[str, int]:
    """Every number of `conditions`, in one query."""
    asked = {f"n_{name}": Count("pk", filter=where) for name, where in conditions(at).items() if where}
    found = origins(problems).order_by().aggregate(n_all=Count("pk"), **asked)
    return {name[2:]: value for name, value in found.items()}


def grouped(problems: QuerySet[Problem], at: datetime) -> list[dict[str, Any]]:
    """Every number of `conditions` for each pair of sub-district and first responsible office: one reading
    of the rows, out of which the page adds up all its tables."""
    asked = {f"n_{name}": Count("pk", filter=where) for name, where in conditions(at).items() if where}
    pairs = origins(problems).order_by().values("subdistrict", "lead_unit")
    return [dict(pair) for pair in pairs.annotate(n_all=Count("pk"), **asked)]


def summed(groups: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The numbers of `conditions` over some groups."""
    found: Counter[str] = Counter(dict.fromkeys(conditions(datetime.min), 0))
    for group in groups:
        found.update({name[2:]: n for name, n in group.items() if name.startswith("n_")})
    return dict(found)


def reporters(problems: QuerySet[Problem]) -> QuerySet[Reporter]:
    """Who made these reports."""
    return Reporter.objects.filter(problem__in=origins(problems).order_by().values("pk"))


def answers(problems: QuerySet[Problem]) -> dict[str, int]:
    """The numbers of `ANSWERS` over the reporters of these problems, in one query."""
    return reporters(problems).aggregate(
        **{name: Count("pk", filter=where) for name, where in ANSWERS.items()}
    )


def rates_of(found: Mapping[str, int]) -> dict[str, Rate]:
    """The four rates by name, out of the numbers of `conditions` and `ANSWERS`."""
    keys = ("response", "solved", "in_time", "satisfied")
    return {key: Rate(key, found[key], found[f"{key}_whole"], found[f"{key}_narrow"]) for key in keys}


def rates(problems: QuerySet[Problem], at: datetime) -> tuple[dict[str, Rate], dict[str, int]]:
    """The four rates by name, and every count."""
    found = {**counts(problems, at), **answers(problems)}
    return rates_of(found), found


def score(rates: Mapping[str, Rate], weights: Mapping[str, Any]) -> float | None:
    """The weighted score of rule `problems.measures`, over the whole denominators; None while nothing is due.
    A reporter who did not answer counts as not satisfied here: silence is no praise."""
    parts = [(rates[key].of_whole, float(weight)) for key, weight in weights.items() if key in rates]
    known = [(share, weight) for share, weight in parts if share is not None]
    return sum(s * w for s, w in known) / sum(w for _s, w in known) if known else None
