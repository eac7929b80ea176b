"""A form while it is filled: which form, the sheet as it stands, and what was chosen on the page. No widget.

The page paints it, the saver and the acts change it; none of the three needs to know the others for that.
"""

from __future__ import annotations

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from forms.place import FormKey, Place
from forms.sheet.sheet import Sheet
from forms.study.definition import Item, ItemGroup
from forms.value import Value
from ui.editors.words import stored_text
from ui.hub import Hub


class Filling:
    """One form in hand. ``key`` and ``sheet`` are None until the first form is opened.

    ``open_rows`` and ``new_rows`` give a row id by group of a log, ``units`` a unit by item and row; ``here`` is the
    item and row with the cursor.
    """

    def __init__(self, casebook: Casebook, hub: Hub) -> None:
        self.casebook, self.hub = casebook, hub
        self.key: FormKey | None = None
        self.sheet: Sheet | None = None
        self.open_rows: dict[str, str] = {}
        self.new_rows: dict[str, str] = {}
        self.units: dict[tuple[str, str], str] = {}
        self.here: tuple[str, str] | None = None

    def open(self, key: FormKey) -> None:
        """Take another form in hand. One that can't be opened leaves the form before as it stands."""
        sheet = self.casebook.sheet(key)
        self.key, self.sheet = key, sheet
        self.open_rows, self.new_rows, self.units, self.here = {}, {}, {}, None
        self._open_drafted(sheet)

    def _open_drafted(self, sheet: Sheet) -> None:
        """Open the row of a log in which the person's draft stands: a closed row has no field to put it into."""
        assert self.key is not None
        for draft in self.casebook.drafts(self.key):
            group, row = sheet.form.group_of.get(draft.place.item), draft.place.row
            if group is None or not group.repeat:
                continue
            self.open_rows.setdefault(group.id, row)
            if row not in sheet.rows(group.id):
                self.new_rows.setdefault(group.id, row)

    def read_again(self) -> Sheet:
        """The sheet as the store has it now; what is only typed is not in it."""
        assert self.key is not None
        self.sheet = self.casebook.sheet(self.key)
        return self.sheet

    def type(self, item: str, row: str, text: str) -> Sheet:
        """The sheet with a text typed into a field. Nothing is written."""
        assert self.sheet is not None
        self.sheet = self.sheet.enter(item, text, row=row, unit=self.unit_of(item, row))
        return self.sheet

    def asks(self, item: str) -> bool:
        """Whether the form has an item of this id."""
        return self.sheet is not None and item in self.sheet.form.items

    def item(self, item: str) -> Item:
        """An item of the form."""
        assert self.sheet is not None
        return self.sheet.form.items[item]

    def group(self, group: str) -> ItemGroup:
        """An item group of the form."""
        assert self.sheet is not None
        return next(each for each in self.sheet.form.groups if each.id == group)

    def rows(self, group: str) -> list[str]:
        """Rows of a log: those that hold something and the one just begun."""
        assert self.sheet is not None
        new = self.new_rows.get(group, "")
        kept = self.sheet.rows(group)
        return [*kept, *([new] if new and new not in kept else [])]

    def place(self, item: str, row: str) -> Place:
        """Place of a field of this form."""
        assert self.key is not None
        return self.key.place(item, row)

    def unit_of(self, item: str, row: str) -> str:
        """Unit chosen for a field on this page, else the stored one, else the item's first."""
        assert self.sheet is not None
        units = self.item(item).units
        chosen = self.units.get((item, row)) or self.sheet.value_to_store(item, row).unit
        return chosen if chosen in units else (units[0] if units else "")

    def stored(self, item: str, row: str) -> Value:
        """What the store has at a field. The form is not evaluated for it."""
        assert self.key is not None
        return self.casebook.subject(self.key.subject).filled(self.key).value(row, item)

    def differs(self, item: str, row: str, text: str, unit: str = "", missing: str = "") -> bool:
        """Whether a field says something else than the store.

        What was typed is compared with what the field shows: ``-2`` typed today is not the ``-2`` of last week.
        """
        stored = self.stored(item, row)
        if missing:
            return stored.missing != missing
        if not text:
            return not stored.blank and not stored.missing
        return text != stored_text(self.item(item), stored) or (bool(unit) and unit != stored.unit)

    def enter(self, item: str, row: str, text: str, unit: str, missing: str, why: str = "") -> Changes:
        """Give a field to the store; a correction made for a person's open question cites it. Raises `NeedsReason`."""
        place = self.place(item, row)
        changes = self.casebook.enter(place, text, unit=unit, missing=missing, why=why, query=self.question_at(place))
        self.units.pop((item, row), None)
        return changes

    def question_at(self, place: Place) -> str:
        """The id of the oldest question of a person that stands open at a place, "" when there is none."""
        asked = self.casebook.standing(place.form_key)
        return next((query.id for query in asked if query.place == place and not query.rule), "")
