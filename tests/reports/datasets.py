"""Datasets for the tests of reports, made without a store: the seven demonstration patients and small inventions."""

import csv
import functools
from datetime import date

from forms.authoring.load import read_study
from forms.place import Place
from forms.record.dataset import Dataset, SubjectData
from forms.sheet.follow import follow
from forms.study.canonical import dump, fingerprint
from forms.subject.states import FormState
from forms.subject.subject import Subject
from forms.value import Value
from forms.values.kinds import parse_value
from resources import folder

TODAY = date(2025, 7, 25)


@functools.cache
def ankl():
    return read_study("ankl")


def rows_of_demo():
    with folder("studies", "ankl", "demo", "patients.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def subject_of(study, subject_id, rows, today=TODAY):
    """A subject as the store would give it: values read as typed, with everything that follows from them."""
    values = {}
    for row in rows:
        place = Place(
            subject_id, row["event"], row["event_no"] or "1", row["form"], row["form_no"] or "1", row["row"] or "1",
            row["item"],
        )  # fmt: skip
        item = study.form_by_id[place.form].items[place.item]
        values[place] = parse_value(
            item, row["value"], unit=row["unit"], missing=row["missing"],
            codelist=study.codelist_by_id.get(item.codelist), today=today,
        )  # fmt: skip
    subject = Subject(study, subject_id, values, {}, study.ranges, today, "S01")
    return follow(subject, tuple(values))[0]


def dataset_of(study, subjects, today=TODAY, cut_off=None):
    """A dataset of subjects; every form of theirs is complete."""
    data = []
    for subject in subjects:
        states = {key: FormState("complete", "2025-07-01T00:00:00.000Z", "nurse", True) for key in subject.keys()}
        data.append(SubjectData(subject, {}, states, (), ()))
    return Dataset(
        study=study, definition=fingerprint(dump(study)), site="S01", app="0.1.0", position=4321,
        as_of="2025-07-25T08:00:00.000Z", tip="0123456789abcdef" * 4, cut_off=cut_off, today=today,
        subjects=tuple(data), names={},
    )  # fmt: skip


@functools.cache
def demo_subjects():
    by_subject = {}
    for row in rows_of_demo():
        by_subject.setdefault(row["subject"], []).append(row)
    return tuple(subject_of(ankl(), subject, rows) for subject, rows in sorted(by_subject.items()))


def demo_dataset(cut_off=None, count=None):
    return dataset_of(ankl(), demo_subjects()[:count], cut_off=cut_off)


def value(text, unit="", missing=""):
    return Value(text, text, unit, missing)
