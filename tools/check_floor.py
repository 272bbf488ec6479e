"""The browser floor: refuse CSS, JavaScript and HTML newer than Chromium 90 in our own pages.

    python tools/check_floor.py [file or folder …]

Many offices run browsers on that engine (UOS browser 93, Qi An Xin 90), and none of our machines can,
so the check is static: tinycss2 parses stylesheets, tree-sitter parses scripts. Vendored files are
parsed for syntax only: libraries ask whether a function exists before they call it. Templates are
searched for what the content policy forbids (inline scripts, handlers and styles) and for new HTML.

Versions after each name are those of Chromium, from the browser-compat-data of MDN.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tinycss2
import tree_sitter
import tree_sitter_javascript

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/hongtu"
FLOOR = 90

AT_RULES = {
    "container": 105, "layer": 99, "scope": 118, "starting-style": 117, "view-transition": 126,
    "font-palette-values": 101, "position-try": 125, "function": 139,
}  # fmt: skip
SELECTORS = {
    "has": 105, "dir": 120, "state": 125, "popover-open": 114, "modal": 105, "user-valid": 119,
    "user-invalid": 119, "autofill": 110, "open": 133, "host-context": 999, "active-view-transition": 125,
    "details-content": 131, "scroll-marker": 135, "highlight": 105,
}  # fmt: skip
PROPERTIES = {
    "accent-color": 93, "scrollbar-color": 121, "scrollbar-width": 121, "scrollbar-gutter": 94,
    "text-wrap": 114, "text-wrap-style": 130, "text-wrap-mode": 130, "container": 105, "container-type": 105,
    "container-name": 105, "translate": 104, "rotate": 104, "scale": 104, "anchor-name": 125,
    "position-anchor": 125, "position-area": 129, "animation-timeline": 115, "animation-composition": 112,
    "scroll-timeline": 115, "view-timeline": 115, "view-transition-name": 111, "field-sizing": 123,
    "interpolate-size": 129, "offset-position": 116, "mask-image": 120, "mask": 120, "text-emphasis": 99,
    "print-color-adjust": 136, "font-variant-alternates": 111, "hyphenate-character": 106,
    "overscroll-behavior-inline": 999, "transition-behavior": 117, "white-space-collapse": 114,
    "text-box": 133, "reading-flow": 137, "margin-trim": 999, "line-clamp": 999, "backdrop-filter": 0,
    "overflow-clip-margin": 90, "font-palette": 101, "contain-intrinsic-width": 95, "grid-template": 0,
}  # fmt: skip
FUNCTIONS = {
    "color-mix": 111, "color": 111, "oklch": 111, "oklab": 111, "lab": 111, "lch": 111, "hwb": 101,
    "light-dark": 123, "linear": 113, "anchor": 125, "anchor-size": 125, "sin": 111, "cos": 111, "tan": 111,
    "atan2": 111, "pow": 120, "sqrt": 120, "hypot": 120, "log": 120, "exp": 120, "abs": 138, "sign": 138,
    "round": 125, "mod": 125, "rem": 125, "xywh": 119, "rect": 119, "image-set": 113, "cross-fade": 999,
    "calc-size": 129, "contrast-color": 999, "if": 137, "palette-mix": 121,
}  # fmt: skip
KEYWORDS = {"subgrid": 117, "revert-layer": 99, "balance": 114, "pretty": 117, "fit-content()": 999}
UNITS = {
    **dict.fromkeys(("dvh", "svh", "lvh", "dvw", "svw", "lvw", "dvi", "dvb", "dvmin", "dvmax"), 108),
    **dict.fromkeys(("cqw", "cqh", "cqi", "cqb", "cqmin", "cqmax"), 105),
    **{"lh": 109, "rlh": 111, "cap": 118, "rcap": 118, "ric": 111, "rex": 111, "rch": 111},
}

SYNTAX = {
    "class_static_block": 94,
    "import_attribute": 123,
    "decorator": 999,
    "using_declaration": 134,
}
GLOBALS = {
    "structuredClone": 98, "scheduler": 94, "navigation": 102, "Iterator": 122, "URLPattern": 95,
    "CompressionStream": 0, "Temporal": 999, "reportError": 95, "Highlight": 105, "Sanitizer": 999,
}  # fmt: skip
STATICS = {
    "Object": {"hasOwn": 93, "groupBy": 117}, "Map": {"groupBy": 117}, "Array": {"fromAsync": 121},
    "Promise": {"withResolvers": 119, "try": 128}, "AbortSignal": {"timeout": 103, "any": 116, "abort": 93},
    "crypto": {"randomUUID": 92}, "URL": {"canParse": 120, "parse": 126}, "Response": {"json": 105},
    "Error": {"isError": 134}, "RegExp": {"escape": 136}, "Intl": {"DurationFormat": 129},
    "Math": {"sumPrecise": 999, "f16round": 135}, "document": {"startViewTransition": 111},
    "navigator": {"userActivation": 0},
}  # fmt: skip
METHODS = {
    "at": 92, "findLast": 97, "findLastIndex": 97, "toSorted": 110, "toReversed": 110, "toSpliced": 110,
    "with": 110, "isWellFormed": 111, "toWellFormed": 111, "showPopover": 114, "hidePopover": 114,
    "togglePopover": 114, "showPicker": 99, "checkVisibility": 105, "throwIfAborted": 100,
    "setHTMLUnsafe": 124, "getHTML": 125, "symmetricDifference": 122, "isSubsetOf": 122,
    "isSupersetOf": 122, "isDisjointFrom": 122, "moveBefore": 133, "transfer": 114, "requestClose": 134,
    "waitAsync": 999, "setHTML": 999,
}  # fmt: skip
ATTRIBUTES = {"popover": 114, "popovertarget": 114, "inert": 102, "fetchpriority": 101, "command": 135,
              "commandfor": 135, "closedby": 134, "blocking": 105}  # fmt: skip
ELEMENTS = {"search": 118, "selectedcontent": 135, "fencedframe": 999}


@dataclass(frozen=True, order=True)
class Fault:
    """Something newer than the floor, or forbidden."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: FLOOR: {self.text}"


def _newer(kind: str, name: str, table: dict[str, int]) -> str:
    version = table.get(name.lower() if kind != "script" else name, 0)
    if version <= FLOOR:
        return ""
    return f"{name} ({'no Chromium' if version == 999 else f'Chromium {version}'}, the floor is {FLOOR})"


# -- CSS ------------------------------------------------------------------------------------------


def check_css(source: str, path: str, syntax_only: bool = False) -> Iterator[Fault]:
    """Faults of a stylesheet."""
    for rule in tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True):
        yield from _rule(rule, path, syntax_only)


def _rule(rule: Any, path: str, syntax_only: bool) -> Iterator[Fault]:
    if rule.type == "error":
        yield Fault(path, rule.source_line, f"cannot be parsed: {rule.message}")
    elif rule.type == "at-rule":
        if text := _newer("css", rule.at_keyword, AT_RULES):
            yield Fault(path, rule.source_line, f"@{text}")
        if rule.lower_at_keyword == "media" and any(
            t.type == "literal" and t.value in "<>" for t in _flat(rule.prelude)
        ):
            yield Fault(path, rule.source_line, "range in a media query (Chromium 104)")
        if rule.content is not None:
            if rule.lower_at_keyword in {"media", "supports", "keyframes", "layer", "container", "scope"}:
                for inner in tinycss2.parse_rule_list(rule.content, True, True):
                    yield from _rule(inner, path, syntax_only)
            else:
                yield from _declarations(rule.content, path, syntax_only)
    elif rule.type == "qualified-rule":
        yield from _selector(rule, path)
        yield from _declarations(rule.content, path, syntax_only)


def _selector(rule: Any, path: str) -> Iterator[Fault]:
    tokens = list(_flat(rule.prelude))
    for before, token in itertools.pairwise(tokens):
        if before.type == "literal" and before.value == ":" and token.type in {"ident", "function"}:
            name = token.value if token.type == "ident" else token.name
            if text := _newer("css", name, SELECTORS):
                yield Fault(path, rule.source_line, f":{text}")
        if before.type == "literal" and before.value == "&":
            yield Fault(path, rule.source_line, "nesting (Chromium 112)")


def _declarations(content: Any, path: str, syntax_only: bool) -> Iterator[Fault]:
    for item in tinycss2.parse_blocks_contents(content, True, True):
        if item.type in {"qualified-rule", "at-rule"}:
            yield Fault(path, item.source_line, "nesting (Chromium 112)")
        elif item.type == "declaration" and not syntax_only:
            if text := _newer("css", item.lower_name, PROPERTIES):
                yield Fault(path, item.source_line, text)
            yield from _values(item, path)


def _values(declaration: Any, path: str) -> Iterator[Fault]:
    for token in _flat(declaration.value):
        text = ""
        if token.type == "function" and not (token.lower_name == "rect" and declaration.lower_name == "clip"):
            text = _newer("css", token.lower_name, FUNCTIONS)
        elif token.type == "ident":
            text = _newer("css", token.lower_value, KEYWORDS)
        elif token.type == "dimension":
            text = _newer("css", token.lower_unit, UNITS)
        if text:
            yield Fault(path, token.source_line, text)


def _flat(tokens: Any) -> Iterator[Any]:
    """Every token, those inside functions and brackets too."""
    for token in tokens:
        yield token
        inside = getattr(token, "arguments", None) or (
            token.content if token.type in {"() block", "[] block", "{} block"} else None
        )
        if inside:
            yield from _flat(inside)


# -- JavaScript -----------------------------------------------------------------------------------


def check_js(source: str, path: str, syntax_only: bool = False) -> Iterator[Fault]:
    """Faults of a script."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    pending = [parser.parse(source.encode()).root_node]
    while pending:
        node = pending.pop()
        pending.extend(node.children)
        line = node.start_point[0] + 1
        if node.type == "ERROR" or node.is_missing:
            yield Fault(path, line, "cannot be parsed")
        if text := _newer("script", node.type, SYNTAX):
            yield Fault(path, line, text)
        if node.type == "regex_flags" and node.text and b"v" in node.text:
            yield Fault(path, line, "regular expression flag v (Chromium 112)")
        if node.type == "binary_expression" and _is_private_in(node):
            yield Fault(path, line, "#name in object (Chromium 91)")
        if not syntax_only:
            yield from _names(node, path, line)


def _is_private_in(node: Any) -> bool:
    left, operator = node.child_by_field_name("left"), node.child_by_field_name("operator")
    return left is not None and left.type == "private_property_identifier" and operator.type == "in"


def _names(node: Any, path: str, line: int) -> Iterator[Fault]:
    """Functions and methods by name; a method of ours with such a name has to be called otherwise."""
    if node.type == "member_expression":
        owner, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        owned, named = (part.text.decode() if part is not None else "" for part in (owner, name))
        owned = owned.removeprefix("window.")
        text = _newer("script", named, STATICS.get(owned, {}))
        called = node.parent is not None and node.parent.type == "call_expression"
        if not text and called and node == node.parent.child_by_field_name("function"):
            text = _newer("script", named, METHODS)
        if not text and owned == "window":
            text = _newer("script", named, GLOBALS)
        if text:
            yield Fault(path, line, text)
    elif node.type == "identifier" and (text := _newer("script", node.text.decode(), GLOBALS)):
        yield Fault(path, line, text)


# -- templates ------------------------------------------------------------------------------------

TAG = re.compile(r"<(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
ATTRIBUTE = re.compile(r"(?:^|\s)(?P<name>[a-zA-Z_:@][-\w:.@]*)(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")


def check_html(source: str, path: str, printed: bool = False) -> Iterator[Fault]:
    """What the content policy or the floor forbids in a template; printed pages may hold styles."""
    plain = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", _blank, source, flags=re.DOTALL)
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", _blank, plain, flags=re.DOTALL)
    for match in TAG.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        name, rest = match["name"].lower(), match["rest"]
        given = [a["name"].lower() for a in ATTRIBUTE.finditer(rest)]
        if text := _newer("html", name, ELEMENTS):
            yield Fault(path, line, f"<{text}>")
        if name == "script" and "src" not in given and "json" not in rest:
            yield Fault(path, line, "inline script: the content policy refuses it, use a static file")
        if name == "style" and not printed:
            yield Fault(path, line, "inline <style>: the content policy refuses it, use a static file")
        for attribute in given:
            if attribute.startswith("on") or attribute.startswith("hx-on"):
                yield Fault(path, line, f"{attribute}: inline handlers are refused, listen in a static file")
            elif attribute == "style" and not printed:
                yield Fault(path, line, "style attribute: the content policy refuses it, use a class")
            elif text := _newer("html", attribute, ATTRIBUTES):
                yield Fault(path, line, text)


def _blank(match: re.Match[str]) -> str:
    return "x" + "\n" * match.group().count("\n")


def check_file(path: Path) -> list[Fault]:
    """Faults of one file, by its kind."""
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
    vendored = "vendor" in path.parts
    if path.suffix == ".css":
        return [] if path.stem.startswith("print") else sorted(check_css(path.read_text(), name, vendored))
    if path.suffix == ".js":
        return sorted(check_js(path.read_text(), name, vendored))
    return sorted(check_html(path.read_text(), name, printed="print" in path.stem or "print" in path.parts))


def files(roots: list[Path]) -> Iterator[Path]:
    """Stylesheets and scripts in static folders, pages in template folders."""
    for root in roots:
        if root.is_file():
            yield root
            continue
        for path in sorted(root.rglob("*")):
            if (path.suffix in {".css", ".js"} and "static" in path.parts) or (
                path.suffix == ".html" and "templates" in path.parts
            ):
                yield path


def main(arguments: list[str]) -> int:
    """Check what is named, or the whole package."""
    roots = [Path(a).resolve() for a in arguments] or [PACKAGE]
    seen = 0
    faults: list[Fault] = []
    for path in files(roots):
        seen += 1
        faults += check_file(path)
    print(*faults, f"{seen} files, {len(faults)} faults against the floor (Chromium {FLOOR})", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
