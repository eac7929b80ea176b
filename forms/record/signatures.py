"""What a signature may say and cover, and which signatures stand over a form.

A signature covers a form, a visit or a whole subject. It is broken by whatever is entered, computed or reopened under
it later, also on a form that was begun after it. A broken one is kept, with all that broke it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forms.place import FormKey
from forms.record.dataset import Signature

MEANINGS = ("author", "review", "approval")
"""What a person says by signing; its words are ``db.meaning.<word>``."""

SCOPES = ("form", "visit", "casebook", "interim", "final")
"""What is signed; its words are ``db.scope.<word>``. An interim and a final signature cover the casebook as well."""

BREAKING = frozenset(("value", "derived", "reopened"))
"""Acts that break a signature over the place they stand at."""


def signatures_over(signatures: Iterable[Signature], key: FormKey) -> Iterator[Signature]:
    """Those that cover a form, its own first; a signature that was given once for many forms stands once."""
    mine = [each for each in signatures if each.covers(key.place("", ""))]
    yield from sorted(mine, key=lambda each: (not each.key.form, each.entry.arrival))
