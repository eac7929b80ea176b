"""Small invented patients for reports: one line a value, the first dose on 10 January 2025 unless said otherwise."""

import functools
from datetime import date

from forms.authoring.load import read_study
from reports.pdf.cohort import report
from tests.reports.datasets import TODAY, dataset_of, subject_of

study_of = functools.cache(read_study)


def rows(*lines):
    """Values from lines such as ``LOG DD DTHDAT 2025-03`` or ``C_END/2 RS RSINV PD``, ``LOG AE#2 AETERM rash``.

    ``EVENT/n`` names a cycle, ``FORM#row`` a row; ``?UNK`` is a missing code.
    """
    found = []
    for line in lines:
        event, form, item, value = line.split(" ", 3)
        event, _, event_no = event.partition("/")
        form, _, row = form.partition("#")
        missing = value[1:] if value.startswith("?") else ""
        found.append(
            {"event": event, "event_no": event_no, "form": form, "form_no": "", "row": row, "item": item,
             "value": "" if missing else value, "unit": "", "missing": missing}
        )  # fmt: skip
    return found


BEGUN = (
    "SCR SV SVPERF Y", "SCR SV SVDAT 2025-01-03", "SCR IC ICDAT 2025-01-03", "SCR DM BRTHDAT 1971-04-09",
    "SCR DM SEX F", "SCR IE IEYN Y", "SCR IE ENRDAT 2025-01-06", "C_D1/1 SV SVPERF Y", "C_D1/1 SV SVDAT 2025-01-10",
    "C_D1/1 EXGEM EXGIVEN Y", "C_D1/1 EXGEM EXDAT 2025-01-10", "C_D1/1 EXGEM EXDOSE 1650",
)  # fmt: skip
"""Enrolled and treated, nothing else known."""


def visit(day, cycle=2):
    """A visit that took place."""
    return (f"C_D1/{cycle} SV SVPERF Y", f"C_D1/{cycle} SV SVDAT {day}")


def died(day, cause="PD"):
    """The death form."""
    return (f"LOG DD DTHDAT {day}", f"LOG DD DTHCAUS {cause}")


def response(day, answer, since="", cycle=1):
    """An assessment at the end of a cycle."""
    event = f"C_END/{cycle} RS"
    told = (f"{event} RSRELDAT {since}",) if since else ()
    return (f"{event} RSDAT {day}", f"{event} RSINV {answer}", *told)


def subjects(*patients, study="ankl", today=TODAY, begun=BEGUN):
    """Subjects S01-001, S01-002 ... each with what is said of it beside its beginning."""
    used = study_of(study)
    return [
        subject_of(used, f"S01-{at:03d}", rows(*begun, *lines), today) for at, lines in enumerate(patients, start=1)
    ]


def figures(*patients, study="ankl", cut_off=None, today=TODAY, begun=BEGUN, language="en"):
    """The numbers of the cohort report by id."""
    made = subjects(*patients, study=study, today=today, begun=begun)
    dataset = dataset_of(made[0].study, made, today=today, cut_off=cut_off and date.fromisoformat(cut_off))
    return {figure.id: figure for figure in report.figures(dataset, language)}
