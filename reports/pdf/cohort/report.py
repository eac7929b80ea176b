"""The cohort report: everything the definition's analysis asks for, as figures and as a PDF made of them."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.platypus import CondPageBreak, Flowable, PageBreak

from forms.record.dataset import Dataset
from reports.figure import Figure
from reports.paper.page import page_facts, render_document
from reports.paper.style import register_fonts
from reports.pdf.cohort.baseline import baseline_figures, draw_baseline
from reports.pdf.cohort.compared import compared_figures, draw_baseline_by, draw_exposure_by, draw_outcomes
from reports.pdf.cohort.data import Cohort
from reports.pdf.cohort.dates import date_figures, draw_dates
from reports.pdf.cohort.eligibility import draw_eligibility, eligibility_figures
from reports.pdf.cohort.exposure import draw_exposure, exposure_figures
from reports.pdf.cohort.flow import draw_flow_section, flow_figures
from reports.pdf.cohort.front import draw_annex, draw_cover, draw_definitions, draw_key_results
from reports.pdf.cohort.listing import draw_deaths, draw_milestones, draw_quality, listing_figures
from reports.pdf.cohort.pairs import draw_historical, draw_pairs, historical_figures, pair_figures
from reports.pdf.cohort.response import draw_response, response_figures
from reports.pdf.cohort.response_by import draw_response_by, response_by_figures
from reports.pdf.cohort.safety import draw_safety, safety_figures
from reports.pdf.cohort.safety_by import draw_safety_by, safety_by_figures
from reports.pdf.cohort.survival import draw_survivals, survival_figures
from reports.pdf.cohort.survival_by import draw_survivals_by, survival_by_figures
from reports.pdf.cohort.trends import draw_trends, trend_figures
from reports.pdf.cohort.words import Book

MAKERS: tuple[Callable[[Cohort], list[Figure]], ...] = (
    flow_figures,
    eligibility_figures,
    baseline_figures,
    exposure_figures,
    response_figures,
    survival_figures,
    safety_figures,
    listing_figures,
    trend_figures,
    compared_figures,
    response_by_figures,
    survival_by_figures,
    safety_by_figures,
    pair_figures,
    historical_figures,
    date_figures,
)

FURTHER: dict[str, tuple[Callable[[Cohort, Book], list[Flowable]], ...]] = {
    "flow": (draw_eligibility,),
    "baseline": (draw_baseline_by,),
    "exposure": (draw_exposure_by,),
    "response": (draw_response_by, draw_outcomes),
    "survival": (draw_survivals_by, draw_historical),
    "safety": (draw_safety_by,),
    "trends": (draw_pairs,),
}
"""Further parts of a section, drawn when the definition asks for them."""

SECTIONS: tuple[tuple[str, str, Callable[[Cohort, Book], list[Flowable]], float], ...] = (
    ("key", "key.head", draw_key_results, 0),
    ("flow", "flow.head", draw_flow_section, 420),
    ("baseline", "baseline.head", draw_baseline, 180),
    ("exposure", "exposure.head", draw_exposure, 180),
    ("response", "response.head", draw_response, 300),
    ("survival", "survival.head", draw_survivals, 375),
    ("safety", "ae.head", draw_safety, 180),
    ("deaths", "deaths.head", draw_deaths, 160),
    ("milestones", "milestones.head", draw_milestones, 160),
    ("dates", "dates.head", draw_dates, 160),
    ("trends", "trends.head", draw_trends, 200),
    ("quality", "quality.head", draw_quality, 200),
)
"""Key of the bookmark, text of the heading, what draws it, and the room in points it should find on a page."""


def figures(dataset: Dataset, language: str) -> list[Figure]:
    """Every number of the report, in its order."""
    cohort = Cohort(dataset, language)
    return [figure for maker in MAKERS for figure in maker(cohort)]


def render(dataset: Dataset, language: str) -> bytes:
    """The PDF. The same dataset and language give the same bytes."""
    register_fonts()
    cohort = Cohort(dataset, language)
    book = Book(figure for maker in MAKERS for figure in maker(cohort))
    entries = [(key, cohort.say(head)) for key, head, _, _ in SECTIONS]
    entries += [("definitions", cohort.say("definition.head")), ("annex", cohort.say("annex.head"))]
    story: list[Flowable] = [*draw_cover(cohort, entries), PageBreak()]
    for key, _, draw, room in SECTIONS:
        if room:
            story.append(CondPageBreak(room))
        for part in (draw, *FURTHER.get(key, ())):
            story += part(cohort, book)
    story += [CondPageBreak(200), *draw_definitions(cohort), *draw_annex(cohort, book)]
    facts = page_facts(dataset, language, cohort.say("cover.about", n=len(cohort.people)), cohort.say("cover.title"))
    return render_document(facts, story)
