"""What the seven patients of study A share: the day of the demonstration, the usual course, an empty chart."""

from datetime import date

from tests.builders.ankl_forms import Chart
from tests.builders.ankl_quantities import of_patient
from tests.builders.curves import Course

TODAY = date(2025, 7, 25)
"""The day of the demonstration."""

REMISSION = ((-6, 1.0), (0, 0.95), (3, 0.8), (7, 0.52), (14, 0.2), (19, 0.07), (30, 0.02), (60, 0.0))
"""How the disease yields in a patient who is in complete remission after cycle 1."""


def chart_of(number, first_dose, activity, starts, *, sex, weight, height, omitted=(), **active):
    """An empty casebook and the course of its patient; ``starts`` are the first days of the cycles."""
    days = [(start - first_dose).days for start in starts]
    eights = [start + 7 for start in days]
    course = Course(
        f"S01-{number:03d}",
        activity,
        tuple(day + 1 for day in days),
        tuple(days),
        tuple(day for day in eights if day not in omitted),
        of_patient(number, sex, **active),
    )
    return Chart(course.subject, first_dose, course, weight, height)


def day(text):
    """A date from its text."""
    return date.fromisoformat(text)


def samples(chart):
    """Days on which blood was drawn, in order."""
    days = {row[7] for row in chart.rows if row[3] == "HEM" and row[6] == "LBDAT"}
    return sorted(date.fromisoformat(text) for text in days)


def transplant(chart, on, conditioning, **more):
    """The transplantation form."""
    chart.put("LOG", 1, "HS", HSYN="Y", HSCOND=conditioning, HSDAT=on, HSSTAT="CR", **more)
