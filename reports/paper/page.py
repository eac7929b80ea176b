"""The printed document: A4 with header, footer, bookmarks, contents, title and language; no wall clock.

``render_document(facts, story)`` gives the same bytes for the same story. Page totals and the page numbers of the
contents are drawn as forms that are filled in when the last page is known, so that the story is laid out only once.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from forms.record.dataset import Dataset
from forms.texts import said, say
from reports.paper.style import (
    ACCENT,
    BOLD,
    FONT,
    INK,
    QUIET,
    RULE,
    SIZE_SMALL,
    SIZE_TEXT,
    marked,
    paragraph_style,
    printable,
    register_fonts,
    width_of,
)

MARGIN = 48.0
HEADER = 62.0
FOOTER = 58.0
WIDTH = A4[0] - 2 * MARGIN
"""Width of the text on an upright page, points."""
HEIGHT = A4[1] - HEADER - FOOTER
WIDE_WIDTH = A4[1] - 2 * MARGIN
"""Width of the text on a page laid across."""
WIDE_HEIGHT = A4[0] - HEADER - FOOTER


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Texts of the header and footer of every page, ready to print."""

    language: str
    title: str
    study: str
    about: str
    cut_off: str
    versions: str
    position: str
    mark: str = ""
    """Line above everything else: that the data are of a demonstration or a test."""


def page_facts(dataset: Dataset, language: str, about: str, title: str) -> PageFacts:
    """The facts of a report on ``about`` (a subject id, or "Cohort") with the document title ``title``."""
    study = dataset.study
    cut_off = dataset.cut_off.isoformat() if dataset.cut_off else say(language, "reports.page.no_cut_off")
    versions = say(
        language,
        "reports.page.versions",
        app=dataset.app,
        version=study.version,
        definition=dataset.definition[:12],
        ctcae=study.ctcae,
    )
    position = say(
        language, "reports.page.position", position=dataset.position, as_of=dataset.as_of, tip=short_tip(dataset.tip)
    )
    return PageFacts(
        language=language,
        title=title,
        study="  ".join(filter(None, (said(study.short_title, language), study.registry))),
        about=about,
        cut_off=say(language, "reports.page.cut_off", cut_off=cut_off),
        versions=versions,
        position=position,
        mark=demonstration_mark(dataset.set_clock, language),
    )


def demonstration_mark(set_clock: str, language: str) -> str:
    """Line on every page of a store whose clock was set by hand to a day (ISO date), "" for one made in earnest."""
    return say(language, "reports.page.demonstration", day=set_clock) if set_clock else ""


def short_tip(tip: str) -> str:
    """The first sixteen signs of a tip in groups of four, as printed and compared by eye; a dash when there is none."""
    return " ".join(tip[at : at + 4] for at in range(0, min(len(tip), 16), 4)) or "–"


def shown_date(day: date | None) -> str:
    """ISO date, or a dash."""
    return day.isoformat() if day else "–"


class Heading(Paragraph):  # type: ignore[misc]
    """A heading that is also a bookmark (level 0 or 1) and, at level 0, a line of the contents."""

    def __init__(self, text: str, level: int, key: str, language: str, short: str = "") -> None:
        super().__init__(marked(text), paragraph_style("head" if level == 0 else "subhead", language))
        self.level = level
        self.key = key
        self.title = printable(short or text)

    def draw(self) -> None:
        """Draws the heading and marks its place."""
        canvas = self.canv
        canvas.bookmarkHorizontal(self.key, 0, self.height + 8)
        canvas.addOutlineEntry(self.title, self.key, level=self.level, closed=False)
        if isinstance(canvas, _Pages):
            canvas.reached[self.key] = canvas.getPageNumber()
        super().draw()


class Contents(Flowable):  # type: ignore[misc]
    """Lines of the contents: title, leader and page number, each a link. Entries are (key, title)."""

    LEADING = 15.0

    def __init__(self, entries: Sequence[tuple[str, str]], width: float = WIDTH) -> None:
        super().__init__()
        self.entries = tuple(entries)
        self.width = width

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size."""
        self.width = available_width
        return self.width, self.LEADING * len(self.entries) + 4

    def draw(self) -> None:
        """Draws the lines; numbers come when the document ends."""
        canvas = self.canv
        y = self.LEADING * len(self.entries)
        for key, title in self.entries:
            y -= self.LEADING
            text = printable(title)
            canvas.setFont(FONT, SIZE_TEXT)
            canvas.setFillColor(INK)
            canvas.drawString(0, y + 4, text)
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.4)
            canvas.setDash(0.6, 2.4)
            canvas.line(width_of(text, SIZE_TEXT) + 6, y + 5, self.width - 22, y + 5)
            canvas.setDash()
            canvas.linkRect("", key, (0, y, self.width, y + self.LEADING), relative=1, thickness=0)
            if isinstance(canvas, _Pages):
                canvas.later(f"page-of-{key}", self.width, y + 4, key)


class _Together(KeepTogether):  # type: ignore[misc]
    """Keeps a heading with what follows; a table after it need only begin on the page, unless it stays whole."""

    BEGINNING = 110.0

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """The parts as they are when a table may begin here, else on a new page."""
        *heads, last = self._content
        if isinstance(last, Table) and heads:
            needed = sum(head.wrap(available_width, available_height)[1] + head.getSpaceAfter() for head in heads)
            whole = getattr(last, "whole", False)
            needed += last.wrap(available_width, available_height)[1] if whole else self.BEGINNING
            if needed <= available_height:
                return list(self._content)
        return list(super().split(available_width, available_height))


class _Pages(Canvas):  # type: ignore[misc]
    """A canvas that knows where headings fell and draws page numbers once all pages exist."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.reached: dict[str, int] = {}
        self.promised: dict[str, str] = {}

    def later(self, form: str, x: float, y: float, key: str) -> None:
        """Reserves a place, right-aligned at x, for the page number of a heading."""
        self.promised[form] = key
        self.saveState()
        self.translate(x, y)
        self.doForm(form)
        self.restoreState()

    def _draw_form(self, name: str, text: str, *, right: bool, colour: object) -> None:
        self.beginForm(name, -60, -4, 200, 12)
        self.setFillColor(colour)
        self.setFont(FONT, SIZE_TEXT if right else SIZE_SMALL)
        if right:
            self.drawRightString(0, 0, text)
        else:
            self.drawString(0, 0, text)
        self.endForm()

    def finish(self, total_text: str) -> None:
        """Fills in every promised number; ``total_text`` stands after the page number on each page."""
        for form, key in self.promised.items():
            self._draw_form(form, str(self.reached.get(key, "–")), right=True, colour=INK)
        self._draw_form("page-total", total_text, right=False, colour=QUIET)


class _Document(BaseDocTemplate):  # type: ignore[misc]
    """The template: upright and wide pages with the same header and footer."""

    def __init__(self, out: io.BytesIO, facts: PageFacts) -> None:
        super().__init__(
            out,
            pagesize=A4,
            title=printable(facts.title),
            subject=printable(f"{facts.study} {facts.about}"),
            author="",
            creator="Casebook",
            producer="Casebook",
            invariant=1,
            lang="zh-CN" if facts.language == "zh" else "en",
            displayDocTitle=True,
            initialFontName=FONT,
            initialFontSize=SIZE_TEXT,
            pageCompression=1,
            keepTogetherClass=_Together,
            allowSplitting=1,
        )
        self.facts = facts
        plain = Frame(MARGIN, FOOTER, WIDTH, HEIGHT, 0, 0, 0, 0, id="upright")
        wide = Frame(MARGIN, FOOTER, WIDE_WIDTH, WIDE_HEIGHT, 0, 0, 0, 0, id="wide")
        self.addPageTemplates(
            [
                PageTemplate(id="upright", frames=[plain], onPage=self._draw_edges, pagesize=A4),
                PageTemplate(id="wide", frames=[wide], onPage=self._draw_edges, pagesize=(A4[1], A4[0])),
            ]
        )

    def _draw_edges(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        width, height = canvas._pagesize
        canvas.saveState()
        _draw_header(canvas, self.facts, width, height)
        _draw_footer(canvas, self.facts, width)
        canvas.restoreState()

    def _endBuild(self) -> None:  # noqa: N802 - the name the library calls
        self._doSave = 0
        super()._endBuild()
        self.canv.finish(say(self.facts.language, "reports.page.of_pages", pages=self.page))
        self.canv.save()


def _draw_header(canvas: Canvas, facts: PageFacts, width: float, height: float) -> None:
    y = height - 34
    if facts.mark:
        canvas.setFillColor(ACCENT)
        canvas.setFont(BOLD, SIZE_SMALL)
        canvas.drawCentredString(width / 2, y + 13, printable(facts.mark))
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, SIZE_TEXT)
    canvas.drawRightString(width - MARGIN, y, printable(facts.about))
    free = width - 2 * MARGIN - width_of(printable(facts.about), SIZE_TEXT, bold=True) - 16
    canvas.setFont(FONT, SIZE_TEXT)
    canvas.drawString(MARGIN, y, shortened(printable(facts.study), free, SIZE_TEXT))
    canvas.setFillColor(QUIET)
    canvas.setFont(FONT, SIZE_SMALL)
    canvas.drawString(MARGIN, y - 12, printable(facts.title))
    canvas.drawRightString(width - MARGIN, y - 12, printable(facts.cut_off))
    _draw_rule(canvas, width, y - 18)


def _draw_footer(canvas: Canvas, facts: PageFacts, width: float) -> None:
    _draw_rule(canvas, width, 46)
    canvas.setFillColor(QUIET)
    canvas.setFont(FONT, SIZE_SMALL)
    page = say(facts.language, "reports.page.page", page=canvas.getPageNumber())
    canvas.drawString(MARGIN, 35, page)
    canvas.saveState()
    canvas.translate(MARGIN + width_of(page, SIZE_SMALL), 35)
    canvas.doForm("page-total")
    canvas.restoreState()
    canvas.drawRightString(width - MARGIN, 35, printable(facts.versions))
    canvas.drawRightString(width - MARGIN, 24.5, printable(facts.position))


def _draw_rule(canvas: Canvas, width: float, y: float) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, y, width - MARGIN, y)


def shortened(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis when wider than ``width`` points."""
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(text + "...", size, bold) > width:
        text = text[:-1]
    return text.rstrip() + "..."


def wide_page() -> list[Flowable]:
    """Flowables that begin a page laid across."""
    return [NextPageTemplate("wide"), PageBreak()]


def upright_page() -> list[Flowable]:
    """Flowables that begin an upright page."""
    return [NextPageTemplate("upright"), PageBreak()]


class TitleBand(Flowable):  # type: ignore[misc]
    """A quiet coloured rule across the page, used under a title."""

    def __init__(self, height: float = 2.2) -> None:
        super().__init__()
        self.height = height

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size."""
        self.width = available_width
        return available_width, self.height + 8

    def draw(self) -> None:
        """Draws the rule."""
        self.canv.setFillColor(ACCENT)
        self.canv.rect(0, 6, self.width, self.height, stroke=0, fill=1)


def captioned(drawing: Flowable, caption: str, language: str) -> list[Flowable]:
    """A figure kept together with its caption below."""
    return [KeepTogether([Spacer(1, 6), drawing, Paragraph(marked(caption), paragraph_style("note", language))])]


def render_document(facts: PageFacts, story: Sequence[Flowable], *, wide: bool = False) -> bytes:
    """The PDF of a story. ``wide`` begins on a page laid across. Same facts and story: same bytes."""
    register_fonts()
    out = io.BytesIO()
    document = _Document(out, facts)
    if wide:
        document.pageTemplates.reverse()
    document.build(list(story), canvasmaker=_Pages)
    return out.getvalue()
