"""Between the form page and the casebook: saving a field, asking for a reason, drafts, the dictionary of terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forms.errors import NeedsReason, Told
from forms.kinds import shown
from forms.place import Place
from forms.study import Study
from forms.texts import said
from forms.value import Value
from ui.dialogs.reason import ReasonDialog
from ui.editors.lookup import TermSource

if TYPE_CHECKING:
    from ui.pages.form import FormPage

TERMS_OFFERED = 12


def terms_of(study: Study, language: str) -> TermSource:
    """The study's CTCAE terms for the term editor, its expected ones first."""

    def offered(typed: str) -> Sequence[tuple[str, str]]:
        from forms.terms import find_terms  # the dictionary is read when a term is first looked for

        hits = find_terms(study.ctcae, typed, language, study.expected_terms, TERMS_OFFERED)
        return [(hit.term.name, term_line(hit.term.name, hit.term.zh, language)) for hit in hits]

    return offered


def term_line(name: str, zh: str, language: str) -> str:
    """How a term is offered: in Chinese with the English term behind it."""
    return f"{zh} · {name}" if language == "zh" and zh else (f"{name} · {zh}" if zh else name)


class FieldSaver:
    """Saves one field at a time through the casebook's one door."""

    def __init__(self, page: FormPage) -> None:
        self.page = page
        self.busy = False

    def save(self, item: str, row: str, text: str, missing: str = "") -> None:
        """Give a field to the store when it differs from what the store has."""
        page = self.page
        if page.sheet is None or page.key is None or self.busy:
            return
        stored = page.casebook.sheet(page.key).cell(item, row).value
        unit = page.unit_of(item, row) if text and not missing else ""
        if not self._differs(stored, text, unit, missing):
            page.canvas.settle(item, row)
            return
        self.busy = True
        try:
            self._enter(item, row, text, unit, missing, stored)
        except Told as error:
            page.say_refused(error)
        finally:
            self.busy = False

    def _differs(self, stored: Value, text: str, unit: str, missing: str) -> bool:
        if missing:
            return stored.missing != missing
        if not text:
            return not stored.blank and not stored.missing
        return text not in (stored.text, stored.value) or (bool(unit) and unit != stored.unit)

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

    def query_at(self, place: Place) -> str:
        """The id of the person's question that stands open at a place: a correction is made for it and cites it."""
        asked = self.page.casebook.queries(place.subject)
        mine = (query.id for query in asked if query.place == place and not query.rule and query.status != "closed")
        return next(mine, "")

    def _ask(self, item: str, text: str, unit: str, stored: Value) -> str:
        page = self.page
        sheet = page.sheet
        assert sheet is not None
        definition = sheet.form.items[item]
        lists = sheet.subject.study.codelist_by_id.get(definition.codelist)
        old = shown(definition, stored, lists, page.language)
        new = said(lists.labels.get(text, {}), page.language) if lists is not None else ""
        new = new or f"{text} {unit}".strip()
        dialog = ReasonDialog(said(definition.label, page.language), old, new, page.language, page)
        return dialog.why if dialog.exec() else ""

    def _put_back(self, item: str, row: str, stored: Value) -> None:
        page = self.page
        assert page.key is not None
        page.units.pop((item, row), None)
        page.canvas.settle(item, row)
        field = page.canvas.fields.get((item, row))
        if field is not None:
            field.editor.show_text(stored.value if field.item.kind in ("code", "codes") else stored.text)
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
            if not field.item.derive and self._differs(sheet.cell(item, row).value, text, "", ""):
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
