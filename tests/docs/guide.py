"""A guide that is carried out as it reads.

What a guide may contain, and what the test does with it:

- a `console` block: every line after `$ ` is run; the lines below it must come out in that order, `…` stands
  for lines left out;
- a link to an address of the product (`[…](/projects/8/chain/)`): the page is opened, and every `quoted`
  piece of text until the next page must stand on it;
- a table whose head is `| field | value |` (`| 字段 | 填写 |`): the form of the page is filled in as said and
  sent; what is quoted after it must stand on the page that follows. A value of several lines ticks boxes.
"""

import html
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.test import Client
from django.utils import translation
from typer.testing import CliRunner

from hongtu.cli import app

HEADS = (("field", "value"), ("字段", "填写"))
LINK = re.compile(r"\[[^\]]+\]\((/[^)]*)\)|(?<!`)`([^`]+)`(?!`)")


@dataclass(frozen=True)
class Command:
    words: str
    output: list[str]


@dataclass(frozen=True)
class Open:
    address: str


@dataclass(frozen=True)
class Seen:
    text: str


@dataclass(frozen=True)
class Fill:
    values: dict[str, str]


Step = Command | Open | Seen | Fill


def steps(path: Path) -> Iterator[Step]:
    """What a guide says to do and to see, in its order."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith("```"):
            block = []
            for inner in lines:
                if inner.startswith("```"):
                    break
                block.append(inner)
            if line == "```console":
                yield from _commands(block)
        elif line.startswith("|") and tuple(_cells(line.lower())) in HEADS:
            next(lines)
            rows = []
            for row in lines:
                if not row.startswith("|"):
                    break
                rows.append(_cells(row))
            yield Fill({name: value.strip("`") for name, value in rows})
        elif not line.startswith(("|", "!")):
            for found in LINK.finditer(line):
                yield Open(found[1]) if found[1] else Seen(found[2])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| \n").split("|")]


def _commands(block: list[str]) -> Iterator[Command]:
    words, output = "", list[str]()
    for line in block:
        if line.startswith("$ "):
            if words:
                yield Command(words, output)
            words, output = line[2:], []
        elif line.strip() not in ("", "…"):
            output.append(line.rstrip())
    if words:
        yield Command(words, output)


class Reader:
    """Somebody who follows a guide word by word in one language."""

    def __init__(self, client: Client, language: str) -> None:
        self.client = client
        client.cookies["django_language"] = language
        self.language = language
        self.page: Any = None
        self.address = ""

    def follow(self, step: Step) -> None:
        """Do one step, or find what it says."""
        if isinstance(step, Command):
            self.run(step)
        elif isinstance(step, Open):
            self.address = step.address
            self.page = self.client.get(step.address, follow=True)
            assert self.page.status_code == 200, step.address
        elif isinstance(step, Seen):
            if self.page is not None:
                assert step.text in self.text(), f"{self.address} does not say {step.text!r}"
        else:
            with translation.override(self.language):  # labels are read as she sees them
                self.fill(step.values)

    def run(self, step: Command) -> None:
        program, *words = shlex.split(step.words)
        assert program == "hongtu"
        answer = CliRunner().invoke(app, words)
        assert answer.exit_code == 0, answer.output
        printed = iter(line.rstrip() for line in answer.output.splitlines())
        for line in step.output:
            assert line in printed, f"$ {step.words}: no line (any more) {line!r} in\n{answer.output}"

    def text(self) -> str:
        """What the page says, as a reader sees it: tags gone, blanks made one."""
        body = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", self.page.content.decode())
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", body)))

    def fill(self, values: dict[str, str]) -> None:
        form = self.page.context["form"]
        sent: dict[str, Any] = {}
        for bound in form:
            shown = bound.value()
            if shown not in (None, False, ""):
                sent[bound.html_name] = shown
        fields = {str(bound.label): bound for bound in form}
        for label, value in values.items():
            assert label in fields, f"{self.address} has no field {label!r}: {sorted(fields)}"
            sent[fields[label].html_name] = _typed(fields[label], value)
        self.page = self.client.post(self.address, sent, follow=True)
        assert self.page.status_code == 200, self.page.context["form"].errors


def _typed(bound: forms.BoundField, value: str) -> Any:
    """A value as the browser sends it: choices by what is shown of them."""
    field: Any = bound.field
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.ModelMultipleChoiceField):
        wanted = [part.strip() for part in value.split(";")]
        found = [key.value for key, label in field.choices if str(label) in wanted]
        assert len(found) == len(wanted), f"{bound.label}: {[str(label) for _key, label in field.choices]}"
        return found
    if isinstance(field, forms.ChoiceField):
        keys = [key for key, label in field.choices if str(label) == value]
        assert keys, f"{bound.label}: no choice {value!r}"
        return keys[0]
    return value
