"""The quick card: one page to lay beside the keyboard: the six acts of a day, the keys, what to do in trouble."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from forms.texts import say
from reports.paper.cells import Column, TableCell, row
from reports.paper.page import WIDTH, PageFacts, render_document
from reports.paper.style import SIZE_SMALL, marked, paragraph_style
from reports.paper.tables import draw_table

ACTS = ("sign_in", "find", "enter", "look", "complete", "leave")
TROUBLE = ("power", "wrong", "forgotten", "in_use", "damaged", "sae", "clock", "help")

GAP = 16.0
"""Points between what stands side by side."""

HALF = (WIDTH - GAP) / 2
KEYS_WIDTH = 84.0
ACT_WIDTH, WHEN_WIDTH = 96.0, 146.0

Keys = tuple[str, Sequence[tuple[str, str]]]
"""Where keys hold, in words, and each with what it does."""


def render(keys: Sequence[Keys], language: str, app: str) -> bytes:
    """The card as PDF, one page A4. ``keys`` come from the table of shortcuts; ``app`` is the program's version."""
    title = say(language, "guide.card.title")
    facts = PageFacts(
        language=language, title=title, study="Casebook", about="", cut_off="",
        versions=f"Casebook {app}", position=say(language, "guide.card.more"),
    )  # fmt: skip
    acts = [
        row(
            TableCell(f"{at}  {say(language, f'guide.card.act.{act}')}", bold=True),
            say(language, f"guide.card.do.{act}"),
        )
        for at, act in enumerate(ACTS, 1)
    ]
    trouble = [
        row(say(language, f"guide.card.when.{each}"), say(language, f"guide.card.then.{each}")) for each in TROUBLE
    ]
    columns = [Column("", width=ACT_WIDTH), Column("", wrap=True)]
    broad = [Column("", width=WHEN_WIDTH, wrap=True), Column("", wrap=True)]
    story: list[Flowable] = [
        Paragraph(marked(title), paragraph_style("title", language)),
        _head(say(language, "guide.card.day"), language),
        draw_table(columns, acts, language=language, lined=True),
        _head(say(language, "guide.card.keys"), language),
        _side_by_side(keys, language),
        _head(say(language, "guide.card.trouble"), language),
        draw_table(broad, trouble, language=language, lined=True),
        Spacer(1, 6),
        Paragraph(marked(say(language, "guide.card.who")), paragraph_style("text", language)),
    ]
    return render_document(facts, story)


def _head(words: str, language: str) -> Paragraph:
    return Paragraph(marked(words), paragraph_style("subhead", language))


def _side_by_side(keys: Sequence[Keys], language: str) -> Table:
    """The places in two columns, cut where both come nearest to the same height."""
    lines = [len(each) + 1 for _, each in keys]
    at = min(range(1, len(keys)), key=lambda cut: abs(sum(lines[:cut]) - sum(lines[cut:])))
    sides = [
        [
            draw_table(
                [Column(where, width=KEYS_WIDTH), Column("", wrap=True)],
                [row(*line) for line in told],
                language=language, width=HALF, size=SIZE_SMALL, lined=True,
            )
            for where, told in side
        ]
        for side in (keys[:at], keys[at:])
    ]  # fmt: skip
    bare = [(f"{edge}PADDING", (0, 0), (-1, -1), 0) for edge in ("LEFT", "TOP", "BOTTOM")]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *bare,
        ("RIGHTPADDING", (0, 0), (0, 0), GAP),
        ("RIGHTPADDING", (1, 0), (1, 0), 0),
    ]
    return Table([sides], colWidths=[HALF + GAP, HALF], style=style)
