"""Links of summary tasks, expressed between the tasks under them."""

from __future__ import annotations

from collections.abc import Mapping

from hongtu.engines.schedule.model import Relation, RelationType

from .errors import refuse

MOST_LINKS = 2_000_000
"""Relations between tasks at most, once those of summaries are written out."""


def leaves_of(parents: Mapping[str, str | None], summaries: set[str]) -> dict[str, list[str]]:
    """For every summary the tasks under it, at any depth, that are no summaries themselves."""
    leaves: dict[str, list[str]] = {summary: [] for summary in summaries}
    for task in parents:
        if task in summaries:
            continue
        above = parents[task]
        while above is not None:
            if above in leaves:
                leaves[above].append(task)
            above = parents.get(above)
    return leaves


def expand_links(
    relations: list[Relation],
    leaves: Mapping[str, list[str]],
    starts: Mapping[str, str],
    *,
    most: int,
    file: str,
) -> list[Relation]:
    """Relations between tasks only.

    A summary finishes with its last task, so all its tasks hold back a finish relation's successor; it starts
    with its first, so only the one saved as earliest stands for it in a start relation. As successor, a
    summary passes the relation on to all its tasks, as Microsoft Project does. `starts` holds the saved
    start of every task as sortable text, empty where unknown.
    """
    made: list[Relation] = []
    for relation in relations:
        if len(made) > most:
            raise refuse("schedule-file.too-many-records", file=file, limit=most, kind="relations")
        sources = _sources(relation, leaves, starts)
        targets = leaves.get(relation.successor, [relation.successor])
        made += [
            Relation(source, target, relation.type, relation.lag, relation.lag_calendar)
            for source in sources
            for target in targets
            if source != target and source in starts and target in starts
        ]
    return made


def _sources(relation: Relation, leaves: Mapping[str, list[str]], starts: Mapping[str, str]) -> list[str]:
    under = leaves.get(relation.predecessor)
    if under is None:
        return [relation.predecessor]
    if relation.type in (RelationType.FINISH_START, RelationType.FINISH_FINISH) or not under:
        return under
    return [min(under, key=lambda uid: starts[uid] or "9")]
