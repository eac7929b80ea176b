"""What a signature may say and cover, and which signatures stand over a form.

A signature covers a form, a visit or a whole subject. It is broken by whatever is entered, computed or reopened under
it later, also on a form that was begun after it. A broken one is kept, with all that broke it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from forms.place import FormKey
from forms.record.dataset import Entry, Signature, SignedOver
from forms.record.trail import entry_words, local_moment, who_words
from forms.study.definition import Study
from forms.texts import said, say
from forms.value import REDACTED, Value

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


def signature_words(signature: Signature, language: str) -> str:
    """``Lin Xia · Approval · Form · 2026-11-29 05:20:11 UTC (13:20:11 UTC+08:00)``: name, meaning, what, when, zone."""
    entry = signature.entry
    there = local_moment(entry)
    utc = datetime.fromisoformat(entry.at.replace("Z", "+00:00"))
    return say(
        language,
        "casebook.signature.line",
        name=signature.name,
        meaning=say(language, f"db.meaning_short.{signature.meaning}") if signature.meaning else REDACTED,
        scope=say(language, f"db.scope.{signature.scope}") if signature.scope else REDACTED,
        utc=f"{utc:%Y-%m-%d %H:%M:%S}",
        there=f"{there:%Y-%m-%d %H:%M:%S}",
        zone=zone_name(entry.offset),
    )


def broken_words(
    study: Study, signature: Signature, names: Mapping[str, str], language: str, most: int = 0
) -> tuple[str, ...]:
    """What changed under a signature, a sentence each; after ``most`` of them how many more there are (0: all)."""
    changes = signature.changes[:most] if most else signature.changes
    here = bool(signature.key.form)
    told = [_change_words(study, change, names, language, here=here) for change in changes]
    if left := len(signature.changes) - len(changes):
        told.append(say(language, "casebook.signature.more", count=left))
    return tuple(told)


def _change_words(study: Study, change: SignedOver, names: Mapping[str, str], language: str, *, here: bool) -> str:
    """``here``: it is on the form that was signed, which need not be named."""
    at = "_here" if here else ""
    entry, form = change.entry, study.form_by_id.get(change.place.form)
    item = form.items.get(change.place.graded_item or change.place.item) if form is not None else None
    told = {
        "form": said(form.label, language) if form is not None else change.place.form,
        "item": said(item.label, language) if item is not None else change.place.item,
        "who": who_words(study, names, entry, language),
        "when": f"{local_moment(entry):%Y-%m-%d %H:%M:%S} {zone_name(entry.offset)}",
    }
    if change.after is None:
        return say(language, f"casebook.signature.reopened{at}", **told, why=entry.why)
    before, after = (_value_words(study, entry, each, language) for each in (change.before, change.after))
    return say(language, f"casebook.signature.changed{at}", **told, before=before, after=after)


def _value_words(study: Study, entry: Entry, value: Value | None, language: str) -> str:
    if value is None or value.blank:
        return "–"
    return entry_words(study, replace(entry, value=value), language) or "–"


def zone_name(offset: int) -> str:
    """``UTC+08:00`` of minutes before UTC."""
    hours, minutes = divmod(abs(offset), 60)
    return f"UTC{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}"
