"""What a person can do on a form besides typing: missing codes, history, working, rows, Complete."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from db.casebook.entering import Changes, Entered
from forms.errors import Told
from forms.place import FormKey
from forms.sheet.sheet import Sheet
from forms.shown import unit_words
from forms.texts import said, say
from forms.value import MISSING_CODES
from ui.dialogs.ask_query import QueryDialog, make_query_dialog
from ui.dialogs.history import HistoryDialog, history_lines
from ui.dialogs.reason import OneLineDialog
from ui.dialogs.working import WorkingDialog
from ui.editors.canvas import FormCanvas
from ui.editors.words import missing_words, row_summary
from ui.pages.form.filling import Filling
from ui.pages.form.saving import FieldSaver
from ui.parts.plain import menu_words
from ui.settings import Settings


class FormActs(QObject):
    """Acts on the form in hand; each is one entry of the window's table of actions.

    ``refused`` carries what was said against one, ``warned`` words that stand above the form, ``saved`` the time of
    the entry and the words for it. ``rows_changed``: the form is to be built anew. ``wanted`` names a field to go to;
    ``blocked`` and ``completed`` are what came of Complete.
    """

    refused = Signal(object)
    warned = Signal(str)
    saved = Signal(str, str)
    rows_changed = Signal()
    wanted = Signal(str, str)
    blocked = Signal(object)
    completed = Signal()
    open_form = Signal(object)

    def __init__(
        self, filling: Filling, canvas: FormCanvas, saver: FieldSaver, settings: Settings, page: QWidget
    ) -> None:
        super().__init__(page)
        self.filling, self.canvas, self.saver, self.settings, self.page = filling, canvas, saver, settings, page
        self.unsent: dict[FormKey, str] = {}

    @property
    def language(self) -> str:
        """Language of the window."""
        return self.settings.language

    def _may(self, right: str) -> bool:
        """Whether this person may; where not, it is said above the form, and whose right it is."""
        book, language = self.filling.casebook, self.language
        if book.may(right):
            return True
        roles = [said(role.label, language) for role in book.study.roles if right in role.rights]
        names = say(language, "casebook.list_comma").join(roles)
        what = say(language, f"access.right.{right}")
        self.warned.emit(say(language, "ui_form.no_right", right=what, roles=names or "–"))
        return False

    def _save_here(self) -> bool:
        """Save what stands typed in the field with the cursor; False when it could not be: then nothing is built anew.

        A form built anew would lose what is typed.
        """
        here = self.filling.here
        return here is None or self.saver.leave(*here)

    def choose_missing(self) -> None:
        """F8: why there is no value here."""
        if self.filling.here is None or self.filling.sheet is None or not self._may("enter"):
            return
        item, row = self.filling.here
        allowed = self.filling.item(item).missing
        menu = QMenu(self.page)
        menu.setAccessibleName(say(self.language, "ui_form.missing.title"))
        for number, code in enumerate(MISSING_CODES, 1):
            if code in allowed:
                action = menu.addAction(f"&{number}  {missing_words(code, self.language)}  ({code})")
                action.triggered.connect(lambda _=False, c=code: self.saver.save(item, row, "", missing=c))
        menu.addSeparator()
        menu.addAction(say(self.language, "ui_form.missing.clear")).triggered.connect(
            lambda: self.saver.save(item, row, "", clear=True)
        )
        self._pop_up(menu, item, row)

    def choose_unit(self) -> None:
        """F3: the unit that the slip gives, where laboratories differ."""
        if self.filling.here is None or self.filling.sheet is None or not self._may("enter"):
            return
        item, row = self.filling.here
        units = self.filling.item(item).units
        if len(units) < 2:
            return
        menu = QMenu(self.page)
        menu.setAccessibleName(say(self.language, "ui_form.unit.title"))
        for number, unit in enumerate(units):
            action = menu.addAction(f"&{number + 1}  {menu_words(unit_words(unit, self.language))}")
            action.triggered.connect(lambda _=False, n=number: self.canvas.choose_unit(item, row, n))
        menu.setActiveAction(menu.actions()[units.index(self.filling.unit_of(item, row))])
        self._pop_up(menu, item, row)

    def _pop_up(self, menu: QMenu, item: str, row: str) -> None:
        editor = self.canvas.fields[(item, row)].editor
        menu.popup(editor.mapToGlobal(QPoint(0, editor.height())))

    def show_history(self) -> None:
        """F9: the history of the field with the cursor."""
        if self.filling.here is None or self.filling.key is None:
            return
        self._save_here()
        item, row = self.filling.here
        book, language = self.filling.casebook, self.language
        cell = book.sheet(self.filling.key).cell(item, row)
        entries = book.history(self.filling.place(item, row))
        lines = history_lines(book.study, entries, cell.findings, book.names(), language)
        HistoryDialog(said(cell.item.label, language), lines, language, self.page).exec()

    def show_working(self, item: str = "", row: str = "") -> None:
        """The working of a field's grades; without a name, of the field with the cursor."""
        if not item and self.filling.here is not None:
            item, row = self.filling.here
        if self.filling.sheet is None or not item:
            return
        cell = self.filling.sheet.cell(item, row)
        what = said(cell.item.label, self.language)
        if cell.grades:
            WorkingDialog(what, cell.grades, self.language, self.page).exec()
        else:
            reason = "empty" if cell.item.grade and cell.value.blank else "nothing"
            self.warned.emit(say(self.language, f"ui_form.working.{reason}", what=what))

    def ask_query(self) -> QueryDialog | None:
        """F4: ask about a field of this form."""
        filling = self.filling
        if filling.sheet is None or filling.key is None or not self._may("query.open"):
            return None
        self._save_here()
        key = filling.key
        dialog = make_query_dialog(
            filling.casebook, filling.sheet, key, filling.here, self.settings, filling.hub, self.page,
            self.unsent.pop(key, ""),
        )  # fmt: skip
        dialog.rejected.connect(lambda: self._keep_unsent(key, dialog.question.toPlainText()))
        dialog.open()
        return dialog

    def _keep_unsent(self, key: FormKey, words: str) -> None:
        """A question given up by Esc stands there again at the next F4 on the same form, until one signs out."""
        if words.strip():
            self.unsent[key] = words

    def add_row(self, group: str = "") -> None:
        """Begin a new row of a log and put the cursor into it."""
        filling = self.filling
        sheet, key = filling.sheet, filling.key
        if sheet is None or key is None or not self._may("enter"):
            return
        logs = [g.id for g in sheet.form.groups if g.repeat]
        mine = sheet.form.group_of[filling.here[0]].id if filling.here is not None else ""
        group = group or (mine if mine in logs else logs[0] if logs else "")
        if not group or not self._save_here():
            return
        row = filling.new_rows.get(group) or filling.casebook.new_row(key, group)
        filling.new_rows[group] = filling.open_rows[group] = row
        self.rows_changed.emit()
        self._focus_row(group, row)

    def remove_row(self, group: str = "", row: str = "") -> None:
        """Take a row out of a log, with a reason; its values stay in the audit trail."""
        filling = self.filling
        if filling.sheet is None or filling.key is None or not self._may("enter"):
            return
        if not row and filling.here is not None:
            group, row = filling.sheet.form.group_of[filling.here[0]].id, filling.here[1]
        if not row or not filling.group(group).repeat or not self._save_here():
            return
        filling.here = None
        filling.open_rows[group] = ""
        if row in filling.casebook.sheet(filling.key).rows(group):
            self._empty_row(filling.key, group, row)
        else:
            filling.new_rows.pop(group, None)
        self.rows_changed.emit()
        self.canvas.focus_add(group)

    def _empty_row(self, key: FormKey, group: str, row: str) -> None:
        filling = self.filling
        sheet = filling.casebook.sheet(key)
        lines = filling.group(group)
        filled = [i for i in lines.items if not i.derive and not sheet.cell(i.id, row).value.blank]
        what = say(self.language, "ui_form.remove_row.why", what=row_summary(sheet, lines, row, self.language))
        dialog = OneLineDialog("remove_row", what, self.language, self.page)
        if not dialog.exec():
            filling.open_rows[group] = row
            return
        try:
            changes = filling.casebook.enter_many([Entered(key.place(i.id, row), "") for i in filled], dialog.why)
        except Told as error:
            self.refused.emit(error)
            return
        filling.read_again()
        self._tell(changes)

    def begin_another(self) -> None:
        """A further form of the same kind, such as a second report of a serious event."""
        key = self.filling.key
        if key is not None and self._may("enter") and self._save_here():
            number = self.filling.casebook.new_form_no(key.subject, key.event, key.event_no, key.form)
            self.open_form.emit(replace(key, form_no=number))

    def _focus_row(self, group: str, row: str) -> None:
        fields = self.canvas.fields.values()
        first = next((f for f in fields if f.group.id == group and f.row == row and f.shown), None)
        if first is not None:
            self.wanted.emit(first.item.id, row)

    def toggle_row(self, group: str, row: str) -> None:
        """Open a row of a log, or close it."""
        filling = self.filling
        if filling.key is None or not self._save_here():
            return
        filling.open_rows[group] = "" if filling.open_rows.get(group) == row else row
        filling.read_again()
        self.rows_changed.emit()
        self._focus_row(group, row)

    def complete(self) -> None:
        """Complete the form, or re-open a complete one with a reason. What stands in the way is listed."""
        filling = self.filling
        key = filling.key
        if key is None or filling.sheet is None or not self._save_here():
            return
        try:
            if filling.casebook.state(key).status == "complete":
                self._reopen(key, filling.sheet)
                return
            drafted = self.saver.enter_drafts()
            if drafted is not None:
                self.wanted.emit(drafted.item, drafted.row)
                return
            sheet = filling.read_again()
            if sheet.complete_blockers():
                self.blocked.emit(sheet)
                first = sheet.complete_blockers()[0].place
                self.wanted.emit(first.item, first.row)
                return
            changes = filling.casebook.complete(key)
        except Told as error:
            self.refused.emit(error)
            return
        self._tell(changes, "ui_form.completed")
        self.completed.emit()

    def _tell(self, changes: Changes, key: str = "ui_form.saved") -> None:
        self.filling.hub.changed.emit(changes)
        self.saved.emit(changes.at, key)

    def _reopen(self, key: FormKey, sheet: Sheet) -> None:
        what = say(self.language, "ui_form.reopen.why", form=said(sheet.form.label, self.language))
        dialog = OneLineDialog("reopen", what, self.language, self.page)
        if dialog.exec():
            self.filling.hub.changed.emit(self.filling.casebook.reopen(key, dialog.why))
