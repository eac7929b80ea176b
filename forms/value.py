"""A value: the text as typed, its canonical form, its unit, or why it is missing."""

from __future__ import annotations

from dataclasses import dataclass

MISSING_CODES = ("ND", "NA", "UNK", "NASK", "NI")
"""Not done, not applicable, unknown, not asked, no information. One set everywhere; never a member of a code list."""


REDACTED = "█"
"""Stands for a text that was lawfully removed."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value as the ledger keeps it.

    ``text`` is what the person typed, ``value`` the canonical text made of it ("" when it could not be read), ``unit``
    the unit it was reported in ("" for unitless), ``missing`` one of `MISSING_CODES` ("" when not missing).
    Canonical forms: number ``12.50`` (precision kept) or with a sign of the assay ``<0.50``; date ``2024-10-18``,
    ``2024-10``, ``2024``; date-time ``2024-10-18T09:30``; code its code; several codes joined by ``;`` in list order;
    text without surrounding space.
    """

    text: str = ""
    value: str = ""
    unit: str = ""
    missing: str = ""

    @property
    def blank(self) -> bool:
        """Nothing was entered at all (or it was cleared): no text and no missing code."""
        return not self.text and not self.value and not self.missing

    @property
    def unread(self) -> bool:
        """Something was typed that could not be read as the item's kind."""
        return bool(self.text) and not self.value and not self.missing


BLANK = Value()
