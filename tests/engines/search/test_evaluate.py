"""The measures, checked by hand, and the command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hongtu.cli.search import app
from hongtu.engines.search import Index, SearchError
from hongtu.engines.search.evaluate import (
    Question,
    auroc,
    evaluate,
    full_recall_at,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)
from tests.engines.search.samples import PASSAGES


def test_measures_by_hand() -> None:
    ranked = ["a", "b", "c", "d"]
    assert recall_at(ranked, {"b", "x"}, 1) == 0.0
    assert recall_at(ranked, {"b", "x"}, 2) == 1.0
    assert full_recall_at(ranked, {"b", "x"}, 4) == 0.5
    assert reciprocal_rank(ranked, {"c"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(ranked, {"x"}) == 0.0
    assert ndcg_at(ranked, {"a", "c"}) == pytest.approx(1.5 / (1 + 1 / 1.584962500721156))
    assert auroc([3, 2], [1, 2]) == pytest.approx(0.875)


def test_auroc_without_one_side_is_refused() -> None:
    with pytest.raises(SearchError):
        auroc([1.0], [])


def test_a_report_over_an_index() -> None:
    questions = [
        Question("户口", ("household",)),
        Question("老人津贴", ("elderly",)),
        Question("供水", ("noise",)),
    ]
    report = evaluate(Index.build(PASSAGES), questions)
    assert report.recall[1] == pytest.approx(200 / 3)
    assert report.mode == "lexical"


def write(path: Path, rows: list[object]) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    passages = write(
        tmp_path / "P.jsonl",
        [{"id": item.id, "text": item.text, "title": item.title, "owner": item.owner} for item in PASSAGES],
    )
    return passages, write(tmp_path / "Q.jsonl", [{"query": "户口", "relevant": ["household"]}])


def run(passages: Path, queries: Path, *more: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(
        app, ["evaluate", "--passages", str(passages), "--queries", str(queries), "--lexical-only", *more]
    )


def test_the_command_prints_every_measure_as_json(files: tuple[Path, Path]) -> None:
    result = run(*files, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    names = {"recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10", "p50_ms", "p95_ms"}
    assert names <= set(report)
    assert report["recall@1"] == 100.0


def test_the_command_prints_a_table(files: tuple[Path, Path]) -> None:
    result = run(*files)
    assert result.exit_code == 0
    assert "recall@10" in result.stdout


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        (['{"id": "a", "text": "x"}', '{"id": "a"'], "search.file.json", "line 2"),
        ([{"id": "a", "text": 3}], "search.file.field", "line 1"),
        ([{"text": "no id"}], "search.file.field", "line 1"),
        ([{"id": "a", "text": "x"}, {"id": "a", "text": "y"}], "search.passage.duplicate", "line 2"),
        (["[1, 2]"], "search.file.json", "line 1"),
        ([], "search.file.empty", "P.jsonl"),
    ],
)
def test_a_bad_passage_is_named_and_nothing_is_printed(
    files: tuple[Path, Path], rows: list[object], code: str, line: str
) -> None:
    write(files[0], rows)
    result = run(*files, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert code in result.stderr
    assert line in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"query": "户口", "relevant": ["nowhere"]}, "search.file.unknown_id"),
        ({"query": "户口", "relevant": []}, "search.file.field"),
        ({"query": "户口"}, "search.file.field"),
        ({"relevant": ["household"]}, "search.file.field"),
    ],
)
def test_a_bad_question_is_named(files: tuple[Path, Path], row: object, code: str) -> None:
    write(files[1], [row])
    result = run(*files, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert code in result.stderr


def test_a_file_that_is_not_utf8_is_refused(files: tuple[Path, Path]) -> None:
    files[0].write_bytes('{"id": "a", "text": "户口"}'.encode("gb18030"))
    result = run(*files)
    assert "search.file.encoding" in result.stderr
