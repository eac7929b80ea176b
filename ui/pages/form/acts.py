"""What a person can do on a form besides typing: missing codes, history, working, rows, Complete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from db.casebook.entering import Entered
from forms.errors import Told
from forms.place import FormKey
from forms.sheet.sheet import Sheet
from forms.shown import unit_words
from forms.study.definition import ItemGroup
from forms.texts import said, say
from forms.value import MISSING_CODES
from ui.dialogs.ask import AskDialog
from ui.dialogs.ask_query import make_query_dialog
from ui.dialogs.history import HistoryDialog, history_lines
from ui.dialogs.reason import OneLineDialog
from ui.dialogs.working import WorkingDialog
from ui.editors.words import missing_words, row_summary
from ui.parts.plain import menu_words

if TYPE_CHECKING:
    from ui.pages.form.page import FormPage


def _group(sheet: Sheet, group: str) -> ItemGroup:
    return next(each for each in sheet.form.groups if each.id == group)


class FormActs:
    """Acts of a form page; each is one entry of the window's table of actions."""

    def __init__(self, page: FormPage) -> None:
        self.page = page

    def _may(self, right: str) -> bool:
        """Whether this person may; where not, it is said above the form, and whose right it is."""
        book, language = self.page.casebook, self.page.language
        if book.may(right):
            return True
        roles = [said(role.label, language) for role in book.study.roles if right in role.rights]
        names = say(language, "casebook.list_comma").join(roles)
        what = say(language, f"access.right.{right}")
        self.page.blockers.show_words(say(language, "ui_form.no_right", right=what, roles=names or "–"))
        return False

    def choose_missing(self) -> None:
        """F8: why there is no value here."""
        if self.page.here is None or self.page.sheet is None or not self._may("enter"):
            return
        item, row = self.page.here
        allowed = self.page.sheet.form.items[item].missing
        menu = QMenu(self.page)
        menu.setAccessibleName(say(self.page.language, "ui_form.missing.title"))
        for number, code in enumerate(MISSING_CODES, 1):
            if code in allowed:
                action = menu.addAction(f"&{number}  {missing_words(code, self.page.language)}  ({code})")
                action.triggered.connect(lambda _=False, c=code: self.page.saver.save(item, row, "", missing=c))
        menu.addSeparator()
        menu.addAction(say(self.page.language, "ui_form.missing.clear")).triggered.connect(
            lambda: self.page.saver.save(item, row, "", clear=True)
        )
        self._pop_up(menu, item, row)

    def choose_unit(self) -> None:
        """F3: the unit that the slip gives, where laboratories differ."""
        page = self.page
        if page.here is None or page.sheet is None or not self._may("enter"):
            return
        item, row = page.here
        units = page.sheet.form.items[item].units
        if len(units) < 2:
            return
        menu = QMenu(page)
        menu.setAccessibleName(say(page.language, "ui_form.unit.title"))
        for number, unit in enumerate(units):
            action = menu.addAction(f"&{number + 1}  {menu_words(unit_words(unit, page.language))}")
            action.triggered.connect(lambda _=False, n=number: page.canvas.choose_unit(item, row, n))
        menu.setActiveAction(menu.actions()[units.index(page.unit_of(item, row))])
        self._pop_up(menu, item, row)

    def _pop_up(self, menu: QMenu, item: str, row: str) -> None:
        editor = self.page.canvas.fields[(item, row)].editor
        menu.popup(editor.mapToGlobal(QPoint(0, editor.height())))

    def show_history(self) -> None:
        """F9: the history of the field with the cursor."""
        if self.page.here is None or self.page.key is None:
            return
        self.page.flush()
        item, row = self.page.here
        book, language = self.page.casebook, self.page.language
        cell = book.sheet(self.page.key).cell(item, row)
        entries = book.history(self.page.place(item, row))
        lines = history_lines(book.study, entries, cell.findings, book.names(), language)
        HistoryDialog(said(cell.item.label, language), lines, language, self.page).exec()

    def show_working(self, item: str = "", row: str = "") -> None:
        """The working of a field's grades; without a name, of the field with the cursor."""
        if not item and self.page.here is not None:
            item, row = self.page.here
        if self.page.sheet is None or not item:
            return
        cell = self.page.sheet.cell(item, row)
        if cell.grades:
            what = said(cell.item.label, self.page.language)
            WorkingDialog(what, cell.grades, self.page.language, self.page).exec()

    def ask_query(self) -> AskDialog | None:
        """F4: ask about a field of this form."""
        page = self.page
        if page.sheet is None or page.key is None or not self._may("query.open"):
            return None
        page.flush()
        dialog = make_query_dialog(page.casebook, page.sheet, page.key, page.here, page.settings, page.hub, page)
        dialog.open()
        return dialog

    def add_row(self, group: str = "") -> None:
        """Begin a new row of a log and put the cursor into it."""
        sheet, key = self.page.sheet, self.page.key
        if sheet is None or key is None or not self._may("enter"):
            return
        logs = [g.id for g in sheet.form.groups if g.repeat]
        mine = sheet.form.group_of[self.page.here[0]].id if self.page.here is not None else ""
        group = group or (mine if mine in logs else logs[0] if logs else "")
        if not group:
            return
        self.page.flush()
        row = self.page.new_rows.get(group) or self.page.casebook.new_row(key, group)
        self.page.new_rows[group] = self.page.open_rows[group] = row
        self.page.build()
        self._focus_row(group, row)

    def remove_row(self, group: str = "", row: str = "") -> None:
        """Take a row out of a log, with a reason; its values stay in the audit trail."""
        page = self.page
        if page.sheet is None or page.key is None or not self._may("enter"):
            return
        if not row and page.here is not None:
            group, row = page.sheet.form.group_of[page.here[0]].id, page.here[1]
        if not row or not _group(page.sheet, group).repeat:
            return
        page.flush()
        page.here = None
        page.open_rows[group] = ""
        if row in page.casebook.sheet(page.key).rows(group):
            self._empty_row(page.key, group, row)
        else:
            page.new_rows.pop(group, None)
        page.build()
        page.canvas.focus_add(group)

    def _empty_row(self, key: FormKey, group: str, row: str) -> None:
        page = self.page
        sheet = page.casebook.sheet(key)
        lines = _group(sheet, group)
        filled = [i for i in lines.items if not i.derive and not sheet.cell(i.id, row).value.blank]
        what = say(page.language, "ui_form.remove_row.why", what=row_summary(sheet, lines, row, page.language))
        dialog = OneLineDialog("remove_row", what, page.language, page)
        if not dialog.exec():
            page.open_rows[group] = row
            return
        try:
            changes = page.casebook.enter_many([Entered(key.place(i.id, row), "") for i in filled], dialog.why)
        except Told as error:
            page.say_refused(error)
            return
        page.sheet = page.casebook.sheet(key)
        page.hub.changed.emit(changes)
        page.say_saved(changes.at)

    def begin_another(self) -> None:
        """A further form of the same kind, such as a second report of a serious event."""
        page = self.page
        if page.key is not None and self._may("enter"):
            page.flush()
            key = page.key
            number = page.casebook.new_form_no(key.subject, key.event, key.event_no, key.form)
            page.open_form.emit(replace(key, form_no=number))

    def _focus_row(self, group: str, row: str) -> None:
        fields = self.page.canvas.fields.values()
        first = next((f for f in fields if f.group.id == group and f.row == row and f.shown), None)
        if first is not None:
            self.page.go_to(first.item.id, row)

    def toggle_row(self, group: str, row: str) -> None:
        """Open a row of a log, or close it."""
        self.page.flush()
        self.page.open_rows[group] = "" if self.page.open_rows.get(group) == row else row
        self.page.sheet = self.page.casebook.sheet(self.page.key) if self.page.key else self.page.sheet
        self.page.build()
        self._focus_row(group, row)

    def complete(self) -> None:
        """Complete the form, or re-open a complete one with a reason. What stands in the way is listed."""
        key, sheet = self.page.key, self.page.sheet
        if key is None or sheet is None:
            return
        self.page.flush()
        try:
            if self.page.casebook.state(key).status == "complete":
                self._reopen(key, sheet)
                return
            self.page.sheet = self.page.casebook.sheet(key)
            if self.page.sheet.complete_blockers():
                self.page.blockers.show_findings(self.page.sheet, self.page.language)
                first = self.page.sheet.complete_blockers()[0].place
                self.page.go_to(first.item, first.row)
                return
            changes = self.page.casebook.complete(key)
        except Told as error:
            self.page.say_refused(error)
            return
        self.page.blockers.hide()
        self.page.hub.changed.emit(changes)
        self.page.say_saved(changes.at, "ui_form.completed")
        onward = self.page.head.next if self.page.head.next.isEnabled() else self.page.head.back
        onward.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reopen(self, key: FormKey, sheet: Sheet) -> None:
        what = say(self.page.language, "ui_form.reopen.why", form=said(sheet.form.label, self.page.language))
        dialog = OneLineDialog("reopen", what, self.page.language, self.page)
        if dialog.exec():
            self.page.hub.changed.emit(self.page.casebook.reopen(key, dialog.why))
