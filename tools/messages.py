"""Translations without GNU gettext: extract, check, compile.

    python tools/messages.py extract [folder …]   # add new messages to the .po files, drop gone ones
    python tools/messages.py check   [folder …]   # list what lacks English and what escaped translation
    python tools/messages.py compile              # write the .mo files

Messages are the Chinese texts themselves (``gettext_lazy("项目台账")``, ``{% translate "…" %}``); every
Chinese text in a ``vocab.py`` is a message too, since that file may import no framework. Each Django
application has its own catalogue, ``locale/en/LC_MESSAGES/django.po``, so that two people adding words
to two domains never meet in one file. Write the English between the quotes of ``msgstr``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.template.base import Lexer, TokenType
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/hongtu"
IDEOGRAPH = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
EXCUSE = re.compile(r"(#|\{#) *not for translation: \S+")
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy", "mark"}
PLURAL = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
SHOWN_FILES = {"views", "ledgers", "forms", "panels", "navigation", "context", "pages"}
SHOWN_PACKAGES = {"ui", "ledger", "boards", "site"}
SKIPPED = {"migrations", "tests", "static", "locale"}
QUOTED = re.compile(r"""(?P<call>_\(\s*)?(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|\{\w*\}")


@dataclass
class Message:
    """A text to translate and where it is used."""

    text: str
    plural: str = ""
    context: str = ""
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one entry of a catalogue."""
        return self.context, self.text


@dataclass(frozen=True, order=True)
class Fault:
    """Something to put right, as ``file:line: code: what``."""

    path: str
    line: int
    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}: {self.text}"


def application_of(path: Path) -> Path:
    """Folder of the Django application a file belongs to: the nearest with an ``apps.py``."""
    for folder in path.parents:
        if (folder / "apps.py").exists() or folder.parent == PACKAGE or folder == PACKAGE:
            return folder
    raise ValueError(f"{path} lies outside {PACKAGE}")


def sources(root: Path) -> Iterator[Path]:
    """Python files and templates that may hold text."""
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).parts
        page = path.suffix in {".html", ".txt"} and "templates" in inside
        if (page or path.suffix == ".py") and not SKIPPED.intersection(inside):
            yield path


# -- Python ---------------------------------------------------------------------------------------


def read_python(path: Path, name: str) -> tuple[list[Message], list[Fault]]:
    """Messages of a module and the Chinese literals that are shown but not marked."""
    source = path.read_text()
    tree = ast.parse(source)
    lines = source.splitlines()
    marked: set[int] = set()
    found: list[Message] = []
    faults: list[Fault] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            _read_call(node, name, found, faults, marked)
    documentation = _docstrings(tree) | _read_words(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) in marked or id(node) in documentation or not IDEOGRAPH.search(node.value):
            continue
        if EXCUSE.search(lines[node.lineno - 1]):
            continue
        if path.stem == "vocab":
            found.append(Message(node.value, files={name}))
        elif _is_shown(path):
            faults.append(Fault(name, node.lineno, "unmarked", node.value[:40]))
    return found, faults


def _is_shown(path: Path) -> bool:
    if path.stem.startswith("demo") or "sheets" in path.parts:
        return False  # demonstration records, and readers of workbooks that are Chinese by nature
    inside = path.relative_to(PACKAGE).parts if path.is_relative_to(PACKAGE) else path.parts
    return path.stem.split("_")[0] in SHOWN_FILES or inside[0] in SHOWN_PACKAGES


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand alone as statements: documentation, not text for a page."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _read_words(tree: ast.AST) -> set[int]:
    """Synonyms of headings and patterns are recognised, not shown; `zh=` stands beside its own `en=`."""
    found: set[int] = set()
    for node in ast.walk(tree):
        holds = (isinstance(node, ast.keyword) and node.arg in {"synonyms", "zh"}) or (
            isinstance(node, ast.Assign | ast.AnnAssign)
            and any(
                getattr(target, "id", "").endswith("SYNONYMS")
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            )
        )
        if holds or (isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"):
            found |= {id(inner) for inner in ast.walk(node)}
    return found


def _read_call(
    node: ast.Call, name: str, found: list[Message], faults: list[Fault], marked: set[int]
) -> None:
    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if called not in SINGULAR | PLURAL or not node.args:
        return
    texts = []
    for argument in node.args[: 3 if called in PLURAL else 2]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            texts.append(argument.value)
            marked.add(id(argument))
        elif isinstance(argument, ast.JoinedStr):
            faults.append(Fault(name, node.lineno, "f-string", "use %(name)s, an f-string is never found"))
            marked.update(id(part) for part in argument.values)
    if not texts:
        return  # a variable: its text is marked where it is written, for instance in a vocab.py
    context = texts.pop(0) if "pgettext" in called else ""
    plural = texts[1] if called in PLURAL and len(texts) > 1 else ""
    found.append(Message(texts[0], plural, context, {name}))


# -- templates ------------------------------------------------------------------------------------


def read_template(path: Path, name: str) -> tuple[list[Message], list[Fault]]:
    """Messages of a template and Chinese text outside any translation tag."""
    found: list[Message] = []
    faults: list[Fault] = []
    block: list[str] | None = None
    options, singular, silent = "", "", ""
    source = path.read_text()
    excused = {n for n, text in enumerate(source.splitlines(), 1) if EXCUSE.search(text)}
    for token in Lexer(source).tokenize():
        words = token.contents.split(None, 1) if token.token_type is TokenType.BLOCK else [""]
        tag = words[0]
        if silent:
            silent = "" if tag == f"end{silent}" else silent
        elif tag in {"comment", "verbatim"}:
            silent = tag
        elif tag in {"blocktranslate", "blocktrans"}:
            block, options, singular = [], token.contents, ""
        elif tag == "plural" and block is not None:
            singular, block = _joined(block, options), []
        elif tag in {"endblocktranslate", "endblocktrans"} and block is not None:
            text = _joined(block, options)
            first, plural = (singular, text) if singular else (text, "")
            found.append(Message(first, plural, _context(options), {name}))
            block = None
        elif block is not None:
            block.append(
                f"%({token.contents.split('|')[0]})s"
                if token.token_type is TokenType.VAR
                else _percent(token.contents)
            )
        elif token.token_type is TokenType.TEXT:
            faults += _bare(token.contents, token.lineno or 1, name, excused)
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            _read_expression(token.contents, tag, token.lineno or 1, name, found, faults)
    return found, faults


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _joined(block: list[str], options: str) -> str:
    text = "".join(block)
    return trim_whitespace(text) if "trimmed" in options.split() else text


def _context(options: str) -> str:
    match = re.search(r"context\s+[\"'](.+?)[\"']", options)
    return match.group(1) if match else ""


def _bare(text: str, line: int, name: str, excused: set[int]) -> Iterator[Fault]:
    text = re.sub(r"<!--.*?-->", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    for offset, part in enumerate(text.split("\n")):
        if IDEOGRAPH.search(part) and line + offset not in excused:
            yield Fault(name, line + offset, "unmarked", part.strip()[:40])


def _read_expression(
    contents: str, tag: str, line: int, name: str, found: list[Message], faults: list[Fault]
) -> None:
    """Quoted texts in a tag or variable: the argument of ``translate``, ``_("…")``, or a fault."""
    for number, match in enumerate(QUOTED.finditer(contents)):
        text = ast.literal_eval(match.group("text"))
        if match.group("call") or (tag in {"translate", "trans"} and number == 0):
            context = _context(contents) if tag in {"translate", "trans"} else ""
            found.append(Message(text, context=context, files={name}))
        elif IDEOGRAPH.search(text) and "context" not in contents[: match.start()].split()[-1:]:
            faults.append(Fault(name, line, "unmarked", text[:40]))


# -- catalogues -----------------------------------------------------------------------------------


def collect(root: Path = PACKAGE) -> tuple[dict[Path, dict[tuple[str, str], Message]], list[Fault]]:
    """All messages by application, and the faults met on the way."""
    applications: dict[Path, dict[tuple[str, str], Message]] = {}
    faults: list[Fault] = []
    for path in sources(root):
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        found, wrong = (read_python if path.suffix == ".py" else read_template)(path, name)
        faults += wrong
        for message in found:
            if not message.text:
                continue
            known = applications.setdefault(application_of(path), {}).setdefault(message.key, message)
            known.files |= message.files
            known.plural = known.plural or message.plural
    return applications, faults


def catalogue_path(application: Path) -> Path:
    """English catalogue of an application."""
    return application / "locale/en/LC_MESSAGES/django.po"


def common(application: Path) -> dict[tuple[str, str], polib.POEntry]:
    """Entries of the interface's catalogue, which every application may lean on (Django merges them)."""
    path = catalogue_path(PACKAGE / "ui")
    if application == PACKAGE / "ui" or not path.exists():
        return {}
    return {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(path))}


def check(root: Path = PACKAGE) -> list[Fault]:
    """Everything wrong: missing, empty, fuzzy, stale, lost placeholders, unmarked text."""
    applications, faults = collect(root)
    for application, messages in applications.items():
        path = catalogue_path(application)
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        entries = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
        shared = common(application)
        for key, message in messages.items():
            entry = entries.pop(key, None)
            if entry is None and key in shared:
                continue
            if entry is None:
                faults.append(
                    Fault(sorted(message.files)[0], 1, "missing", f"{message.text} is not in {name}")
                )
            else:
                faults += _check_entry(entry, message, name)
        faults += [Fault(name, e.linenum, "stale", f"{e.msgid} is used nowhere") for e in entries.values()]
    return sorted(faults)


def _check_entry(entry: polib.POEntry, message: Message, name: str) -> Iterator[Fault]:
    texts = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if "fuzzy" in entry.flags:
        yield Fault(name, entry.linenum, "fuzzy", entry.msgid)
    if not texts or not all(texts):
        yield Fault(name, entry.linenum, "empty", entry.msgid)
        return
    wanted = set(PLACEHOLDER.findall(message.text))
    for text in texts:
        if set(PLACEHOLDER.findall(text)) - wanted or (
            not message.plural and wanted - set(PLACEHOLDER.findall(text))
        ):
            yield Fault(name, entry.linenum, "placeholder", f"{entry.msgid} -> {text}")
        if IDEOGRAPH.search(text) and message.text not in {"中文", "简体中文"}:
            yield Fault(name, entry.linenum, "not English", f"{entry.msgid} -> {text}")


def extract(root: Path = PACKAGE) -> int:
    """Bring every catalogue up to date, keeping what is translated; return how many lack English."""
    applications, _faults = collect(root)
    lacking = 0
    for application, messages in applications.items():
        path = catalogue_path(application)
        known = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
        fresh = polib.POFile(wrapwidth=100)
        fresh.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": "en",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        shared = common(application)
        for key, message in messages.items():
            if key in shared:
                continue
            entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
            entry.occurrences = [(file, "") for file in sorted(message.files)[:1]]
            if message.plural:
                entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
            old = known.get(key)
            if old is not None and bool(old.msgid_plural) == bool(message.plural):
                entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
                entry.comment = old.comment
            lacking += not (entry.msgstr or all(entry.msgstr_plural.values() or [""]))
            fresh.append(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(path))
    return lacking


def main(arguments: list[str]) -> int:
    """Run one of the three commands."""
    command, roots = (arguments or ["check"])[0], [Path(a).resolve() for a in arguments[1:]] or [PACKAGE]
    if command == "extract":
        lacking = sum(extract(root) for root in roots)
        print(f"{lacking} messages lack English")
        return 0
    if command == "compile":
        sys.path.insert(0, str(PACKAGE.parent))
        from hongtu.ui.translations import compile_catalogues

        print(*compile_catalogues(PACKAGE), sep="\n")
        return 0
    if command != "check":
        print(__doc__)
        return 2
    faults = [fault for root in roots for fault in check(root)]
    print(*faults, f"{len(faults)} faults", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
