"""One line of a data file -> the value it means at its place, or what is wrong with it and how to write it.

A file has nobody who sees how a text was understood, so nothing is guessed: numbers of rows are whole, dates are ISO
dates, an empty cell leaves what is there, and only the column ``missing`` makes a missing code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from db.casebook.entering import Entered, check_takes_entries, find_item, read_value, says_the_same
from db.incoming.faults import Faults, Noted
from db.incoming.survey import Line
from forms.errors import Refusal
from forms.findings import Finding
from forms.place import SINGLE, FormKey, Place
from forms.sheet.checks import unit_is_ours
from forms.study.definition import Item, Study
from forms.subject.subject import Subject
from forms.texts import both
from forms.value import BLANK, MISSING_CODES, Value
from forms.values.file_dates import iso_date, meant_dates
from forms.values.glyphs import folded
from forms.values.kinds import read_number
from forms.values.units import symbol

_WHOLE = re.compile(r"0*([1-9][0-9]{0,8})(?:\.0*)?")
_NUMERIC = re.compile(r"[-+]?[0-9]*[.,]?[0-9]*(?:[eE][-+]?[0-9]+)?")
_POWER = re.compile(r"[-+]?[0-9](?:\.[0-9]+)?[eE][-+]?[0-9]{1,3}")
_ISO_SHAPE = re.compile(r"[0-9]{4}(-[0-9]{2}){1,2}([T ].*)?")
LIKE_MISSING = frozenset(
    ("na", "n/a", "#n/a", "nan", "<na>", "null", "nd", "unk", "uk", "nask", "ni", ".", "#value!", "#ref!", "#div/0!",
     "#name?", "#num!", "#null!")
)  # fmt: skip
"""What R, pandas, SAS, spreadsheets and people write where nothing is known, folded to small letters."""

_COLUMN_OF = {
    "db.place_event": "event", "db.place_event_no": "event_no", "db.place_cycle": "event_no", "db.place_form": "form",
    "db.place_form_no": "form_no", "db.place_item": "item", "db.place_row": "row", "db.too_long": "value",
}  # fmt: skip
_ELSEWHERE = frozenset(("db.place_event", "db.place_form"))


@dataclass(slots=True)
class SubjectLines:
    """What the lines of one subject say. ``left`` counts empty cells beside which a value stays as it is."""

    before: Subject
    values: dict[Place, Value] = field(default_factory=dict)
    computed: dict[Place, str] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    noted: list[Noted] = field(default_factory=list)
    left: int = 0
    takes_new: Callable[[FormKey], bool] = lambda _key: True

    def note(self, place: Place, rule: str, key: str, **values: object) -> None:
        """Say something of a line that comes in."""
        finding = Finding(place, rule, both(key, **values), "note")
        self.noted.append(Noted(self.lines[place], str(place), finding))


@dataclass(slots=True)
class LineReader:
    """Reads lines, each by the version of the study that judges its visit.

    ``strangers`` counts those that name no event and form of it.
    """

    faults: Faults
    accept_unparsed: bool
    clear: bool
    strangers: int = 0
    _items: dict[tuple[str, ...], Item | Refusal] = field(default_factory=dict)

    def read(self, line: Line, taken: SubjectLines) -> None:
        """Note what a line says in ``taken``, or its fault."""
        number, cells = line
        place = self._place(number, cells)
        if place is None:
            return
        first = taken.lines.setdefault(place, number)
        if first != number:
            self.faults.note(number, "item", "db.file.twice", first=first)
            return
        study = taken.before.judging(place.event, place.event_no).study
        item = self._item(study, place)
        text, unit, missing = cells[7:]
        if isinstance(item, Refusal):
            if item.key != "db.place_derived":
                self.faults.note(number, _COLUMN_OF.get(item.key, ""), item.key, **item.values)
                self.strangers += item.key in _ELSEWHERE
            elif text.strip():
                taken.computed[place] = text.strip()
            return
        if not text.strip() and not missing:
            self._leave(number, place, taken)
            return
        faults = len(self.faults)
        unit = self._unit(number, item, unit)
        self._check_missing(number, item, text, missing)
        if len(self.faults) == faults:
            self._take(number, item, Entered(place, text, unit, missing), taken)

    def _leave(self, number: int, place: Place, taken: SubjectLines) -> None:
        """An empty cell: it leaves what is there unless clearing was asked for."""
        value = taken.before.values.get(place)
        if value is None or value.blank:
            return
        if self.clear:
            self._put(number, place, BLANK, taken)
        else:
            taken.left += 1

    def _take(self, number: int, item: Item, entered: Entered, taken: SubjectLines) -> None:
        study = taken.before.judging(entered.place.event, entered.place.event_no).study
        try:
            value = read_value(study, taken.before, item, entered, from_file=True)
        except Refusal as refusal:
            self.faults.note(number, "value", refusal.key, **refusal.values)
            return
        place, text = entered.place, entered.text
        if value.unread:
            key, values = how_to_write(study, item, text)
            if not self.accept_unparsed:
                self.faults.note(number, "value", key, **values)
                return
            taken.note(place, "import.unread", key, **values)
        elif item.kind in ("text", "long") and folded(text).strip().casefold() in LIKE_MISSING:
            taken.note(place, "import.like_missing", "exchange.like_missing", item=item.id, text=text.strip(),
                       codes=", ".join(item.missing) or "-")  # fmt: skip
        elif _POWER.fullmatch(folded(text).strip()):
            taken.note(place, "import.power", "exchange.power", item=item.id, text=text.strip())
        self._put(number, place, value, taken)

    def _put(self, number: int, place: Place, value: Value, taken: SubjectLines) -> None:
        """Take a value; a frozen or locked form takes only what it says already."""
        if not says_the_same(taken.before.values.get(place), value):
            try:
                check_takes_entries(taken.before, place, taken.takes_new)
            except Refusal as refusal:
                self.faults.note(number, "value", refusal.key, **refusal.values)
                return
        taken.values[place] = value

    def _place(self, number: int, cells: tuple[str, ...]) -> Place | None:
        """The place a line speaks of; None, with the fault noted, when a number in it is none."""
        event_no, form_no, row = instance(cells[2]), instance(cells[4]), instance(cells[5])
        if event_no is None or form_no is None or row is None:
            for column, at, found in (("event_no", 2, event_no), ("form_no", 4, form_no), ("row", 5, row)):
                if found is None:
                    self.faults.note(number, column, "db.place_instance", id=cells[at][:40])
            return None
        return Place(cells[0], cells[1], event_no, cells[3], form_no, row, cells[6])

    def _item(self, study: Study, place: Place) -> Item | Refusal:
        at = (study.version, place.event, place.event_no, place.form, place.form_no, place.row, place.item)
        found = self._items.get(at)
        if found is None:
            if len(self._items) > 50_000:
                self._items.clear()
            try:
                found = find_item(study, place)
            except Refusal as refusal:
                found = refusal
            self._items[at] = found
        return found

    def _unit(self, number: int, item: Item, unit: str) -> str:
        """The unit as the study writes it; other spellings of a laboratory unit count as the same."""
        if not unit or unit in item.units:
            return unit
        name = item.analyte or item.id
        meant = symbol(name, unit)
        spelled = next((ours for ours in item.units if meant and symbol(name, ours) == meant), meant)
        if spelled is None or not unit_is_ours(item, spelled):
            known = ", ".join(item.units) or "-"
            self.faults.note(number, "unit", "db.file.unit", unit=unit[:40], item=item.id, known=known)
            return ""
        return spelled

    def _check_missing(self, number: int, item: Item, text: str, missing: str) -> None:
        if not missing:
            return
        if missing not in MISSING_CODES or missing not in item.missing:
            known = ", ".join(item.missing) or "-"
            self.faults.note(number, "missing", "db.file.missing_code", code=missing[:40], item=item.id, known=known)
        elif text.strip():
            self.faults.note(number, "value", "db.file.value_and_missing", code=missing)


def instance(text: str) -> str | None:
    """The number of a row, form or visit as it is kept: empty, ``1``, ``1.0`` and ``01`` are 1; made ids stay.

    None for what is no such number: a fraction, zero, a word for missing.
    """
    if text in ("", SINGLE):
        return SINGLE
    plain = folded(text)
    found = _WHOLE.fullmatch(plain)
    if found is not None:
        return found[1]
    if _NUMERIC.fullmatch(plain) or plain.casefold() in LIKE_MISSING or not _INSTANCE.fullmatch(plain):
        return None
    return plain


_INSTANCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def how_to_write(study: Study, item: Item, text: str) -> tuple[str, Mapping[str, object]]:
    """Why a text of a file can't be read as the item's kind, and how it is written: key and values of the words."""
    plain = folded(text).strip()
    if plain.casefold() in LIKE_MISSING:
        return "exchange.unread_missing", {"item": item.id, "text": plain, "codes": ", ".join(item.missing) or "-"}
    if item.kind in ("date", "datetime"):
        return _how_to_write_a_date(item, text)
    if item.kind in ("code", "codes"):
        codelist = study.codelist_by_id.get(item.codelist)
        codes = [code.code for code in codelist.codes] if codelist is not None else []
        told = ", ".join(codes[:12]) + (", …" if len(codes) > 12 else "")
        return "exchange.unread_code", {"item": item.id, "codes": told}
    kind = item.kind if item.kind in ("number", "integer", "time") else "number"
    return f"exchange.unread_{kind}", {"item": item.id}


def _how_to_write_a_date(item: Item, text: str) -> tuple[str, Mapping[str, object]]:
    plain, timed = folded(text).strip(), item.kind == "datetime"
    if iso_date(plain, partial=True, timed=timed) is not None:
        return ("exchange.unread_time_lacks" if timed else "exchange.unread_day_lacks"), {"item": item.id}
    meant = meant_dates(text) if timed else tuple(dict.fromkeys(each[:10] for each in meant_dates(text)))
    meant = tuple(each for each in meant if iso_date(each, item.partial, timed=timed) is not None)
    if len(meant) == 2:
        return "exchange.unread_date_two", {"item": item.id, "one": meant[0], "other": meant[1]}
    if meant:
        return "exchange.unread_date_meant", {"item": item.id, "meant": meant[0]}
    if _ISO_SHAPE.fullmatch(plain):
        return "exchange.unread_no_such_day", {"item": item.id}
    return ("exchange.unread_datetime" if timed else "exchange.unread_date"), {"item": item.id}


def same_result(told: str, value: Value | None) -> bool:
    """Whether a file tells the same result of a computed item as the program: of numbers only the amount counts."""
    ours = value.value if value is not None else ""
    if told == ours:
        return True
    one, other = read_number(told), read_number(ours)
    return isinstance(one, Decimal) and one == other
