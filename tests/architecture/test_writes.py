"""Nothing writes to the database outside actions, which are atomic and audited."""

import ast
import re

import pytest

from tests.architecture.source import modules

# Where rows are written: actions, what actions are made of, and what fills an empty database.
WRITERS = re.compile(
    r"(^|/)(actions|demo)(/|\.py$)|(^|/)(store|establish|bulk|limiting|registers|demonstration)\.py$"
)
EXCUSED = {
    "kernel/base/models.py": "revise() and save() themselves",
    "kernel/people/models.py": "the time of the last log-in, which Django writes, and its guard on save()",
    "site/starting.py": "the first administrator of an empty district, inside an action",
    "kernel/base/sentence_migration.py": "a temporary table of a migration, which runs outside any action",
    "kernel/access/limits.py": "how often an address asked: a tally, no record of the district",
    "kernel/problems/numbering.py": "the next number of a series, taken inside an action",
    "ledger/imports/progress.py": "progress of an import, on a connection of its own while the action runs",
}
INNER = {
    "enter": "inside the actions of a consultation's topic",
    "record_mapping": "keeps how far an import's preparation got; the import itself is an action",
    "record_check": "the same",
    "queue_check": "the same",
    "close_check": "the same",
    "finish_import": "inside the transaction of the ledger's own bulk action",
    "assess": "inside the actions that open, revise and import a guide; computed, not entered",
    "write_parts": "inside the actions that open and revise a guide",
    "report_progress": "how far a search is, not a record of the district",
    "move": "inside the actions of a problem",
    "log": "the same",
    "recount": "the same",
    "attach": "the same",
    "record_wish": "how an import is prepared; the import itself is an action",
    "store_drafts": "inside the action that refers to the new people and companies",
    "store_risks": "inside the actions that change chains; computed, not entered",
    "place": "inside the actions of a meeting",
    "weigh": "inside the actions of a meeting",
    "write_step": "inside the actions that change a step or bind it",
    "mark": "inside the actions that change chains, problems and work faces",
    "fresh_costs": "computed, not entered; in a transaction of its own under a lock",
    "add": "inside the actions of a meeting",
    "close_import": "an import that wrote nothing",
    "tell": "inside the actions that publish what is told",
    "drain": "how far a message is on its way, no record of the district",
    "mark_read": "what a person has seen, no record of the district",
    "mark_all_read": "the same",
}
MANAGER = re.compile(r"\.objects\b|_manager\b|\.(filter|exclude|all|order_by)\(")
ONLY_RECORDS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ON_MANAGERS = {"create", "update", "delete"}
NOT_RECORDS = {"default_storage", "workbook", "document", "book", "plain", "code"}
SQL = re.compile(r"^\s*(INSERT\s+INTO|UPDATE\s+\w+|DELETE\s+FROM|TRUNCATE)\b")


def writes(tree: ast.AST) -> list[tuple[int, str]]:
    """Calls that write rows, by the shape of the call, and literal SQL that does."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            found.append((node.lineno, node.value.split("\n")[0][:60]))
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, receiver = node.func.attr, ast.unparse(node.func.value)
        if (
            name in ONLY_RECORDS
            or (name in ON_MANAGERS and MANAGER.search(receiver))
            or (name == "save" and receiver not in NOT_RECORDS)
            or (name == "revise" and not receiver.endswith("actions"))
        ):
            found.append((node.lineno, f"{receiver}.{name}()"))
    return sorted(found)


def test_only_actions_write() -> None:
    strays = [
        f"{path}:{line}: {what}"
        for path, tree in modules().items()
        if not WRITERS.search(path) and path not in EXCUSED
        for line, what in writes(tree)
    ]
    assert strays == []


def test_no_excuse_outlives_its_reason() -> None:
    assert [path for path in EXCUSED if path not in modules() or not writes(modules()[path])] == []


@pytest.mark.parametrize(
    "source",
    [
        "Project.objects.create(name='x')",
        "Project.objects.filter(pk=1).update(name='x')",
        "project.months.all().delete()",
        "project.save()",
        "project.revise(3, name='x')",
        "Project._default_manager.bulk_create(rows)",
        "cursor.execute('UPDATE projects_project SET name = 1')",
    ],
)
def test_the_check_sees_a_write(source: str) -> None:
    assert writes(ast.parse(source))


@pytest.mark.parametrize(
    "source", ["found.update({})", "digest.update(b'')", "cache.delete('x')", "workbook.save(target)"]
)
def test_the_check_leaves_other_calls_alone(source: str) -> None:
    assert not writes(ast.parse(source))


def test_every_public_function_of_an_actions_module_that_writes_is_an_action() -> None:
    """An undecorated writer would escape transaction and audit, unless an action alone calls it."""
    loose = []
    for path, tree in modules().items():
        if not re.search(r"(^|/)actions(/|\.py$)", path):
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or node.name in INNER:
                continue
            if any("action" in ast.unparse(d) for d in node.decorator_list):
                continue
            if writes(node):
                loose.append(f"{path}:{node.lineno}: {node.name}")
    assert loose == []
