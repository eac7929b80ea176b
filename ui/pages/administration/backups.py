"""Copies of the store: the second place, what lies there, making one now, rehearsing the way back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.copies.automatic import Kept, Rehearsal, check_place, note_rehearsal, read_copies, rehearse
from db.folder.whereabouts import check_copies, check_folder
from forms.errors import Told
from forms.texts import said
from ui.backups import AutoBackup, age_words, is_reachable
from ui.dialogs.ask import AskDialog, secret_field
from ui.dialogs.rehearsal import RehearsalDialog
from ui.jobs import Jobs
from ui.models.plain import PlainModel
from ui.parts.moments import local_time
from ui.parts.pieces import across, button, card, down, label, show_note
from ui.parts.tables import RowTable
from ui.settings import Settings

HEADS = ("made", "name", "size")
WIDTHS = (190, 0, 120)


class BackupsPart(QWidget):
    """A card with the state above, the copies below."""

    def __init__(self, casebook: Casebook, jobs: Jobs, settings: Settings, auto: AutoBackup) -> None:
        super().__init__()
        self.casebook, self.jobs, self.settings, self.auto = casebook, jobs, settings, auto
        self.place_name, self.place = label("heading"), label("quiet", wrap=True)
        self.age, self.note = label("quiet", wrap=True), label("trouble", wrap=True)
        self.warnings = label("notice", wrap=True)
        self.note.hide()
        self.choose = button(self.ask_place, icon_name="folder")
        self.make = button(self.make_now, kind="primary")
        self.rehearse = button(self.rehearse_chosen)
        self.restore = button(self.restore_chosen)
        self.model = PlainModel(self)
        self.table = RowTable(self.model, WIDTHS, 28)
        box = down(self.place_name, self.place, self.age, self.warnings, self.note, spacing=6)
        buttons: tuple[QPushButton, ...] = (self.make, self.rehearse, self.restore, self.choose)
        box.addLayout(across(*buttons, None))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(card(box))
        layout.addWidget(self.table, 1)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_buttons())
        auto.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Read the second place anew and say everything in the window's language."""
        say, place = self.settings.say, self.auto.place
        self.place_name.setText(say("access.backup.place"))
        self.place.setText(place or say("access.backup.no_place"))
        words, kind = age_words(self.casebook, self.settings)
        show_note(self.age, words, kind)
        warnings = [said(text, self.settings.language) for text in check_folder(self.casebook.path)]
        if place and not is_reachable(place):
            warnings.append(say("access.backup.away", place=place))
        if place:
            warnings += [said(text, self.settings.language) for text in check_copies(Path(place))]
        show_note(self.warnings, "\n".join(warnings), "notice")
        trouble = self.auto.trouble
        show_note(self.note, trouble.in_language(self.settings.language) if trouble else "")
        copies = read_copies(place, Path(self.casebook.path)) if place else ()
        heads = [say(f"access.backup.{head}") for head in HEADS]
        rows = [(local_time(each.at), each.path.name, size_words(each.size)) for each in copies]
        self.model.show_rows(heads, rows, copies)
        self.table.setAccessibleName(say("access.tab.backups"))
        self.table.select_first()
        for name in ("choose", "make", "rehearse", "restore"):
            getattr(self, name).setText(say(f"access.backup.{name}"))
        self._show_buttons()

    @property
    def chosen(self) -> Kept | None:
        """The copy the cursor stands on."""
        key = self.model.key(self.table.currentIndex().row())
        return key if isinstance(key, Kept) else None

    def _show_buttons(self) -> None:
        may = self.casebook.may("backup")
        self.make.setEnabled(may and is_reachable(self.auto.place) and self.auto.job is None)
        self.rehearse.setEnabled(may and self.chosen is not None)
        self.restore.setEnabled(may and self.chosen is not None)
        self.choose.setEnabled(may)

    def ask_place(self) -> None:
        """Choose the second place."""
        start = self.auto.place or str(Path.home())
        folder = QFileDialog.getExistingDirectory(self, self.settings.say("access.backup.choose"), start)
        if folder:
            self.set_place(folder)

    def set_place(self, folder: str) -> None:
        """Use a folder as the second place; a copy is made at once when one is due."""
        try:
            check_place(self.casebook.path, Path(folder))
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            return
        self.settings.put_backup_place(self.casebook.path, folder)
        self.auto.trouble = None
        self.auto.look()
        self.refresh()

    def make_now(self) -> None:
        """Make a copy in the worker."""
        self.auto.make()

    def rehearse_chosen(self) -> None:
        """Rehearse restoring the chosen copy in the worker."""
        copy = self.chosen
        if copy is None:
            return
        self.rehearse.setEnabled(False)
        self.jobs.run(
            rehearse,
            str(copy.path),
            done=self._rehearsed,
            failed=self._failed,
            cancelled=self._show_buttons,
            title=self.settings.say("access.backup.rehearse"),
        )

    def restore_chosen(self) -> AskDialog | None:
        """Take the chosen copy back in place of the store, which stays beside it under another name."""
        copy, window = self.chosen, self.window()
        if copy is None:
            return None
        phrase = secret_field()

        def verb() -> None:
            from ui.dialogs.restoring import take_back

            take_back(window, copy.path, phrase.text())

        dialog = AskDialog(
            self.settings, window, "take_back", [("old", phrase)], verb, copy=copy.path.name, made=local_time(copy.at)
        )
        dialog.open()
        return dialog

    def _rehearsed(self, shown: Rehearsal) -> None:
        note_rehearsal(self.casebook, shown)
        self._show_buttons()
        RehearsalDialog(shown, self.casebook, self.settings, self).open()

    def _failed(self, error: Exception) -> None:
        self._show_buttons()
        if not isinstance(error, Told):
            raise error
        show_note(self.note, error.in_language(self.settings.language))


def size_words(size: int) -> str:
    """Bytes as kB or MB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB"
