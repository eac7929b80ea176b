"""Between the form page and the casebook: saving a field, asking for a reason, drafts, the dictionary of terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms.course.near import near_day, ways_of
from forms.errors import NeedsReason, Told
from forms.place import Place
from forms.sheet.sheet import Cell
from forms.shown import value_in, with_unit
from forms.study.definition import Study
from forms.texts import said
from forms.value import Value
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.which_date import WhichDateDialog
from ui.editors.words import field_text

if TYPE_CHECKING:
    from ui.pages.form.page import FormPage

TERMS_OFFERED = 12


BETWEEN = " · "
"""Between a term's names in the two languages."""


@dataclass(frozen=True, slots=True)
class StudyTerms:
    """The study's CTCAE terms for the term editor, its expected ones first. The dictionary is read at the first use."""

    study: Study
    language: str

    def offered(self, typed: str) -> Sequence[tuple[str, str]]:
        """Terms like what was typed, by their stored name and as shown."""
        from forms.grading.terms import find_terms

        hits = find_terms(self.study.ctcae, typed, self.language, self.study.expected_terms, TERMS_OFFERED)
        return [(hit.term.name, term_line(hit.term.name, hit.term.zh, self.language)) for hit in hits]

    def shown(self, stored: str) -> str:
        """A stored term in the language of the window."""
        from forms.grading.terms import term

        found = term(self.study.ctcae, stored) if stored else None
        return term_line(found.name, found.zh, self.language) if found is not None else stored

    def stored(self, shown: str) -> str:
        """The name of the term that a text is, in either language or both."""
        from forms.grading.terms import term

        names = [name.strip() for name in shown.split(BETWEEN)]
        found = [term(self.study.ctcae, name) if name else None for name in names]
        return found[0].name if found[0] is not None and all(each == found[0] for each in found) else shown


def term_line(name: str, zh: str, language: str) -> str:
    """How a term is offered: in Chinese with the English term behind it, in English with the Chinese one."""
    names = (zh, name) if language == "zh" else (name, zh)
    return BETWEEN.join(each for each in names if each)


class FieldSaver:
    """Saves one field at a time through the casebook's one door."""

    def __init__(self, page: FormPage) -> None:
        self.page = page
        self.busy = False

    def save(self, item: str, row: str, text: str, missing: str = "", *, clear: bool = False) -> None:
        """Give a field to the store when it differs from what is there; ``clear`` also takes a missing code away."""
        page = self.page
        if page.sheet is None or page.key is None or self.busy:
            return
        cell = page.casebook.sheet(page.key).cell(item, row)
        stored = cell.value
        unit = page.unit_of(item, row) if text and not missing else ""
        if not self._differs(cell, text, unit, missing) and not (clear and stored.missing):
            page.canvas.settle(item, row)
            return
        self.busy = True
        try:
            self._enter(item, row, text if missing else self._whole(cell, row, text), unit, missing, stored)
        except Told as error:
            page.say_refused(error)
        finally:
            self.busy = False

    def _differs(self, cell: Cell, text: str, unit: str, missing: str) -> bool:
        """What was typed is compared with what the field shows: ``-2`` typed today is not the ``-2`` of last week."""
        stored = cell.value
        if missing:
            return stored.missing != missing
        if not text:
            return not stored.blank and not stored.missing
        return text != field_text(cell) or (bool(unit) and unit != stored.unit)

    def _enter(self, item: str, row: str, text: str, unit: str, missing: str, stored: Value) -> None:
        page = self.page
        place = page.place(item, row)
        query = self.query_at(place)
        try:
            changes = page.casebook.enter(place, text, unit=unit, missing=missing, query=query)
        except NeedsReason:
            why = self._ask(item, text or missing, unit, stored)
            if not why:
                self._put_back(item, row, stored)
                return
            changes = page.casebook.enter(place, text, unit=unit, missing=missing, why=why, query=query)
        page.casebook.clear_draft(place)
        page.units.pop((item, row), None)
        page.canvas.settle(item, row)
        if changes.at:  # what was typed may say just what is stored: then nothing was written and no time is told
            page.hub.changed.emit(changes)
            page.say_saved(changes.at)

    def _whole(self, cell: Cell, row: str, text: str) -> str:
        """What was typed; a date whose year can be mistaken as the person means it, once asked."""
        page = self.page
        sheet = page.sheet
        assert sheet is not None
        place = page.place(cell.item.id, row)
        ways = ways_of(sheet.subject, place, cell.item, text)
        if not ways:
            return text
        near = near_day(sheet.subject, place, cell.item, text) or sheet.subject.today
        dialog = WhichDateDialog(said(cell.item.label, page.language), text, ways, near, page.language, page)
        dialog.exec()
        return text if dialog.chosen is None else dialog.chosen.isoformat()

    def query_at(self, place: Place) -> str:
        """The id of the person's question that stands open at a place: a correction is made for it and cites it."""
        asked = self.page.casebook.queries(place.subject)
        mine = (query.id for query in asked if query.place == place and not query.rule and query.is_open)
        return next(mine, "")

    def _ask(self, item: str, text: str, unit: str, stored: Value) -> str:
        page = self.page
        sheet = page.sheet
        assert sheet is not None
        definition = sheet.form.items[item]
        lists = sheet.subject.study.codelist_by_id.get(definition.codelist)
        old = value_in(sheet.subject.study, definition, stored, page.language)
        new = said(lists.labels.get(text, {}), page.language) if lists is not None else ""
        new = new or with_unit(text, unit, page.language)
        dialog = ReasonDialog(said(definition.label, page.language), old, new, page.language, page)
        return dialog.why if dialog.exec() else ""

    def _put_back(self, item: str, row: str, stored: Value) -> None:
        page = self.page
        assert page.key is not None
        page.units.pop((item, row), None)
        page.canvas.settle(item, row)
        field = page.canvas.fields.get((item, row))
        if field is not None:
            field.editor.show_text(field_text(page.casebook.sheet(page.key).cell(item, row)))
        page.reload()

    def keep_draft(self, item: str, row: str, text: str) -> None:
        """Long text that is still being typed, kept every two seconds."""
        page = self.page
        if page.key is not None and page.casebook.may("enter"):
            page.casebook.draft(page.place(item, row), text)

    def put_aside(self) -> None:
        """Keep as drafts what says something else than the store, wherever the cursor has gone meanwhile."""
        page = self.page
        if page.key is None:
            return
        sheet = page.casebook.sheet(page.key)
        for (item, row), field in page.canvas.fields.items():
            text = field.editor.text()
            if not field.item.derive and self._differs(sheet.cell(item, row), text, "", ""):
                self.keep_draft(item, row, text)

    def restore_drafts(self) -> list[str]:
        """Put drafts of an earlier, broken-off session back into their fields; labels of the fields."""
        page = self.page
        assert page.key is not None
        found = []
        drafts = page.casebook.drafts(page.key)
        if drafts:
            page.canvas.finish()
        for draft in drafts:
            field = page.canvas.fields.get((draft.place.item, draft.place.row))
            if field is None or field.editor.text() == draft.text:
                page.casebook.clear_draft(draft.place)
                continue
            field.editor.show_text(draft.text)
            found.append(said(field.item.label, page.language))
        return found
