"""A guide as one page of HTML: headings with anchors, contents, pictures, tables; no script, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from forms.texts import say
from ui.guide.book import GUIDES, IN_ENGLISH, anchor_of, chapters, guide_of, packed, picture, width_of

if TYPE_CHECKING:
    from markdown_it.token import Token

MARK = re.compile(r'<a id="([a-z0-9_-]+)"></a>')
"""A line of its own before a heading: the heading's anchor, the same in each language."""

HEADING = re.compile(r'<h([123]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
STYLE = """
body { font-family: system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; line-height: 1.5;
  margin: 0 auto; max-width: 50rem; padding: 1rem; color: #1d2733; background: #ffffff; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #b9c3ce; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
th { background: #eef2f6; }
code, pre { font-family: ui-monospace, Consolas, monospace; background: #f2f4f7; }
pre { padding: 0.6rem; overflow-x: auto; }
img { max-width: 100%; height: auto; border: 1px solid #b9c3ce; }
a { color: #1f5fa8; }
@media print { nav { display: none; } h1 { break-before: page; } img, tr { break-inside: avoid; } }
"""


class GuideHeading(NamedTuple):
    """A heading of a page: 1 to 3, its anchor, its words."""

    level: int
    anchor: str
    words: str


def page(guide: str, language: str) -> str:
    """The whole page of a guide: the finished one of a packed program, else made now from its chapters."""
    finished = packed()
    if finished is not None:
        return (finished / language / f"{guide}.html").read_text(encoding="utf-8")
    return bound(language, title(guide, language), body(guide, language))


def title(guide: str, language: str) -> str:
    """What a guide is called."""
    return say(language, f"guide.title.{guide}")


def body(guide: str, language: str) -> str:
    """The chapters of a guide as HTML, one after another."""
    return "\n".join(chapter_html(path) for path in chapters(guide, language))


def bound(language: str, named: str, inside: str) -> str:
    """A page around what stands in it: title, the other guides, contents, the chapters."""
    others = " · ".join(f'<a href="{each}.html">{escape(title(each, language))}</a>' for each in GUIDES)
    contents = "\n".join(
        f'<li class="level{each.level}"><a href="#{each.anchor}">{escape(each.words)}</a></li>'
        for each in headings(inside)
        if each.level < 3
    )
    tag = "zh-CN" if language == "zh" else language
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(named)} – Casebook</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<nav>\n<p>{others}</p>\n<ul>\n{contents}\n</ul>\n</nav>\n<main>\n{inside}\n</main>\n</body>\n</html>\n"
    )


def inside_of(whole: str) -> str:
    """The chapters alone of a page."""
    return whole.partition("<main>")[2].partition("</main>")[0]


def headings(text: str) -> list[GuideHeading]:
    """The headings of a page in order."""
    return [
        GuideHeading(int(level), anchor, unescape(re.sub(r"<[^>]+>", "", words)))
        for level, anchor, words in HEADING.findall(text)
    ]


def chapter_html(path: Path) -> str:
    """One chapter as HTML. Raises ValueError naming the file when it holds HTML of its own other than an anchor."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable("table")
    tokens = list(_dressed(reader.parse(path.read_text(encoding="utf-8")), path))
    return str(reader.renderer.render(tokens, reader.options, {}))


def _dressed(tokens: list[Token], path: Path) -> Iterator[Token]:
    """The tokens of a chapter with anchors at headings, and links and pictures as a page names them."""
    waiting, at = anchor_of(path), 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "paragraph_open" and (mark := MARK.fullmatch(tokens[at + 1].content)):
            waiting, at = mark.group(1), at + 3
            continue
        if token.type == "heading_open":
            token.attrSet("id", waiting or f"{anchor_of(path)}-{slug(tokens[at + 1].content)}")
            waiting = ""
        if token.type == "paragraph_open" and [each.type for each in tokens[at + 1].children or ()] == ["image"]:
            token.attrSet("class", "picture")
        if token.type == "html_block" or (
            token.children and any(each.type == "html_inline" for each in token.children)
        ):
            raise ValueError(f"{path.name}: HTML in the text: {token.content[:60]}")
        if token.children:
            token.children = list(_linked(token.children, path))
        yield token
        at += 1


def _linked(tokens: list[Token], path: Path) -> Iterator[Token]:
    """Words of a paragraph: a link to a chapter leads to its guide, one to a file that is no chapter is left out."""
    leads = True
    for token in tokens:
        if token.type == "image":
            source = f"../pictures/{str(token.attrs['src']).rpartition('pictures/')[2]}"
            token.attrs = {"src": source, "alt": "", "width": width_of(picture(source))}
        elif token.type == "link_open":
            target = link(str(token.attrs["href"]), path)
            leads = bool(target)
            token.attrs["href"] = target
        if leads or token.type not in ("link_open", "link_close"):
            yield token


def link(href: str, path: Path) -> str:
    """A link of a chapter as the page names it; "" when it leads to a file that is no chapter of a guide."""
    file, _, anchor = href.partition("#")
    guide, chapter = guide_of((path.parent / file).resolve() if file else path)
    if anchor and chapter in IN_ENGLISH.get(guide, ()):
        anchor = f"{chapter}-{anchor}"
    return f"{guide}.html#{anchor or chapter}" if guide else ""


def slug(words: str) -> str:
    """The anchor a heading without one of its own gets: small letters, hyphens for spaces, nothing else."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", words.lower()).strip())
