"""Taking a copy back: from an open store, or at the door when the store does not open any more.

Nothing is overwritten: the store as it was stays beside the restored one under another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget

from db.copies.automatic import Kept, read_copies, restore_newest
from forms.errors import Refusal, Told
from ui.dialogs.ask import AskDialog, secret_field
from ui.parts.drop_list import DropList
from ui.parts.moments import local_time
from ui.parts.pieces import button

if TYPE_CHECKING:
    from db.clock import Clock
    from db.proof.copying import Copy


WIDTH = 400
"""Pixels in which a copy's time and name can be read."""


def take_back(window: Any, copy: Path, passphrase: str) -> None:
    """Prove the passphrase on the copy, close the store, restore, go to the sign-in page.

    Raises Refusal or Trouble and leaves everything as it is when the copy does not open.
    """
    from db.opening.vault import unlock

    book = window.casebook
    book.check_right("restore" if not book.may("backup") else "backup")
    unlock(copy, book.user, passphrase, book.clock)
    user = book.user

    def begin() -> None:
        store = window.close_store()
        _restore(window, [copy], store, user, passphrase)

    QTimer.singleShot(0, window, begin)


def ask_copy(window: Any) -> AskDialog:
    """At the sign-in page of a damaged store: offer its copies, the newest first."""
    settings, store, user = window.settings, window.store, window.sign_in.user.currentText().strip()
    copies, name, phrase = DropList(), QLineEdit(user), secret_field()
    copies.setMinimumWidth(WIDTH)
    elsewhere = _elsewhere(window, copies)
    _offer(window, copies, read_copies(settings.backup_place(store), Path(store)))

    def verb() -> None:
        chosen = [copies.itemData(at).path for at in range(max(0, copies.currentIndex()), copies.count())]
        if not chosen:
            raise Refusal("access.from_copy.none")
        if not name.text().strip() or not phrase.text():
            raise Refusal("ui.sign_in.both_needed")
        words = (name.text().strip(), phrase.text())
        QTimer.singleShot(0, window, lambda: _restore(window, chosen, store, *words))

    fields: list[tuple[str, QWidget]] = [("copies", copies), ("elsewhere", elsewhere), ("user", name), ("old", phrase)]
    dialog = AskDialog(settings, window, "from_copy", fields, verb, store=Path(store).name)
    (phrase if copies.count() else elsewhere).setFocus()
    dialog.open()
    return dialog


def _elsewhere(window: Any, copies: QComboBox) -> QPushButton:
    def look() -> None:
        words = window.settings.say("access.from_copy.elsewhere")
        folder = QFileDialog.getExistingDirectory(window, words, str(Path.home()))
        if folder:
            look_in(window, copies, folder)

    made: QPushButton = button(look, icon_name="folder")
    made.setText(window.settings.say("access.from_copy.elsewhere"))
    return made


def look_in(window: Any, copies: QComboBox, folder: str) -> None:
    """Offer the copies of the store that lie in a folder; a copy itself counts as its own folder."""
    place = Path(folder)
    found = read_copies(place, Path(window.store))
    found = found or tuple(each for each in read_copies(place.parent, Path(window.store)) if each.path == place)
    _offer(window, copies, found)


def _offer(window: Any, copies: QComboBox, found: Sequence[Kept]) -> None:
    copies.clear()
    for each in found:
        copies.addItem(f"{local_time(each.at)} · {each.path.name}", each)
    copies.setPlaceholderText(window.settings.say("access.from_copy.no_copies"))
    copies.setEnabled(bool(found))


def bring_back(
    _reader: object, copies: Sequence[Path], store: str, user: str, passphrase: str, clock: Clock, *, tick: Any
) -> tuple[Copy, tuple[Path, ...]]:
    """A job: restore the first sound copy in place of a store that is closed."""
    return restore_newest(copies, Path(store), user=user, passphrase=passphrase, clock=clock, tick=tick)


def _restore(window: Any, copies: Sequence[Path], store: str, user: str, passphrase: str) -> None:
    from ui.dialogs.work import WorkDialog

    def done(made: tuple[Copy, tuple[Path, ...]]) -> None:
        copy, passed = made
        say = window.settings.say
        told = [say("access.take_back.done", copy=copy.path.name, position=copy.position)]
        told += [say("access.take_back.passed", copy=each.name) for each in passed]
        window.sign_in.tell("\n".join(told))

    def failed(error: Exception) -> None:
        if not isinstance(error, Told):
            raise error
        window.tell_at_door(error)

    window.show_sign_in(store, user)
    WorkDialog(window.settings, window, "take_back").start(
        bring_back, copies, store, user, passphrase, window.clock_of(store),
        done=done, failed=failed, cancelled=lambda: window.sign_in.tell(window.settings.say("access.take_back.left")),
    )  # fmt: skip
