"""Notes to the author of a sound definition on what is likely to go wrong in use; they refuse nothing."""

from __future__ import annotations

import re

from forms.authoring.yaml_source import Source
from forms.study.definition import Study
from forms.values.glyphs import folded

_NUMBER = re.compile(r"0*([0-9]+?)(?:\.0*)?")


def look_closer(study: Study, source: Source) -> None:
    """Note what an author should look at."""
    for at, codelist in enumerate(study.codelists):
        seen: dict[str, str] = {}
        for place, code in enumerate(codelist.codes):
            first = seen.setdefault(as_a_spreadsheet_keeps_it(code.code), code.code)
            if first != code.code:
                where = ("codelists", at, "codes", place, "code")
                source.complain(where, "codes_alike", codelist=codelist.id, one=first, other=code.code)


def as_a_spreadsheet_keeps_it(code: str) -> str:
    """A code after a spreadsheet took it for a number (``01`` and ``1.0`` are 1), in small letters."""
    plain = folded(code).strip().casefold()
    found = _NUMBER.fullmatch(plain)
    return found[1] if found else plain
