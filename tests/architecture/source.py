"""The package's own source, parsed once for the tests of this folder."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src/hongtu"


@cache
def modules() -> dict[str, ast.Module]:
    """Path inside the package -> syntax tree, migrations and tests left out."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text())
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"migrations", "tests"} & set(path.relative_to(PACKAGE).parts)
    }


def templates() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.html")):
        if "templates" in path.parts:
            yield path
