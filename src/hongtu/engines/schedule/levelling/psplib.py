"""Readers of the two usual benchmark formats: PSPLIB `.sm` (Kolisch and Sprecher 1996) and Patterson
(`.rcp`)."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import LevellingError
from .problem import Problem, Relation, Resource, Task


def read_psplib(path: str | Path) -> Problem:
    """A benchmark instance, the format told from its text. Task ids are the file's numbers, from "1"."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise LevellingError(
            "levelling.file",
            f"{path.name} is not a text file; give a PSPLIB .sm or Patterson file.",
            path.name,
        ) from error
    return parse_single_mode(text, path.name) if looks_single_mode(text) else parse_patterson(text, path.name)


def looks_single_mode(text: str) -> bool:
    """Whether the text has the headings of a PSPLIB `.sm` file."""
    return "PRECEDENCE RELATIONS" in text and "REQUESTS/DURATIONS" in text


def parse_patterson(text: str, source: str = "text") -> Problem:
    """Patterson format: counts; capacities; then a line a task: duration, demands, successors (1-based).

    Read as a stream of numbers, because files in the wild wrap long lines.
    """
    numbers = _Numbers(text, source)
    count, kinds = numbers.take("number of tasks"), numbers.take("number of resources")
    if count < 1 or kinds < 0:
        raise LevellingError("levelling.file", f"{source}: {count} tasks and {kinds} resources.", source)
    resources = tuple(Resource(f"R{k + 1}", numbers.take("capacity")) for k in range(kinds))
    tasks, relations = [], []
    for index in range(1, count + 1):
        duration = numbers.take(f"duration of task {index}")
        demands = {f"R{k + 1}": numbers.take(f"demand of task {index}") for k in range(kinds)}
        tasks.append(Task(str(index), duration, {k: v for k, v in demands.items() if v}))
        for _ in range(numbers.take(f"successor count of task {index}")):
            relations.append(Relation(str(index), str(numbers.take(f"successor of task {index}"))))
    return Problem(tuple(tasks), tuple(relations), resources)


def parse_single_mode(text: str, source: str = "text") -> Problem:
    """PSPLIB single-mode `.sm`: sections of precedence relations, requests and durations, availabilities."""
    relations: list[Relation] = []
    tasks: list[Task] = []
    capacities: list[int] = []
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.match(r"\s*(PRECEDENCE RELATIONS|REQUESTS/DURATIONS|RESOURCEAVAILABILITIES)", line)
        if heading:
            section = heading[1]
            continue
        values = line.split()
        if not section or not values or not all(re.fullmatch(r"-?\d+", value) for value in values):
            continue  # headings, rules of stars and dashes, the names of columns
        row = [int(value) for value in values]
        where = f"{source} line {number}"
        if section == "PRECEDENCE RELATIONS":
            relations += _single_mode_successors(row, where)
        elif section == "REQUESTS/DURATIONS":
            tasks.append(_single_mode_task(row, where))
        else:
            capacities = row
    if not tasks or not capacities:
        raise LevellingError("levelling.file", f"{source}: no durations or no availabilities found.", source)
    if any(len(row) != len(capacities) for row in (tuple(task.demands) for task in tasks)):
        raise LevellingError(
            "levelling.file",
            f"{source}: a task's requests do not match the {len(capacities)} availabilities.",
            source,
        )
    resources = tuple(Resource(f"R{k + 1}", amount) for k, amount in enumerate(capacities))
    return Problem(tuple(tasks), tuple(relations), resources)


def _single_mode_successors(row: list[int], where: str) -> list[Relation]:
    if len(row) < 3 or len(row) != 3 + row[2]:
        raise LevellingError("levelling.file", f"{where}: successor count and successors disagree.", where)
    return [Relation(str(row[0]), str(successor)) for successor in row[3:]]


def _single_mode_task(row: list[int], where: str) -> Task:
    if len(row) < 3:
        raise LevellingError("levelling.file", f"{where}: expected task, mode, duration, requests.", where)
    if row[1] != 1:
        raise LevellingError(
            "levelling.file", f"{where}: mode {row[1]}; only single-mode instances are read.", where
        )
    return Task(str(row[0]), row[2], {f"R{k + 1}": amount for k, amount in enumerate(row[3:])})


class _Numbers:
    """The whole numbers of a text one after another, with a refusal that names what was missing."""

    def __init__(self, text: str, source: str) -> None:
        self.values = text.split()
        self.source = source
        self.position = 0

    def take(self, what: str) -> int:
        if self.position >= len(self.values):
            raise LevellingError(
                "levelling.file", f"{self.source} ends where the {what} was expected.", self.source
            )
        value = self.values[self.position]
        self.position += 1
        if not re.fullmatch(r"-?\d+", value):
            raise LevellingError(
                "levelling.file", f"{self.source}: {value!r} is not a whole number ({what}).", self.source
            )
        return int(value)
