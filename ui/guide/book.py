"""Which guides there are, of which files each is made, and where its pictures lie."""

from __future__ import annotations

import sys
from pathlib import Path
from struct import error, unpack

HOUSE = Path(__file__).resolve().parents[2]
DOCS = HOUSE / "docs"

IN_BOTH = ("users", "operators")
"""Guides written in each language: a folder of chapters, read in the order of their names."""

IN_ENGLISH = {"authors": ("study_authors", "expressions", "grading"), "developers": ("developers",)}
"""Guides written in English, shown in every language: the files of ``docs`` they are made of. What is written of them
in a language stands before."""

GUIDES = (*IN_BOTH, *IN_ENGLISH)


def packed() -> Path | None:
    """The folder of finished pages in a program without Python; None where pages are made when they are read."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) / "guide" if frozen else None


def chapters(guide: str, language: str) -> list[Path]:
    """The Markdown files of a guide, in order."""
    own = sorted((DOCS / "guide" / language / guide).glob("*.md"))
    return own + [DOCS / f"{name}.md" for name in IN_ENGLISH.get(guide, ())]


def anchor_of(chapter: Path) -> str:
    """The anchor of a chapter as a whole: its file's name without the number that orders it."""
    return chapter.stem.lstrip("0123456789_")


def guide_of(path: Path) -> tuple[str, str]:
    """The guide a Markdown file is a chapter of and its anchor; two empty words for any other file."""
    if path.parent == DOCS:
        guide = next((guide for guide, names in IN_ENGLISH.items() if path.stem in names), "")
    else:
        guide = path.parent.name if path.parent.name in GUIDES and path.is_file() else ""
    return (guide, anchor_of(path)) if guide else ("", "")


WIDE, TALL = 680, 440
"""Points a picture is wide on the screen: one of the window, one of a printed page."""

HEADER = slice(16, 24)
"""Where a PNG says how many pixels it is across and down (ISO/IEC 15948, chunk IHDR)."""


def width_of(path: Path) -> int:
    """Points a picture is wide in a guide; one that can't be read counts as one of the window."""
    try:
        with path.open("rb") as file:
            across, down = unpack(">II", file.read(HEADER.stop)[HEADER])
    except (OSError, error):
        return WIDE
    return TALL if down > across else WIDE


def picture(source: str) -> Path:
    """The file of a picture as a page names it, ``../pictures/LANGUAGE/NAME.png``."""
    return (packed() or DOCS) / "pictures" / source.rpartition("pictures/")[2]
