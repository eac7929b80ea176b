"""The list of reports: one entry each, for the window's list and the command line alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from forms.record.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its id on the command line, what it is about, and where its ``render`` lies.

    ``label_key`` names its text. Modules are imported when first rendered, so that listing costs nothing.
    """

    id: str
    about: Literal["cohort", "subject"]
    module: str
    label_key: str

    def render(self, dataset: Dataset, language: str, subject: str = "") -> bytes:
        """The PDF. ``subject`` is needed where the report is about one."""
        draw: Callable[..., bytes] = import_module(self.module).render
        return draw(dataset, subject, language) if self.about == "subject" else draw(dataset, language)


REPORTS: dict[str, Report] = {
    report.id: report
    for report in (
        Report("casebook", "subject", "reports.pdf.casebook.report", "reports.report.casebook"),
        Report("cohort", "cohort", "reports.pdf.cohort.report", "reports.report.cohort"),
        Report("audit", "cohort", "reports.pdf.audit", "reports.report.audit"),
        Report("queries", "cohort", "reports.pdf.queries", "reports.report.queries"),
        Report("delegation", "cohort", "reports.pdf.delegation", "reports.report.delegation"),
    )
}
