"""The browser floor holds, and the check that says so sees every kind of fault."""

from pathlib import Path

import pytest

from tools import check_floor


def test_our_pages_keep_to_the_floor() -> None:
    faults = [
        str(f) for path in check_floor.files([check_floor.PACKAGE]) for f in check_floor.check_file(path)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "css",
    [
        "a:has(b) { color: red }",
        "@media print { a:has(b) { color: red } }",
        "@container (min-width: 1px) { a { color: red } }",
        "@layer base { a { color: red } }",
        "a { color: color-mix(in srgb, red, blue) }",
        "a { background: linear-gradient(color-mix(in srgb, red, blue), red) }",
        "a { color: red; b { color: blue } }",
        "a { &:hover { color: blue } }",
        "a { grid-template-columns: subgrid }",
        "a { height: 100dvh }",
        "a { accent-color: red }",
        "@media (width >= 600px) { a { color: red } }",
        "a { color: oklch(50% 0 0) }",
        "a { text-wrap: balance }",
        "a { rotate: 45deg }",
    ],
)
def test_new_css_is_refused(css: str) -> None:
    assert list(check_floor.check_css(css, "x.css"))


@pytest.mark.parametrize(
    "css",
    [
        "a:is(b, c):not(d, e):focus-visible { inset: 0; gap: 1px; aspect-ratio: 1 }",
        "a { clip: rect(0, 0, 0, 0); width: min(1rem, calc(100vw - 2px)) }",
        ":root { --has: 1 } a { transform: rotate(45deg) }",
        "/* a:has(b) */ a::after { content: ':has(x) subgrid' }",
        "@supports (display: grid) { a { color: red } }",
    ],
)
def test_older_css_passes(css: str) -> None:
    assert not list(check_floor.check_css(css, "x.css"))


@pytest.mark.parametrize(
    "script",
    [
        "class A { static { go() } }",
        "Object.hasOwn(a, 'b')",
        "[1, 2].at(-1)",
        "list.findLast(x => x)",
        "structuredClone(a)",
        "window.structuredClone(a)",
        "list.toSorted()",
        "Object.groupBy(list, f)",
        "element.showPopover()",
        "class A { #x; has(o) { return #x in o } }",
        "/a/v.test(b)",
        "crypto.randomUUID()",
        "AbortSignal.timeout(5)",
        "Promise.withResolvers()",
        "var a = ;",
    ],
)
def test_new_javascript_is_refused(script: str) -> None:
    assert list(check_floor.check_js(script, "x.js"))


@pytest.mark.parametrize(
    "script",
    [
        "a?.b ?? c; a ||= 1; class A { #x = 1; static y = 2 }",
        "const text = 'Object.hasOwn [1].at(0)'; // structuredClone(a)",
        "list.replaceAll('a', 'b'); dialog.showModal(); point.at = 5; f(point.at)",
        "async function f() { for await (const x of y) { await x } }",
    ],
)
def test_older_javascript_passes(script: str) -> None:
    assert not list(check_floor.check_js(script, "x.js"))


@pytest.mark.parametrize(
    "html",
    [
        "<script>go()</script>",
        '<p style="color:red">x</p>',
        "<style>p { color: red }</style>",
        '<button onclick="go()">x</button>',
        '<div hx-on:click="go()">x</div>',
        "<div popover>x</div>",
        "<div inert>x</div>",
        "<search>x</search>",
        '{% if a %}<p class="{% if b %}c{% endif %}" style="color:red">x</p>{% endif %}',
    ],
)
def test_what_a_page_may_not_hold_is_refused(html: str) -> None:
    assert list(check_floor.check_html(html, "x.html"))


@pytest.mark.parametrize(
    "html",
    [
        "<script src=\"{% static 'a.js' %}\" defer></script>",
        '<script type="application/json" id="a">{}</script>',
        "{# <p style='x'> #}<dialog><details><summary>x</summary></details></dialog>",
        '<p title="style=1 onclick=2">{{ "<p style=a>" }}</p>',
    ],
)
def test_what_a_page_may_hold_passes(html: str) -> None:
    assert not list(check_floor.check_html(html, "x.html"))


def test_vendored_files_are_what_their_list_says() -> None:
    import hashlib
    import re

    folder = check_floor.PACKAGE / "ui/static/vendor"
    listed = dict(re.findall(r"`([\w.\-/]+)` \| `([0-9a-f]{64})`", (folder / "README.md").read_text()))
    code = {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix in {".js", ".css", ".map"}
    }
    assert set(listed) == code
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
        assert (Path(folder / name).parent / "LICENSE").exists()
