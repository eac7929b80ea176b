"""How far a form of a subject has come, and what that allows to be written on it.

A form, and each row of a log, has flags that are set by acts of people and do not depend on each other: a form may be
verified and not complete. `FormState` is what the acts on one form amount to; the functions say what an act makes of
it. A change of a value takes signature and verification away; a frozen form takes no entries, a locked one nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

FormStatus = Literal["empty", "started", "complete"]

Flag = Literal["complete", "verified", "signed", "frozen", "locked"]

ACTS_ON_FLAGS: Mapping[str, tuple[Flag, bool]] = {
    "verified": ("verified", True),
    "unverified": ("verified", False),
    "signed": ("signed", True),
    "frozen": ("frozen", True),
    "unfrozen": ("frozen", False),
    "locked": ("locked", True),
    "unlocked": ("locked", False),
}
"""Acts that set a flag or take it away. Signatures are taken away by changes alone, see `value_changed`."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What people said of a form or of one row of a log."""

    complete: bool = False
    verified: bool = False
    signed: bool = False
    frozen: bool = False
    locked: bool = False

    @property
    def takes_entries(self) -> bool:
        """Whether people may enter and correct values."""
        return not (self.frozen or self.locked)

    @property
    def takes_computed(self) -> bool:
        """Whether what is computed anew is written. On a locked form it is not: the difference is asked about."""
        return not self.locked


NONE = Flags()


@dataclass(frozen=True, slots=True)
class FormState:
    """Status of one form and when and by whom it was last completed ("" when it is not).

    ``marks`` are the form's flags besides ``complete``, which is the status; ``rows`` those of single rows of its logs.
    """

    status: FormStatus
    completed_at: str = ""
    completed_by: str = ""
    once_completed: bool = False
    marks: Flags = NONE
    rows: Mapping[str, Flags] = field(default_factory=dict, hash=False)

    def flags(self, row: str = "") -> Flags:
        """The flags of a row, those of its form included; without a row, of the form."""
        own = self.rows.get(row, NONE)
        return Flags(
            self.status == "complete" or own.complete,
            self.marks.verified or own.verified,
            self.marks.signed or own.signed,
            self.marks.frozen or own.frozen,
            self.marks.locked or own.locked,
        )

    @property
    def is_flagged(self) -> bool:
        """Whether the form or any of its rows has a flag besides completeness of the form."""
        return self.marks != NONE or bool(self.rows)

    @property
    def holds_back(self) -> bool:
        """Whether anything on the form is locked, so that each row must be looked at."""
        return self.marks.locked or any(each.locked for each in self.rows.values())


EMPTY = FormState("empty")
STARTED = FormState("started")


def completed(state: FormState, at: str, who: str) -> FormState:
    """The form was declared complete by an account at an instant (ISO UTC)."""
    return replace(state, status="complete", completed_at=at, completed_by=who, once_completed=True)


def reopened(state: FormState) -> FormState:
    """A complete form was opened again. What was signed was the complete one, so its signature stands no longer."""
    marks = replace(state.marks, signed=False)
    return replace(state, status="started", completed_at="", completed_by="", once_completed=True, marks=marks)


def flagged(state: FormState, flag: Flag, *, on: bool, row: str = "") -> FormState:
    """A flag was set or taken away, of the form or of one row. A form is completed by `completed`."""
    if not row:
        if flag == "complete":
            raise ValueError(flag)
        return replace(state, marks=replace(state.marks, **{flag: on}))
    return replace(state, rows={**state.rows, row: replace(state.rows.get(row, NONE), **{flag: on})})


def with_flags(state: FormState, row: str, flags: Flags) -> FormState:
    """The state with these flags of the form ("" for ``row``) or of a row, as they were kept."""
    return replace(state, rows={**state.rows, row: flags}) if row else replace(state, marks=flags)


def entered(state: FormState | None) -> FormState:
    """A person entered something: that starts a form."""
    if state is None:
        return STARTED
    return replace(state, status="started") if state.status == "empty" else state


def hindrance(state: FormState, act: str, row: str = "") -> str:
    """Why an act on a form can't be done in its state, as the key of a text; "" when it can.

    ``act`` is ``value``, ``completed``, ``reopened``, ``overridden`` or one of `ACTS_ON_FLAGS`. Whoever signs, signs
    what is complete; several people may sign the same. Locking is the stronger of freezing and locking.
    """
    flags, status = state.flags(row), state.status
    if act in ("value", "completed", "reopened", "overridden"):
        wrong = {"completed": status == "complete", "reopened": status != "complete"}.get(act, False)
        return "db.state.closed" if not flags.takes_entries else f"db.state.{act}" if wrong else ""
    if status == "empty":
        return "db.state.empty"
    if act == "signed":
        return "" if status == "complete" else "db.state.not_complete"
    flag, on = ACTS_ON_FLAGS[act]
    if getattr(flags, flag) == on or (act == "frozen" and flags.locked):
        return f"db.state.{act}"
    return ""


def value_changed(state: FormState, row: str) -> FormState:
    """A value in a row changed, whoever or whatever changed it: what was signed and verified was another."""
    touched = {row: replace(state.rows[row], signed=False, verified=False)} if row in state.rows else {}
    marks = replace(state.marks, signed=False, verified=False)
    return replace(state, marks=marks, rows={**state.rows, **touched})
