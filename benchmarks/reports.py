"""How long the cohort PDF takes: 7, 52 and 1,000 patients in a warm process, and what a patient more costs.

``python -m benchmarks.reports [--json]``; budgets: 52 patients within 3 s, growth no worse than linear.
"""

import dataclasses
import json
import statistics
import sys
import time

from forms.record.dataset import Dataset
from forms.subject.subject import Subject
from reports.pdf.cohort import report
from tests.reports.datasets import ankl, dataset_of, demo_subjects

SIZES = (7, 52, 1000)


def copies(count: int) -> Dataset:
    """A cohort of that many patients: the seven of the demonstration again and again under new numbers."""
    subjects = []
    for at in range(count):
        one = demo_subjects()[at % 7]
        name = f"S{at // 1000:02d}-{at % 1000:03d}"
        values = {dataclasses.replace(place, subject=name): value for place, value in one.values.items()}
        subjects.append(Subject(one.study, name, values, {}, one.ranges, one.today, one.site))
    return dataset_of(ankl(), subjects)


def seconds(count: int, runs: int) -> float:
    """Median seconds of a render; every run gets subjects that nothing was worked out for yet."""
    took = []
    for _ in range(runs):
        dataset = copies(count)
        start = time.perf_counter()
        report.render(dataset, "en")
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def main() -> None:
    """Prints one table, or JSON."""
    seconds(7, 1)
    found = {size: seconds(size, 5 if size < 1000 else 1) for size in SIZES}
    each = found[1000] / 1000 / (found[52] / 52)
    growth = (found[1000] - found[52]) / (1000 - 52) / ((found[52] - found[7]) / (52 - 7))
    if "--json" in sys.argv:
        print(json.dumps({"seconds": found, "per_patient": each, "further_patient": growth}))
        return
    for size, took in found.items():
        print(f"cohort PDF, {size:5d} patients  {took:7.2f} s")
    print(f"cost of a patient in 1,000 against in 52         {each:.2f}")
    print(f"cost of a further patient at 1,000 against at 52  {growth:.2f}")


if __name__ == "__main__":
    main()
