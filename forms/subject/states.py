"""How far a form of a subject has come."""

from __future__ import annotations

from dataclasses import dataclass

FormStatus = str
"""``empty``, ``started``, ``complete``."""


@dataclass(frozen=True, slots=True)
class FormState:
    """Status of one form and when and by whom it was last completed ("" when it is not)."""

    status: FormStatus
    completed_at: str = ""
    completed_by: str = ""
    once_completed: bool = False
