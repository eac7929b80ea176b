"""Between the form page and the casebook: saving a field, asking for a reason, drafts, the dictionary of terms."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from forms.course.near import near_day, ways_of
from forms.errors import NeedsReason, Told
from forms.place import Place
from forms.shown import value_in, with_unit
from forms.study.definition import Study
from forms.texts import said
from forms.value import Value
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.which_date import WhichDateDialog
from ui.editors.canvas import FormCanvas
from ui.editors.words import stored_text
from ui.pages.form.filling import Filling
from ui.settings import Settings

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


class FieldSaver(QObject):
    """Saves one field at a time through the casebook's one door, and keeps drafts.

    ``refused`` carries what the casebook or the world said against it, ``saved`` the time of the entry (ISO UTC);
    ``put_back``: a reason was due and none given, the stored value stands again.
    """

    refused = Signal(object)
    saved = Signal(str)
    put_back = Signal()

    def __init__(self, filling: Filling, canvas: FormCanvas, settings: Settings, page: QWidget) -> None:
        super().__init__(page)
        self.filling, self.canvas, self.settings, self.page = filling, canvas, settings, page
        self.busy = False

    def leave(self, item: str, row: str) -> bool:
        """Save what stands typed in a field; False when it could not be saved."""
        field = self.canvas.fields.get((item, row))
        if field is None or field.editor.read_only:
            return True
        return self.save(item, row, field.editor.text())

    def save(self, item: str, row: str, text: str, missing: str = "", *, clear: bool = False) -> bool:
        """Give a field to the store when it differs from what is there; ``clear`` also takes a missing code away.

        False when it could not be saved: then what was typed still stands in the field.
        """
        filling = self.filling
        if filling.key is None or self.busy:
            return False
        unit = filling.unit_of(item, row) if text and not missing else ""
        stored = filling.stored(item, row)
        if not filling.differs(item, row, text, unit, missing) and not (clear and stored.missing):
            return self._leave_unchanged(item, row)
        self.busy = True
        try:
            self._enter(item, row, text if missing else self._whole(item, row, text), unit, missing, stored)
        except Told as error:
            self.refused.emit(error)
            return False
        finally:
            self.busy = False
        return True

    def _leave_unchanged(self, item: str, row: str) -> bool:
        """What was typed meanwhile and taken back again needs no draft any more."""
        self.canvas.settle(item, row)
        try:
            self.filling.casebook.clear_draft(self.filling.place(item, row))
        except Told as error:
            self.refused.emit(error)
            return False
        return True

    def _enter(self, item: str, row: str, text: str, unit: str, missing: str, stored: Value) -> None:
        try:
            changes = self.filling.enter(item, row, text, unit, missing)
        except NeedsReason:
            why = self._ask(item, text or missing, unit, stored)
            if not why:
                self._put_back(item, row, stored)
                return
            changes = self.filling.enter(item, row, text, unit, missing, why)
        self.canvas.settle(item, row)
        if changes.at:  # what was typed may say just what is stored: then nothing was written and no time is told
            self.filling.hub.changed.emit(changes)
            self.saved.emit(changes.at)

    def _whole(self, item: str, row: str, text: str) -> str:
        """What was typed; a date whose year can be mistaken as the person means it, once asked."""
        sheet, place = self.filling.sheet, self.filling.place(item, row)
        assert sheet is not None
        asked, language = self.filling.item(item), self.settings.language
        ways = ways_of(sheet.subject, place, asked, text)
        if not ways:
            return text
        near = near_day(sheet.subject, place, asked, text) or sheet.subject.today
        dialog = WhichDateDialog(said(asked.label, language), text, ways, near, language, self.page)
        dialog.exec()
        return text if dialog.chosen is None else dialog.chosen.isoformat()

    def _ask(self, item: str, text: str, unit: str, stored: Value) -> str:
        asked, study, language = self.filling.item(item), self.filling.casebook.study, self.settings.language
        lists = study.codelist_by_id.get(asked.codelist)
        old = value_in(study, asked, stored, language)
        new = said(lists.labels.get(text, {}), language) if lists is not None else ""
        new = new or with_unit(text, unit, language)
        dialog = ReasonDialog(said(asked.label, language), old, new, language, self.page)
        return dialog.why if dialog.exec() else ""

    def _put_back(self, item: str, row: str, stored: Value) -> None:
        self.filling.units.pop((item, row), None)
        self.canvas.settle(item, row)
        field = self.canvas.fields.get((item, row))
        if field is not None:
            field.editor.show_text(stored_text(field.item, stored))
        self.put_back.emit()

    def keep_draft(self, item: str, row: str, text: str) -> None:
        """Long text that is still being typed, kept every two seconds."""
        filling = self.filling
        if filling.key is not None and filling.casebook.may("enter"):
            filling.casebook.draft(filling.place(item, row), text)

    def put_aside(self) -> None:
        """Keep as drafts what says something else than the store, wherever the cursor has gone meanwhile."""
        if self.filling.key is None:
            return
        for (item, row), field in self.canvas.fields.items():
            text = field.editor.text()
            if not field.item.derive and self.filling.differs(item, row, text):
                self.keep_draft(item, row, text)

    def keep_what_stands(self) -> None:
        """Put aside what could not be saved; why it could not be has been told, and is not told again."""
        with suppress(Told):
            self.put_aside()

    def restore_drafts(self) -> list[str]:
        """Put drafts of an earlier, broken-off session back into their fields; labels of the fields.

        The draft of a row that is closed waits until the row is opened.
        """
        casebook, key = self.filling.casebook, self.filling.key
        assert key is not None
        found = []
        drafts = casebook.drafts(key)
        if drafts:
            self.canvas.finish()
        for draft in drafts:
            field = self.canvas.fields.get((draft.place.item, draft.place.row))
            if field is None:
                continue
            if field.editor.text() == draft.text:
                casebook.clear_draft(draft.place)
                continue
            field.editor.show_text(draft.text)
            found.append(said(field.item.label, self.settings.language))
        return found

    def enter_drafts(self) -> Place | None:
        """Enter what was put back and not visited since. The place still to be seen to, if any."""
        casebook, key = self.filling.casebook, self.filling.key
        assert key is not None
        for draft in casebook.drafts(key):
            item, row = draft.place.item, draft.place.row
            field = self.canvas.fields.get((item, row))
            if field is None and self.filling.asks(item):
                return draft.place
            if field is not None and field.shown:
                if not self.leave(item, row):
                    return draft.place
                casebook.clear_draft(draft.place)
        return None
