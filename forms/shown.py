"""How values, units and facts are shown to people: sign, digits (`forms.values.digits`), unit. One place for all."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from forms.grading import terms
from forms.grading.grade import term_label
from forms.study.definition import CodeList, Fact, Item, Study, Text
from forms.texts import LANGUAGES, said, say
from forms.value import Value
from forms.values.censored import Censored
from forms.values.dates import PartialDate, read_date
from forms.values.digits import number_words
from forms.values.kinds import canonical, read_number, shown

_SQUARE = re.compile(r"(?<![A-Za-z])(c?m)2(?![0-9A-Za-z])")
"""Square metres and centimetres as a study writes them."""


def unit_words(unit: str, language: str) -> str:
    """A unit as people write it, "" for none; the code itself when there is no other way."""
    if unit in ("", "1"):
        return ""
    words = say(language, f"kinds.unit.{unit}")
    return _SQUARE.sub(r"\1²", unit) if words.startswith("kinds.unit.") else words


def with_unit(words: str, unit: str, language: str) -> str:
    """Words of a number and its unit behind it; nothing has no unit."""
    return f"{words} {unit_words(unit, language)}".strip() if words else ""


def quantity(words: str, unit: str) -> Text:
    """A number in words with its unit in every language, for sentences; "" for the number gives the unit alone."""
    return {language: f"{words} {unit_words(unit, language)}".strip() for language in LANGUAGES}


def plain_words(item: Item, value: Value, codelist: CodeList | None, language: str, ctcae: str = "") -> str:
    """A value without its unit; a worked-out number with sensible digits, a CTCAE term in the language."""
    number = read_number(value.value) if item.derive and item.kind == "number" and not value.missing else None
    if number is not None and (item.decimals is None or isinstance(number, Censored)):
        return number_words(number)
    words = shown(item, value, codelist, language)
    if item.lookup == "ctcae" and ctcae and value.value:
        return term_label(ctcae, terms.canonical(ctcae, words), language)
    return words


def value_words(item: Item | None, value: Value, codelist: CodeList | None, language: str, ctcae: str = "") -> str:
    """A value as it is told in a history or a message: with its unit; a date read from short text with what was typed.

    ``item`` None: the study no longer knows the field, so what was typed stands.
    """
    if value.missing:
        return say(language, f"kinds.missing.{value.missing}")
    if item is None:
        return with_unit(value.text or value.value, value.unit, language)
    words = plain_words(item, value, codelist, language, ctcae)
    if item.kind in ("date", "datetime") and value.value and value.text and value.text not in (words, value.value):
        return say(language, "kinds.typed_as", value=words, typed=value.text)
    return with_unit(words, value.unit, language) if item.kind in ("number", "integer") else words


def value_in(study: Study, item: Item, value: Value, language: str) -> str:
    """`value_words` with the code list and CTCAE edition of the study."""
    return value_words(item, value, study.codelist_by_id.get(item.codelist), language, study.ctcae)


def fact_words(study: Study, fact: Fact, value: object, language: str) -> str:
    """A fact of a subject with its unit, "" when it is not known."""
    if value is None:
        return ""
    if fact.codelist:
        labels = study.codelist_by_id[fact.codelist].labels
        return said(labels[str(value)], language) if str(value) in labels else str(value)
    if isinstance(value, PartialDate | date):
        found = value if isinstance(value, PartialDate) else read_date(value.isoformat())
        return shown(Item(fact.id, fact.label, "date"), Value(value=found.canonical), None, language) if found else ""
    if isinstance(value, Decimal) and fact.decimals is not None:
        words = canonical(Item(fact.id, fact.label, "number", decimals=fact.decimals), value)
    elif isinstance(value, Decimal | Censored) or (isinstance(value, int) and not isinstance(value, bool)):
        words = number_words(value)
    else:
        words = str(value)
    return with_unit(words, fact.unit, language)
