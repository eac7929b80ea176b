"""The official wording of CTCAE grades, once a person has brought in NCI's workbook on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path


def wording_file(edition: str) -> Path:
    """Where the wording of an edition is kept for this person."""
    from platformdirs import user_data_path

    return Path(user_data_path("casebook", appauthor=False)) / f"ctcae-{edition}-wording.json"


@cache
def official_wording(edition: str) -> Mapping[str, Mapping[str, str]]:
    """Code -> grade -> text; empty when nothing was brought in. A damaged file counts as none."""
    from forms.errors import Told
    from forms.grading.nci_workbook import read_wording

    try:
        return read_wording(wording_file(edition), edition)
    except Told:
        return {}
