"""`hongtu search`: measure the search engine on a knowledge base of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hongtu.engines.search import Encoder, Passage, VectorCache
    from hongtu.engines.search.evaluate import Question, Report

app = typer.Typer(no_args_is_help=True)


@app.callback()
def search() -> None:
    """Search engine: measures on your own passages and questions."""


@app.command()
def evaluate(
    passages: Annotated[Path, typer.Option(help='JSON lines {"id", "text", "title"?, "owner"?}')],
    queries: Annotated[Path, typer.Option(help='JSON lines {"query", "relevant": [ids]}')],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    lexical_only: Annotated[bool, typer.Option("--lexical-only", help="Without the sentence model.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep vectors.")] = False,
    fit: Annotated[bool, typer.Option("--calibrate", help="Fit the weights to the passages first.")] = False,
) -> None:
    """Recall, MRR, nDCG and time per question; vectors are kept, so a broken run goes on where it stopped."""
    from hongtu.cli.terminal import console, print_json, refuse_in_words
    from hongtu.engines.search.jsonl import read_passages, read_questions

    with refuse_in_words():
        texts = read_passages(passages)
        questions = read_questions(queries, frozenset(passage.id for passage in texts))
        report = _measure(texts, questions, lexical_only, no_cache, fit)
        if report.mode != "hybrid" and not lexical_only:
            console.print(
                "The sentence model did not answer every question; searched by words.", highlight=False
            )
        if as_json:
            print_json(report.as_dict())
        else:
            _print_table(report)


def _measure(
    passages: list[Passage], questions: list[Question], lexical_only: bool, no_cache: bool, fit: bool
) -> Report:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from hongtu.cli.terminal import console
    from hongtu.engines.search import Index, SearchError, VectorCache, default_cache_folder
    from hongtu.engines.search.calibrate import calibrate
    from hongtu.engines.search.dense import dense_texts
    from hongtu.engines.search.evaluate import evaluate as run

    encoder = None if lexical_only else _encoder()
    cache: VectorCache | None = None
    if encoder is not None and not no_cache:
        try:
            cache = VectorCache(default_cache_folder())
        except SearchError as fault:
            console.print(f"{fault.code}: {fault.message}", highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        total = sum(len(dense_texts(passage)) for passage in passages)
        task = bar.add_task("Passages", total=total if encoder is not None else len(passages))
        index = Index.build(passages, encoder, cache, progress=lambda done: bar.advance(task, done))
        bar.update(task, completed=bar.tasks[task].total)
        if encoder is not None and fit:
            task = bar.add_task("Calibration", total=None)
            index.calibration = calibrate(index, progress=lambda done: bar.advance(task, done))
            bar.update(task, total=1, completed=1)
        task = bar.add_task("Questions", total=len(questions))
        report = run(index, questions, progress=lambda done: bar.advance(task, done))
    if cache is not None:
        cache.close()
    return report


def _encoder() -> Encoder | None:
    from hongtu.cli.terminal import console
    from hongtu.engines.search import Encoder, SearchError

    try:
        return Encoder.load()
    except SearchError as fault:
        console.print(f"{fault.code}: {fault.message}", highlight=False)
        return None


def _print_table(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("measure", "value")
    for name, value in report.as_dict().items():
        table.add_row(name, str(value))
    Console().print(table)
