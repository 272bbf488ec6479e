"""English is complete, and no Chinese text on a page escapes translation."""

from pathlib import Path

import polib
import pytest

from hongtu.ui.translations import compile_catalogues
from tools import messages


def test_every_message_has_its_english_and_no_text_is_unmarked() -> None:
    faults = messages.check()
    assert not faults, "run `python tools/messages.py extract`, then write the English:\n" + "\n".join(
        map(str, faults[:60])
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An application with a page, a view and words, fully translated."""
    root = tmp_path / "desk"
    (root / "templates").mkdir(parents=True)
    (root / "apps.py").write_text("")
    (root / "views.py").write_text(
        'from django.utils.translation import gettext as _\ntitle = _("事项 %(n)s") % {"n": 1}\n'
    )
    (root / "vocab.py").write_text('class Kind:\n    """种类"""\n\n    ROAD = "road", "道路"\n')
    (root / "templates/page.html").write_text(
        '{% load i18n %}<h1>{% translate "台账" %}</h1>'
        "{% blocktranslate count n=n %}{{ n }} 条{% plural %}{{ n }} 条{% endblocktranslate %}"
        '{% include "x.html" with label=_("名称") %}{# 注释不算 #}<!-- 也不算 -->'
    )
    messages.extract(root)
    catalogue = polib.pofile(str(messages.catalogue_path(root)))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "%(n)s item", 1: "%(n)s items"}
        else:
            entry.msgstr = "Item %(n)s" if "%(n)s" in entry.msgid else "English"
    catalogue.save()
    return root


def codes(root: Path) -> list[tuple[str, str]]:
    return [(fault.code, fault.text) for fault in messages.check(root)]


def change(root: Path, text: str, by: str) -> None:
    path = messages.catalogue_path(root)
    before = path.read_text()
    assert text in before
    path.write_text(before.replace(text, by, 1))


def test_a_finished_application_has_no_fault(package: Path) -> None:
    assert codes(package) == []


def test_all_ways_of_marking_are_found(package: Path) -> None:
    found, _faults = messages.collect(package)
    assert {text for _context, text in found[package]} == {"事项 %(n)s", "道路", "台账", "%(n)s 条", "名称"}


def test_a_missing_message_is_named(package: Path) -> None:
    (package / "forms.py").write_text('from x import gettext_lazy as _\nlabel = _("另行安排")\n')
    [(code, text)] = codes(package)
    assert code == "missing" and "另行安排" in text


def test_an_empty_translation_is_named(package: Path) -> None:
    change(package, 'msgid "台账"\nmsgstr "English"', 'msgid "台账"\nmsgstr ""')
    assert ("empty", "台账") in codes(package)


def test_a_fuzzy_translation_is_named(package: Path) -> None:
    change(package, 'msgid "台账"', '#, fuzzy\nmsgid "台账"')
    assert ("fuzzy", "台账") in codes(package)


def test_a_lost_placeholder_is_named(package: Path) -> None:
    change(package, "Item %(n)s", "Item")
    assert [code for code, _text in codes(package)] == ["placeholder"]


def test_a_translation_left_in_chinese_is_named(package: Path) -> None:
    change(package, 'msgid "台账"\nmsgstr "English"', 'msgid "台账"\nmsgstr "台账"')
    assert [code for code, _text in codes(package)] == ["not English"]


def test_a_message_no_longer_used_is_named(package: Path) -> None:
    (package / "views.py").write_text("")
    assert [code for code, _text in codes(package)] == ["stale"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("views.py", 'message = "没有标记"\n'),
        ("views.py", 'message = _(f"共{n}条")\n'),
        ("templates/bare.html", "<p>没有标记</p>"),
        ("templates/bare.html", '{% button "没有标记" %}'),
    ],
)
def test_text_that_escaped_is_named(package: Path, name: str, text: str) -> None:
    (package / name).write_text(text)
    assert {"unmarked", "f-string"} & {code for code, _text in codes(package)}


def test_text_can_be_excused_with_a_reason(package: Path) -> None:
    (package / "forms.py").write_text('pattern = "第"  # not for translation: read from workbooks\n')
    assert codes(package) == []


def test_extracting_again_keeps_what_is_translated(package: Path) -> None:
    before = messages.catalogue_path(package).read_text()
    assert messages.extract(package) == 0
    assert messages.catalogue_path(package).read_text() == before


def test_compiled_catalogues_are_made_once_and_renewed_when_the_source_changes(package: Path) -> None:
    [made] = compile_catalogues(package)
    assert polib.mofile(str(made)).find("台账").msgstr == "English"
    assert compile_catalogues(package) == []
    source = made.with_suffix(".po")
    source.write_text(source.read_text().replace("English", "Ledger"))
    import os

    os.utime(source, ns=(made.stat().st_mtime_ns + 10**9,) * 2)
    assert compile_catalogues(package) == [made]
