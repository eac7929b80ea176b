"""Two versions of a definition compared: what was added, taken out or changed, and each change in words.

The walk follows the dataclasses of `forms.study.definition` themselves, so a part added there is compared as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

from forms.study.definition import Bounds, Study, Text
from forms.texts import said, say

_NAMES = ("id", "code", "form", "item")
"""Fields that name a part among its like, the first there is."""

_RANGE = ("lab", "analyte", "sex", "age_from", "age_to", "valid_from")


@dataclass(frozen=True, slots=True)
class Part:
    """One step on the way to what differs: a list of the definition and which of its entries."""

    list: str
    id: str = ""
    label: Text | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that differs. ``field`` "" stands for the part itself."""

    where: tuple[Part, ...]
    kind: Literal["added", "removed", "changed", "order"]
    field: str = ""
    before: Any = None
    after: Any = None


def difference(old: Study, new: Study) -> tuple[Changed, ...]:
    """Everything in which two versions of a study differ, in the order of the definition; nothing for the same."""
    return tuple(_of_parts((), old, new))


def _of_parts(where: tuple[Part, ...], old: Any, new: Any) -> Iterator[Changed]:
    for spec in fields(old):
        before, after = getattr(old, spec.name), getattr(new, spec.name)
        if before == after:
            continue
        if _is_list(before) or _is_list(after):
            yield from _of_lists(where, spec.name, before, after)
        elif is_dataclass(before) and not isinstance(before, Bounds | type) and is_dataclass(after):
            yield from _of_parts((*where, Part(spec.name)), before, after)
        else:
            yield Changed(where, "changed", spec.name, before, after)


def _is_list(content: Any) -> bool:
    return isinstance(content, tuple) and bool(content) and is_dataclass(content[0])


def _of_lists(where: tuple[Part, ...], name: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Changed]:
    was, now = _by_name(old), _by_name(new)
    for at, entry in was.items():
        if at not in now:
            yield Changed((*where, _part(name, at, entry)), "removed", before=entry)
    for at, entry in now.items():
        here = (*where, _part(name, at, entry))
        if at not in was:
            yield Changed(here, "added", after=entry)
        elif type(entry) is type(was[at]):
            yield from _of_parts(here, was[at], entry)
    if [at for at in was if at in now] != [at for at in now if at in was]:
        yield Changed((*where, Part(name)), "order")


def _by_name(entries: tuple[Any, ...]) -> dict[tuple[str, int], Any]:
    """Entries by name; the second of a name that stands twice is told apart by its number."""
    found: dict[tuple[str, int], Any] = {}
    for entry in entries:
        name, number = _name(entry), 1
        while (name, number) in found:
            number += 1
        found[name, number] = entry
    return found


def _name(entry: Any) -> str:
    known = {spec.name for spec in fields(entry)}
    if known.issuperset(_RANGE):
        return " ".join(str(value) for name in _RANGE if (value := getattr(entry, name)) not in ("", None))
    return str(getattr(entry, next((name for name in _NAMES if name in known), "label")))


def _part(name: str, at: tuple[str, int], entry: Any) -> Part:
    label = getattr(entry, "label", None)
    return Part(name, at[0] if at[1] == 1 else f"{at[0]} [{at[1]}]", label if isinstance(label, dict) else None)


def change_words(change: Changed, language: str) -> str:
    """One change as a sentence: where, and from what to what."""
    steps = [_part_words(part, language) for part in change.where]
    if change.field:
        steps.append(say(language, f"amend.field.{change.field}"))
    where = say(language, "amend.step").join(steps)
    told = {"before": _value_words(change.before, language), "after": _value_words(change.after, language)}
    return say(language, f"amend.said.{change.kind}", where=where, **told)


def _part_words(part: Part, language: str) -> str:
    name = say(language, f"amend.part.{part.list}")
    if not part.id:
        return name
    key = "amend.named" if part.label else "amend.unnamed"
    return say(language, key, part=name, label=said(part.label or {}, language), id=part.id).strip()


def _value_words(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return say(language, "amend.value.yes" if value else "amend.value.no")
    if value is None or value == "" or value == () or value == {}:
        return say(language, "amend.value.none")
    if isinstance(value, Bounds):
        low, high = (str(each) if each is not None else "" for each in (value.low, value.high))
        return f"{low} … {high}".strip()
    if isinstance(value, dict):
        return said(value, language)
    if isinstance(value, tuple):
        return say(language, "amend.join").join(_value_words(each, language) for each in value)
    return str(value)
