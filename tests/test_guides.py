"""The guides: the same in both languages, complete, true to the words of the program, whole without a network."""

from __future__ import annotations

import json
import re
import sys
from html import escape
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from forms.texts import LANGUAGES, say
from reports.pdf.quick_card import ACTS, TROUBLE
from tests.test_house import ROOT
from ui.actions import TABLE, WHERE
from ui.commands import main
from ui.commands.arguments import COMMANDS
from ui.guide import bound as written
from ui.guide.anchors import SECTIONS, section_named
from ui.guide.book import DOCS, GUIDES, IN_BOTH, chapters, guide_of
from ui.guide.card import card, keys_words
from ui.guide.paging import body, chapter_html, headings, page

PICTURES = DOCS / "pictures"
MOST = 6 * 1024 * 1024
"""Bytes that the pictures may take in the program."""

CHAPTERS = [(guide, path.name) for guide in IN_BOTH for path in chapters(guide, "en")]
SHAPE = re.compile(r'<(h[1-6]|tr|t[hd]|li|ol|ul|pre|img)(?: id="([^"]*)"| src="([^"]*)")?')
"""What has to be the same in each language: headings with their anchors, tables, lists, pictures, in this order."""

BOLD = re.compile(r"\*\*(.+?)\*\*")
KEY = re.compile(r"(?:(?:Ctrl|Shift|Alt)\+)*(?:F\d{1,2}|[A-Z0-9]|Enter|Tab|Esc|Space|Del|Left|PgUp|PgDown)")
LONG = (1.0, 2.6)
"""Chinese characters for an English word: a chapter outside says more in one language than in the other."""


def chapter(language: str, guide: str, name: str) -> Path:
    return DOCS / "guide" / language / guide / name


def shape(path: Path) -> list[tuple[str, str, str]]:
    return [
        (tag, anchor, re.sub(r"pictures/\w+/", "pictures/", source))
        for tag, anchor, source in SHAPE.findall(chapter_html(path))
    ]


def words_of(language: str) -> set[str]:
    """Everything the program says in a language, without what follows a colon or three dots."""
    told = set()
    for path in (ROOT / "resources" / "i18n" / language).glob("*.json"):
        told |= {
            re.split(r"[:：] ?\{", text)[0].strip().rstrip("…:：")
            for text in json.loads(path.read_text(encoding="utf-8")).values()
        }
    return told


@pytest.mark.parametrize("guide", IN_BOTH)
def test_each_guide_has_the_same_chapters_in_each_language(guide):
    names = [path.name for path in chapters(guide, "en")]
    assert len(names) > 5
    assert [path.name for path in chapters(guide, "zh")] == names


@pytest.mark.parametrize(("guide", "name"), CHAPTERS)
def test_a_chapter_has_the_same_headings_tables_lists_and_pictures_in_each_language(guide, name):
    assert shape(chapter("zh", guide, name)) == shape(chapter("en", guide, name))


@pytest.mark.parametrize(("guide", "name"), CHAPTERS)
def test_a_chapter_says_as_much_in_chinese_as_in_english(guide, name):
    english = len(chapter("en", guide, name).read_text(encoding="utf-8").split())
    chinese = len(re.findall(r"[\u4e00-\u9fff]", chapter("zh", guide, name).read_text(encoding="utf-8")))
    assert LONG[0] < chinese / english < LONG[1], f"{chinese} characters for {english} words"


@pytest.mark.parametrize(("guide", "name"), CHAPTERS)
def test_every_section_has_an_anchor_of_its_own(guide, name):
    text = chapter("en", guide, name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line]
    assert [
        after for before, after in pairwise(lines) if after.startswith("## ") and not before.startswith("<a ")
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guide", IN_BOTH)
def test_names_of_buttons_and_pages_in_the_guides_are_those_of_the_program(language, guide):
    known = words_of(language)
    quoted = [
        (path.name, each)
        for path in chapters(guide, language)
        for each in BOLD.findall(path.read_text(encoding="utf-8"))
        if not KEY.fullmatch(each)
    ]
    assert quoted
    assert [(name, each) for name, each in quoted if each.rstrip("…") not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_that_f1_opens_is_there_in_each_language(language):
    there = {guide: {each.anchor for each in headings(body(guide, language))} for guide in GUIDES}
    assert {name: at for name, at in SECTIONS.items() if at.anchor not in there[at.guide]} == {}


def test_every_page_and_every_dialog_has_a_section():
    made = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in ("pages", "dialogs")
        for path in sorted((ROOT / "ui" / room).rglob("*.py"))
        if re.search(
            r"^class \w+\((?:Q?Widget|QDialog|Bounded|DoorPage)\b", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert len(made) > 20
    assert [name for name in made if name != "ui.dialogs.ask" and not section_named(name)] == []


def test_every_small_dialog_has_a_section():
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "ui").rglob("*.py")))
    asked = set(re.findall(r'AskDialog\(\s*(?:self\.)?settings,\s*\w+,\s*"(\w+)"', code))
    assert len(asked) > 8
    assert sorted(key for key in asked if not section_named(f"ask.{key}")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_stands_in_the_guide(language):
    told = chapter(language, "users", "90_commands.md").read_text(encoding="utf-8")
    for name in ("70_reports.md", "80_safe.md"):
        told += chapter(language, "users", name).read_text(encoding="utf-8")
    assert [command for command in COMMANDS if command != "window" and f"`{command} " not in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guide", GUIDES)
def test_a_page_fetches_nothing_and_every_link_leads_somewhere(guide, language):
    text = page(guide, language)
    assert not re.search(r"<script|https?://|url\(|<link|<iframe", text)
    anchors = re.findall(r' id="([^"]+)"', text)
    assert len(anchors) == len(set(anchors))
    there = {other: {each.anchor for each in headings(body(other, language))} for other in GUIDES}
    for target in re.findall(r'href="([^"]+)"', text):
        file, _, anchor = target.partition("#")
        other = file.removesuffix(".html") or guide
        assert other in GUIDES, target
        assert not anchor or anchor in there[other], target


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_of_a_guide_is_there_and_says_what_it_shows(language):
    shown = []
    for guide in IN_BOTH:
        for path in chapters(guide, language):
            for words, source in re.findall(r"!\[(.*?)\]\((.*?)\)", path.read_text(encoding="utf-8")):
                shown.append(source)
                assert (path.parent / source).resolve().is_file(), f"{path.name}: {source}"
                assert f"/pictures/{language}/" in source
                assert len(words) > 3
    assert len(shown) == len(set(shown))


def test_the_pictures_stay_small():
    assert sum(path.stat().st_size for path in PICTURES.rglob("*.png")) < MOST


def test_the_small_study_is_the_same_in_chinese():
    chinese = DOCS / "guide" / "zh" / "authors" / "10_overview.md"
    whole = re.compile(r"```yaml\nid: mini.*?```", re.DOTALL)
    english, other = (whole.findall(path.read_text(encoding="utf-8")) for path in (DOCS / "study_authors.md", chinese))
    assert len(english) == 1
    assert other == english


def test_html_in_a_chapter_is_refused(tmp_path):
    path = tmp_path / "10_odd.md"
    path.write_text("# Odd\n\n<script>alert(1)</script>\n", encoding="utf-8")
    with pytest.raises(ValueError, match="10_odd"):
        chapter_html(path)


def test_a_chapter_belongs_to_its_guide_and_a_decision_to_none():
    assert guide_of(DOCS / "grading.md") == ("authors", "grading")
    assert guide_of(chapter("zh", "users", "30_entering.md")) == ("users", "entering")
    assert guide_of(DOCS / "decisions" / "keys.md") == ("", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quick_card_is_one_page_with_everything_on_it(language, tmp_path):
    (tmp_path / "card.pdf").write_bytes(card(language))
    pages = PdfReader(tmp_path / "card.pdf").pages
    assert len(pages) == 1
    read = re.sub(r"\s", "", pages[0].extract_text())
    told = [say(language, f"guide.card.{kind}.{act}") for act in ACTS for kind in ("act", "do")]
    told += [say(language, f"guide.card.{kind}.{each}") for each in TROUBLE for kind in ("when", "then")]
    told += [say(language, f"ui.action.{line.id}") for line in TABLE] + [keys_words(line, language) for line in TABLE]
    told += [say(language, f"ui.where.{where}") for where in WHERE] + [say(language, "guide.card.who")]
    assert [each for each in told if re.sub(r"\s", "", each) not in read] == []
    left, bottom, right, top = (float(each) for each in pages[0].mediabox)
    assert (round(right - left), round(top - bottom)) == (595, 842)


def test_the_command_writes_the_guides_and_the_card_in_each_language(tmp_path, capsys):
    assert main(["guide", "--out", str(tmp_path / "out"), "--language", "en"]) == 0
    assert str(tmp_path / "out" / "index.html") in capsys.readouterr().out
    for language in LANGUAGES:
        for guide in GUIDES:
            text = (tmp_path / "out" / language / f"{guide}.html").read_text(encoding="utf-8")
            assert escape(say(language, f"guide.title.{guide}")) in text
            for source in re.findall(r'<img src="([^"]+)"', text):
                assert (tmp_path / "out" / language / source).is_file()
        assert (tmp_path / "out" / language / "quick-card.pdf").read_bytes() == card(language)


def test_a_packed_program_shows_the_finished_pages(tmp_path, monkeypatch):
    for name, content in written.files().items():
        path = tmp_path / "guide" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    made = page("users", "zh")
    (tmp_path / "guide" / "zh" / "users.html").write_text(made.replace("<main>", "<main>finished"), encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert "<main>finished" in page("users", "zh")


@pytest.mark.parametrize("name", ["README.md", "docs/users.md", "docs/users.zh.md", "docs/developers.md"])
def test_every_file_and_picture_that_a_page_of_the_folder_names_is_there(name):
    page_of = ROOT / name
    named = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page_of.read_text(encoding="utf-8"))
    assert [each for each in named if not (page_of.parent / each).exists()] == []


@pytest.mark.parametrize(("name", "language"), [("users.md", "en"), ("users.zh.md", "zh")])
def test_the_contents_name_every_chapter(name, language):
    told = (DOCS / name).read_text(encoding="utf-8")
    assert [path.name for guide in IN_BOTH for path in chapters(guide, language) if path.name not in told] == []
