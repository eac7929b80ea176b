"""Kinds of answers: typed text -> `Value` -> object for expressions -> text for people.

Whatever a person types is kept in ``Value.text``; ``Value.value`` is the canonical form, "" when the text could not be
read as the item's kind. Nothing here raises for any text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from forms.study.definition import Code, CodeList, Item
from forms.texts import said, say
from forms.value import BLANK, MISSING_CODES, Value
from forms.values.censored import Censored, Sign
from forms.values.dates import PartialDate, parse_date, parse_datetime, parse_time, read_date
from forms.values.file_dates import iso_date, iso_time
from forms.values.glyphs import folded
from forms.values.spans import DateSpan

__all__ = ["Censored", "canonical", "parse_value", "shown", "typed"]

_LONGEST_NUMBER = 40
_MOST_DIGITS = 24
_NUMBER = re.compile(
    r"(?P<sign><=|>=|=<|=>|<|>)?\s*(?P<minus>[+-]?)\s*(?P<whole>[0-9]*)(?:\.(?P<rest>[0-9]*))?"
    r"(?:\s*(?:E|[X*×]\s*10\s*(?:\^|\*\*))\s*(?P<power>[+-]?[0-9]{1,2}))?"
)
_STORED_NUMBER = re.compile(r"(<=|>=|<|>)?(-?[0-9]+(?:\.[0-9]+)?)")
_LIKE_SIGNS = str.maketrans({"≤": "<=", "≦": "<=", "⩽": "<=", "≥": ">=", "≧": ">=", "⩾": ">=", "−": "-", "–": "-"})
_SWAPPED: dict[str, Sign] = {"=<": "<=", "=>": ">=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_YES = frozenset({"y", "yes", "true", "1", "是", "有", "对"})
_NO = frozenset({"n", "no", "false", "0", "否", "无", "没有", "不是"})
_MISSING_WORDS = {
    "nd": "ND",
    "not done": "ND",
    "未做": "ND",
    "未查": "ND",
    "na": "NA",
    "n/a": "NA",
    "not applicable": "NA",
    "不适用": "NA",
    "unk": "UNK",
    "uk": "UNK",
    "unknown": "UNK",
    "未知": "UNK",
    "不详": "UNK",
    "nask": "NASK",
    "not asked": "NASK",
    "未问": "NASK",
    "ni": "NI",
    "no information": "NI",
    "无信息": "NI",
}
_DERIVED = Context(prec=12, rounding=ROUND_HALF_UP, Emin=-9999, Emax=9999, traps=[])
"""Derived numbers whose item states no decimals keep 12 significant digits."""


_MOVED = Decimal("0.01")
"""Part of an assay's limit by which rounding may move it; more would say another thing."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile("\r\n?")
_LONE = re.compile("[\ud800-\udfff]")


def legible(text: str) -> str:
    """A text as it can be kept, printed and brought out and in again: without control characters.

    Tabs and line breaks stay (each as one line feed); half a surrogate pair becomes U+FFFD; marks of direction stay.
    """
    if _UNSEEN.search(text) is None:
        return text
    return _UNSEEN.sub("", _LONE.sub("\ufffd", _BREAK.sub("\n", text)))


def _folded(text: str) -> str:
    return " ".join(folded(text).translate(_LIKE_SIGNS).split())


def parse_number(text: str, *, whole: bool = False) -> str:
    """Canonical text of a number as typed, "" when it is none.

    Precision is kept (``12.50``), so is the sign of an assay (``<0.5``). A power of ten (``1.2E5``, ``1.2×10^5``) is
    written out. No thousands separators: ``1,234`` might be 1.234. ``whole`` refuses a decimal point.
    """
    if len(text) > _LONGEST_NUMBER:
        return ""
    found = _NUMBER.fullmatch(_folded(text).upper())
    if found is None:
        return ""
    whole_part, rest = found["whole"], found["rest"]
    if not (whole_part or rest) or len(whole_part + (rest or "")) > _MOST_DIGITS:
        return ""
    if whole and (rest is not None or found["power"]):
        return ""
    number = Decimal(f"{whole_part or '0'}.{rest}" if rest else whole_part or "0")
    if found["power"]:
        power = int(found["power"])
        if abs(power) > _MOST_DIGITS:
            return ""
        number = number.scaleb(power)
    if found["minus"] == "-" and number != 0:
        number = -number
    return (_SWAPPED[found["sign"]] if found["sign"] else "") + f"{number:f}"


class DateContext(NamedTuple):
    """The days a short date is read against: of typing, and of the form where one is known."""

    today: date
    near: date | None = None


def _as_number(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    return parse_number(text)


def _as_integer(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    return parse_number(text, whole=True)


def _as_date(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    found = parse_date(text, days.today, item.partial, days.near)
    return found.canonical if found else ""


def _as_datetime(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    found = parse_datetime(text, days.today, item.partial, days.near)
    return found.canonical if found else ""


def _as_time(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    return parse_time(text) or ""


def _as_text(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _names(entry: Code) -> set[str]:
    return {_folded(name).casefold() for name in (entry.code, *entry.label.values()) if name}


def parse_code(codelist: CodeList | None, text: str) -> str:
    """The code meant by a code (case does not matter) or a label in any language; "" when none or several are meant.

    A list that holds Y and N also takes yes, no, 1, 0, 是, 否, 有 and 无 unless its own entries say otherwise.
    Without a list the text itself is the code.
    """
    plain = _folded(text).casefold()
    if codelist is None:
        return _folded(text)
    exact = [entry.code for entry in codelist.codes if _folded(entry.code).casefold() == plain]
    meant = exact or [entry.code for entry in codelist.codes if plain in _names(entry)]
    if len(meant) == 1:
        return meant[0]
    if not meant and {"Y", "N"} <= codelist.labels.keys():
        return "Y" if plain in _YES else "N" if plain in _NO else ""
    return ""


def _as_code(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    return parse_code(codelist, text)


def _as_codes(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    alone = parse_code(codelist, text) if codelist else ""
    if alone:
        return alone
    parts = [part for part in re.split(r"[;,、，；]", folded(text)) if part.strip()]
    codes = [parse_code(codelist, part) for part in parts]
    if not codes or not all(codes):
        return ""
    order = list(codelist.labels) if codelist else codes
    return ";".join(sorted(set(codes), key=order.index))


def _as_iso_date(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    found = iso_date(text, item.partial, timed=item.kind == "datetime")
    return found.canonical if found else ""


def _as_iso_time(item: Item, text: str, codelist: CodeList | None, days: DateContext) -> str:
    return iso_time(text) or ""


_READERS: dict[str, Callable[[Item, str, CodeList | None, DateContext], str]] = {
    "text": _as_text,
    "long": _as_text,
    "integer": _as_integer,
    "number": _as_number,
    "date": _as_date,
    "datetime": _as_datetime,
    "time": _as_time,
    "code": _as_code,
    "codes": _as_codes,
}
_FILE_READERS = {**_READERS, "date": _as_iso_date, "datetime": _as_iso_date, "time": _as_iso_time}
"""A file is read without the short forms that a person types, who sees at once how they were meant."""


def parse_value(
    item: Item, text: str, *, unit: str = "", missing: str = "", codelist: CodeList | None = None, today: date,
    near: date | None = None, from_file: bool = False,
) -> Value:  # fmt: skip
    """The value a person means by ``text``; never raises.

    ``unit`` "" means the item's first unit. ``missing`` is a missing code; it leaves the value empty. A missing code or
    its word typed into any field but a text one counts as that code when the item allows it. White space alone is
    blank. ``near`` is the day of the form, for a date without its year (`forms.course.near`). ``from_file``: nobody
    sees how the text is meant, so dates and times are read in ISO form only and words for missing codes stay text.
    """
    text, unit, code = legible(text), legible(unit), legible(missing).strip().upper()
    if code in MISSING_CODES:
        return Value(text=text, missing=code)
    if code:
        return Value(text=text if text.strip() else legible(missing))
    if not text.strip():
        return BLANK
    readers = _FILE_READERS if from_file else _READERS
    canonical_text = readers[item.kind](item, text, codelist, DateContext(today, near))
    if not from_file and not canonical_text and item.kind not in ("text", "long") and len(text) <= _LONGEST_NUMBER:
        code = _MISSING_WORDS.get(_folded(text).casefold(), "")
        if code in item.missing:
            return Value(text=text, missing=code)
    used = (unit or (item.units[0] if item.units else "")) if item.kind in ("number", "integer") else unit
    return Value(text=text, value=canonical_text, unit=used)


@lru_cache(maxsize=65536)
def read_number(canonical_text: str) -> Decimal | Censored | None:
    """The number of a canonical text (``12.50``, ``<0.5``), None when it is none."""
    found = _STORED_NUMBER.fullmatch(canonical_text)
    if found is None or len(canonical_text) > 2 * _LONGEST_NUMBER:
        return None
    number = Decimal(found[2])
    return Censored(_SWAPPED[found[1]], number) if found[1] else number


def as_amount(value: object) -> Decimal | Censored | None:
    """A number, a censored number, or a text (a code) that is written as one."""
    if isinstance(value, Decimal | Censored):
        return value
    return read_number(value) if isinstance(value, str) else None


def typed(item: Item, value: Value) -> object | None:
    """A stored value as expressions see it, in the unit it was reported in; None when nothing is known.

    Numbers give Decimal or `Censored`, dates and date-times `PartialDate`, several codes a tuple, all else text (a time
    of day is ``HH:MM``).
    """
    text = value.value
    if not text or value.missing:
        return None
    kind = item.kind
    if kind in ("number", "integer"):
        return read_number(text)
    if kind in ("date", "datetime"):
        return read_date(text)
    if kind == "codes":
        return tuple(text.split(";"))
    return text


def _rounded(number: Decimal, decimals: int | None) -> str:
    if not number.is_finite() or abs(number.adjusted()) > 60:
        return "0" if number == 0 else ""
    if decimals is None:
        short = _DERIVED.plus(number)
        text = f"{short:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    step = Decimal(1).scaleb(-decimals)
    text = f"{number.quantize(step, rounding=ROUND_HALF_UP, context=Context(prec=100)):f}"
    return text.removeprefix("-") if text.strip("-0.") == "" else text


def _canonical_number(item: Item, result: object) -> str:
    decimals = 0 if item.kind == "integer" else item.decimals
    if isinstance(result, str):
        result = read_number(result)
    if isinstance(result, Censored):
        number = _rounded(result.number, decimals)
        if number and abs(Decimal(number) - result.number) > abs(result.number) * _MOVED:
            number = _rounded(result.number, None)
        return f"{result.sign}{number}" if number else ""
    return _rounded(result, decimals) if isinstance(result, Decimal) else ""


def canonical(item: Item, result: object | None) -> str:
    """Canonical text of the result of an expression as the item stores it; "" for unknown or for another kind.

    Numbers are rounded half up (away from zero) to ``item.decimals``, to whole numbers for an integer item and to 12
    significant digits when the item states none; a censored one whose limit rounding would move by
    more than `_MOVED` keeps its digits (``<0.1`` is not ``<0``). True and false become ``Y`` and ``N``.
    Of an interval of days the month or year that holds it is kept.
    """
    if result is None:
        return ""
    if isinstance(result, date):
        result = PartialDate(result.year, result.month, result.day)
    elif isinstance(result, int) and not isinstance(result, bool):
        result = Decimal(result)
    if item.kind in ("number", "integer"):
        return _canonical_number(item, result)
    if item.kind in ("date", "datetime"):
        if isinstance(result, DateSpan):
            result = result.covering
        if not isinstance(result, PartialDate):
            return ""
        return result.canonical if item.kind == "datetime" else result.without_time.canonical
    return _canonical_text(result)


def _canonical_text(result: object) -> str:
    if isinstance(result, bool):
        return "Y" if result else "N"
    if isinstance(result, Decimal):
        return _rounded(result, None)
    if isinstance(result, PartialDate | Censored):
        return result.canonical
    if isinstance(result, tuple):
        return ";".join(str(part) for part in result)
    return result.strip() if isinstance(result, str) else ""


def shown(item: Item, value: Value, codelist: CodeList | None, language: str) -> str:
    """A value as people read it: words for missing codes and codes, ``2024-10-UK`` for partial dates, else the value.

    A text that could not be read is shown as typed. The unit is not part of it.
    """
    if value.missing:
        return say(language, f"kinds.missing.{value.missing}")
    if not value.value:
        return value.text
    if item.kind in ("code", "codes") and codelist is not None:
        codes = value.value.split(";") if item.kind == "codes" else [value.value]
        labels = codelist.labels
        words = [said(labels[code], language) if code in labels else code for code in codes]
        return ("、" if language == "zh" else ", ").join(words)
    if item.kind in ("date", "datetime"):
        found = read_date(value.value)
        if found is not None and not found.whole:
            return f"{found.canonical}-UK" if found.month else f"{found.canonical}-UK-UK"
        return value.value.replace("T", " ")
    return value.value
