"""Which version of the study judges which visit of one subject.

A visit that has begun keeps the version it began under: its forms, windows and checks are that version's. `Versions`
names those visits; what is not named is judged by the subject's ``default``, "" standing for the version in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from forms.study.definition import Study

Visit = tuple[str, str]
"""Event and number of an instance of it."""


@dataclass(frozen=True, eq=False)
class Versions:
    """Studies by name besides the one in force; the name for each visit that has one; the name for all others."""

    studies: Mapping[str, Study] = field(default_factory=dict)
    visits: Mapping[Visit, str] = field(default_factory=dict)
    default: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the versions that judge something, "" among them; empty where there is only the one in force."""
        found = dict.fromkeys(["", self.default, *self.visits.values()])
        return tuple(found) if len(found) > 1 else ()

    def of(self, event: str, event_no: str) -> str:
        """Name of the version that judges a visit."""
        return self.visits.get((event, event_no), self.default)

    def says_the_same(self, other: Versions) -> bool:
        """Whether each visit is judged by the same version."""
        return (self.default, dict(self.visits)) == (other.default, dict(other.visits))


ONE = Versions()
"""Everything is judged by the version in force."""
