"""The seven demonstration patients of study A. Invented people; their figures are those the trial's abstract reports.

Seven enrolled from 2024-10-18 to 2025-07-18, aged 26 to 54 (median 32), six women; HLH in six, EBV in all. After cycle
1 four complete and one partial remission and one without response, after cycle 2 five complete remissions. One died on
day 25 of progression, one on day 86 of influenza and progression after a delay; four were transplanted and live, the
first of them 274 days (9.0 months) after the first dose. On the day of the demonstration the seventh is in cycle 1.

Written to ``resources/studies/ankl/demo/patients.csv`` by ``python -m tests.builders.ankl_patients``; a test demands
that the file is what these functions give.
"""

import csv
import io

from resources import folder
from tests.builders.ankl_forms import COLUMNS
from tests.builders.ankl_others import fifth, seventh, sixth
from tests.builders.ankl_transplanted import first, fourth, second, third

PATIENTS = (first, second, third, fourth, fifth, sixth, seventh)


def build():
    """The data file of all seven patients."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for patient in PATIENTS:
        chart = patient()
        taken = {}
        for row in chart.rows:
            taken[row[:7]] = row
        lines.writerows(taken.values())
    return out.getvalue()


if __name__ == "__main__":
    folder("studies", "ankl", "demo").mkdir(exist_ok=True)
    folder("studies", "ankl", "demo", "patients.csv").write_text(build(), encoding="utf-8")
