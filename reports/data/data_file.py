"""The data file: one value a row, as `import` takes it."""

from __future__ import annotations

import csv
import io

from forms.record.data_file import COLUMNS
from forms.record.dataset import Dataset
from forms.record.stream import Datum, stream


def render(dataset: Dataset) -> bytes:
    """The whole dataset, UTF-8 with a head line and lines that end in a line feed."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(row(datum) for datum in stream(dataset))
    return out.getvalue().encode()


def row(datum: Datum) -> tuple[str, ...]:
    """The ten cells of a value. What could not be read stands as it was typed."""
    place = datum.place
    return (
        place.subject, place.event, place.event_no, place.form, place.form_no, place.row, place.item, datum.value,
        datum.unit, datum.missing,
    )  # fmt: skip
