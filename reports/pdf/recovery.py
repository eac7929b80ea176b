"""The recovery sheet: the code that opens a store when a passphrase is lost, to print, fold, seal and lock away."""

from __future__ import annotations

from collections.abc import Mapping

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer

from forms.study.definition import Study
from forms.texts import said, say
from reports.paper.page import WIDTH, PageFacts, TitleBand, demonstration_mark, render_document
from reports.paper.style import BOLD, INK, SIZE_HEAD, marked, paragraph_style
from reports.paper.tables import Column, TableRow, draw_table, row

QR_SIDE = 150.0
"""Points; 30 letters and digits in the densest level M symbol can be read from a fold of paper."""

STEPS = ("print", "seal", "keep", "use", "after")
SIGNED = ("sealed_by", "witness", "place", "opened")


def render(
    study: Study, site: str, store: str, made: str, code: str, fingerprint: str, app: str, language: str,
    set_clock: str = "",
) -> bytes:  # fmt: skip
    """The sheet as PDF. ``made`` says when with the zone; the code stands on this page and nowhere else.

    ``fingerprint`` tells the store from one made anew. ``set_clock`` is the day (ISO date) a demonstration's clock was
    set to.
    """
    title = say(language, "access.sheet.title")
    facts = PageFacts(
        language=language, title=title, study=said(study.short_title, language), about=site, cut_off="",
        versions=f"Casebook {app}", position=made, mark=demonstration_mark(set_clock, language),
    )  # fmt: skip
    big = ParagraphStyle("code", fontName=BOLD, fontSize=SIZE_HEAD + 4, leading=26, textColor=INK, alignment=TA_CENTER)
    about = {"study": said(study.title, language), "site": site, "store": store, "made": made}
    told = _rows({**about, "fingerprint": fingerprint}, language)
    blank = _rows(dict.fromkeys(SIGNED, "\n\n"), language)
    columns = [Column("", width=150), Column("", wrap=True)]
    steps = [
        Paragraph(f"{at}. {marked(say(language, f'access.sheet.step.{step}'))}", paragraph_style("text", language))
        for at, step in enumerate(STEPS, 1)
    ]
    story: list[Flowable] = [
        Paragraph(marked(title), paragraph_style("title", language)),
        TitleBand(),
        Paragraph(marked(say(language, "access.sheet.text")), paragraph_style("text", language)),
        draw_table(columns, told, language=language, lined=True),
        Spacer(1, 18),
        Paragraph(marked(code), big),
        Spacer(1, 10),
        draw_code(code),
        Spacer(1, 10),
        *steps,
        Spacer(1, 10),
        draw_table(columns, blank, language=language, lined=True),
    ]
    return render_document(facts, story)


def _rows(told: Mapping[str, str], language: str) -> list[TableRow]:
    return [row(say(language, f"access.sheet.{name}"), value) for name, value in told.items()]


def draw_code(code: str) -> Drawing:
    """The code as a QR symbol (ISO/IEC 18004, error correction level M), in the middle of the page."""
    drawing = Drawing(WIDTH, QR_SIDE)
    symbol = QrCodeWidget(code, barLevel="M", barWidth=QR_SIDE, barHeight=QR_SIDE)
    symbol.x = (WIDTH - QR_SIDE) / 2
    drawing.add(symbol)
    return drawing
