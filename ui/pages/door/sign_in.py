"""Who is it, and the passphrase."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout

from ui.pages.door.door import DoorPage
from ui.parts.pieces import across, button, card, held, label, show_note
from ui.settings import Settings


class SignInPage(DoorPage):
    """Pick a user, type the passphrase; words under it say why it did not open."""

    wanted = Signal(str, str)
    elsewhere = Signal()
    recovery = Signal()
    copy_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.store = label("heading")
        self.path = label("small", wrap=True)
        self.user = QComboBox()
        self.user.setEditable(True)
        self.user.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.returnPressed.connect(self.submit)
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.copies = button(self.copy_wanted.emit)
        self.words.put(self.copies.setText, "access.from_copy.offer")
        self.copies.hide()
        self.enter = button(self.submit, kind="primary")
        self.enter.setDefault(True)
        self.other = button(self.elsewhere.emit, kind="link")
        self.words.put(self.enter.setText, "ui.sign_in.enter")
        self.words.put(self.other.setText, "ui.sign_in.other")
        self.sheet = button(self.recovery.emit, kind="link")
        self.words.put(self.sheet.setText, "access.recovery.link")
        box = QVBoxLayout()
        box.setSpacing(6)
        box.addWidget(self.store)
        box.addWidget(self.path)
        box.addSpacing(10)
        box.addWidget(self._named("ui.sign_in.user", self.user))
        box.addWidget(self.user)
        box.addSpacing(6)
        box.addWidget(self._named("ui.sign_in.passphrase", self.passphrase))
        box.addWidget(self.passphrase)
        box.addSpacing(6)
        box.addWidget(self.note)
        box.addWidget(self.copies)
        box.addSpacing(6)
        box.addWidget(held(across(self.enter, None, self.sheet, self.other)))
        self.column.addWidget(card(box, 24))

    def show_store(self, path: str, user: str = "") -> None:
        """Name the store; its users are listed once the window stands."""
        self.store.setText(Path(path).name.removesuffix(".casebook"))
        self.path.setText(path)
        self.user.clear()
        self.user.setEditText(user or self.settings.get("last_user"))
        self.passphrase.clear()
        self.note.hide()
        self.copies.hide()
        QTimer.singleShot(0, self, self._focus)

    def show_users(self, users: tuple[str, ...]) -> None:
        """Offer the people who can open this store."""
        chosen = self.user.currentText()
        self.user.clear()
        self.user.addItems(users)
        self.user.setEditText(chosen if chosen in users or not users else users[0])
        if not self.passphrase.hasFocus():
            self._focus()

    def tell(self, text: str) -> None:
        """Something worth knowing before signing in."""
        show_note(self.note, text, "notice")
        self.copies.hide()
        self._focus()

    def show_trouble(self, text: str, *, is_damaged: bool = False) -> None:
        """Say why it did not open, and let the passphrase be typed again; a damaged store offers its copies."""
        show_note(self.note, text)
        self.copies.setVisible(is_damaged)
        self.set_busy(False)
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def set_busy(self, busy: bool) -> None:
        """While the key is derived nothing can be typed."""
        self.enter.setEnabled(not busy)
        self.enter.setText(self.settings.say("ui.sign_in.opening" if busy else "ui.sign_in.enter"))

    def submit(self) -> None:
        """Ask for the store to be opened."""
        user = self.user.currentText().strip()
        if not user or not self.passphrase.text():
            self.show_trouble(self.settings.say("ui.sign_in.both_needed"))
            if not user:
                self.user.setFocus()
            return
        self.note.hide()
        self.set_busy(True)
        self.enter.repaint()
        self.wanted.emit(user, self.passphrase.text())

    def _focus(self) -> None:
        if self.isVisible():
            (self.passphrase if self.user.currentText() else self.user).setFocus()

    def _named(self, key: str, field: QComboBox | QLineEdit) -> QLabel:
        made = label("quiet")
        made.setBuddy(field)
        self.words.put(made.setText, key)
        self.words.put(field.setAccessibleName, key)
        return made
