"""The locked window: an opaque cover over whatever is open. Nothing under it is closed, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.parts.pieces import across, button, card, down, held, label, scrolled, show_note
from ui.settings import Settings
from ui.theme import look
from ui.words import Words


class LockCover(QWidget):
    """Covers one window and asks for the passphrase of the person who is signed in, or for the PIN they set."""

    unlock = Signal(str)
    unlock_by_pin = Signal(str)
    unlock_and_set = Signal(str)
    someone_else = Signal()

    def __init__(self, over: QWidget, settings: Settings) -> None:
        super().__init__(over)
        self.words = Words(settings, self)
        self.settings, self._over = settings, over
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        title = label("title")
        self.words.put(title.setText, "ui.lock.title")
        self.text = label("quiet", wrap=True)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.by_pin = False
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.enter = button(self._submit, kind="primary")
        self.words.put(self.enter.setText, "ui.lock.unlock")
        self.other = self._link(self.someone_else.emit, "ui.lock.someone_else")
        self.instead = self._link(self.ask_for_passphrase, "ui.lock.passphrase_instead")
        self.offer = self._link(self._set_pin, "ui.lock.set_pin")
        self.passphrase.returnPressed.connect(self._submit)
        self.words.follow(self._tell)
        box = down(title, self.text, 6, self.passphrase, self.note, 6, spacing=6)
        box.addLayout(across(self.enter, None, self.other))
        box.addLayout(across(self.instead, self.offer, None))
        frame = card(box, 24)
        frame.setFixedWidth(min(400, max(260, over.width() - 40)))
        column = QVBoxLayout()
        column.addStretch(2)
        column.addLayout(across(None, frame, None))
        column.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(held(column)))
        self._before: QWidget | None = None
        over.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        self.hide()

    def _link(self, verb: Callable[[], object], key: str) -> QPushButton:
        made = button(verb, kind="link")
        self.words.put(made.setText, key)
        return made

    def put_on(self, name: str, *, may_change: bool, by_pin: bool = False, offer: bool = False) -> None:
        """Cover the window for a person; ``may_change`` offers to let someone else sign in, ``offer`` to set a PIN."""
        self._before = self._over.focusWidget()
        self.text.setText(self.settings.say("ui.lock.text", name=name))
        self.other.setVisible(may_change)
        self.offer.setVisible(offer)
        self.ask_for(by_pin=by_pin)
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.passphrase.setFocus(Qt.FocusReason.PopupFocusReason)

    def ask_for_passphrase(self) -> None:
        """Ask for the passphrase where the PIN was asked."""
        self.ask_for(by_pin=False)

    def ask_for(self, *, by_pin: bool) -> None:
        """Ask for the PIN, or for the passphrase."""
        self.by_pin = by_pin
        self.instead.setVisible(by_pin)
        self.passphrase.clear()
        self.note.hide()
        self._tell()
        self.passphrase.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_trouble(self, text: str) -> None:
        """Why it stays locked."""
        show_note(self.note, text)
        self.passphrase.selectAll()

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Whatever a page below does, the cursor stays in the cover."""
        below = now is not None and self._over.isAncestorOf(now) and not self.isAncestorOf(now)
        if below and self.isVisible():
            self.passphrase.setFocus(Qt.FocusReason.PopupFocusReason)

    def take_off(self, *, go_back: bool = True) -> None:
        """Uncover the window; with ``go_back`` the cursor returns to where it was. The cover goes with its window."""
        before, self._before = self._before if go_back else None, None
        self.hide()
        if before is not None and isValid(before) and self._over.isAncestorOf(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
            self.raise_()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab never leaves the cover while it is there."""
        if not self.isVisible():
            return super().focusNextPrevChild(forward)
        stops: list[QWidget] = [self.passphrase, self.enter]
        stops += [each for each in (self.other, self.instead, self.offer) if not each.isHidden()]
        now = self.focusWidget()
        at = stops.index(now) if now in stops else -1
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def mousePressEvent(self, event: QEvent) -> None:
        """Clicks don't go through."""
        event.accept()

    def paintEvent(self, _event: object) -> None:
        """An opaque ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(look(self.palette()).window))
        painter.end()

    def _tell(self) -> None:
        words = self.settings.say("ui.lock.pin" if self.by_pin else "ui.sign_in.passphrase")
        self.passphrase.setAccessibleName(words)
        self.passphrase.setPlaceholderText(words)

    def _submit(self) -> None:
        self._send(self.unlock_by_pin if self.by_pin else self.unlock)

    def _set_pin(self) -> None:
        self._send(self.unlock_and_set)

    def _send(self, wish: SignalInstance) -> None:
        if self.passphrase.text():
            wish.emit(self.passphrase.text())
        else:
            self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
