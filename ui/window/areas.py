"""The pages of the rail, and where each lives."""

from __future__ import annotations

PAGES: tuple[tuple[str, str, str, str], ...] = (
    ("today", "ui.pages.today", "TodayPage", "read"),
    ("subjects", "ui.pages.subjects", "SubjectsPage", "read"),
    ("queries", "ui.pages.queries.page", "QueriesPage", "read"),
    ("reports", "ui.pages.reports", "ReportsPage", "report"),
    ("study", "ui.pages.study", "StudyPage", ""),
    ("administration", "ui.pages.administration.page", "AdministrationPage", "accounts|backup|lock|unlock|study"),
)
"""Page, where it lives, the rights of which it asks for one. A page is made when it is first gone to. Where the window
is too small for a page it is scrolled; the page of a subject scrolls below its band."""
