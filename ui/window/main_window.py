"""The one window: the door before a store is open, the workspace after, the lock cover over it, the crash page."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from forms.errors import Told
from ui.icons import icon
from ui.pages.door.sign_in import SignInPage
from ui.retire import retire, retire_quietly
from ui.settings import Settings

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from db.casebook.casebook import Casebook
    from db.clock import Clock
    from ui.window.idle import IdleWatch

SMALLEST = (640, 300)
"""What a laptop of 1366 by 768 pixels leaves at 200 %, below the title and above the task bar."""
FIRST_SIZE = (1280, 720)
FRAME = (2, 32)
"""Points that edges and title take around the inside."""
AFTER_PAINT = 40
"""Milliseconds after which what the first picture does not need is loaded."""


class MainWindow(QMainWindow):
    """Holds the open store, if any, and shows what belongs to its state."""

    def __init__(self, settings: Settings, make_clock: Callable[[], Clock]) -> None:
        super().__init__()
        self.settings = settings
        self.make_clock = make_clock
        self.days: dict[str, str] = {}
        self.casebook: Casebook | None = None
        self.workspace: Any = None
        self.jobs: Any = None
        self.hub: Any = None
        self.covers: list[Any] = []
        self.idle: IdleWatch | None = None
        self.store = ""
        self.sign_in: SignInPage | None = None
        self.welcome: Any = None
        self.opening: Any = None
        self.warming: Any = None
        self.help: Any = None
        self.setWindowTitle("Casebook")
        QTimer.singleShot(AFTER_PAINT, self, lambda: self.setWindowIcon(icon("casebook")))
        self.setMinimumSize(*SMALLEST)
        self.resize(QSize(*FIRST_SIZE).boundedTo(self.screen().availableSize() - QSize(*FRAME)))
        self.restoreGeometry(_bytes_of(settings.get("geometry")))
        self.stack = QStackedWidget()
        self.stack.addWidget(QWidget())
        self.setCentralWidget(self.stack)
        settings.changed.connect(self._on_setting)

    # --- the door -------------------------------------------------------------------------------------------------

    def show_welcome(self) -> None:
        """The page of three ways in."""
        from ui.pages.door.welcome import WelcomePage
        from ui.window.first_steps import Opening

        if self.welcome is None:
            self.welcome = WelcomePage(self.settings)
            self.opening = Opening(self.welcome, self.settings, self.make_clock, self)
            self.opening.chosen.connect(self.show_sign_in)
            self.opening.made.connect(self.enter)
            self.opening.demonstrated.connect(self.show_demonstration)
            self.welcome.diagnosed.connect(self.save_diagnostics)
            self.stack.addWidget(self.welcome)
        self.welcome.show_recent()
        self._show(self.welcome)

    def show_sign_in(self, store: str, user: str = "") -> None:
        """The sign-in page of a store. Its users are read once the window stands."""
        self.store = store
        if self.sign_in is None:
            self.sign_in = SignInPage(self.settings)
            self.sign_in.wanted.connect(self.open_store)
            self.sign_in.elsewhere.connect(self.show_welcome)
            self.sign_in.recovery.connect(self.recover)
            self.sign_in.copy_wanted.connect(self.take_copy_back)
            self.stack.addWidget(self.sign_in)
        self.sign_in.show_store(store, user)
        self._show(self.sign_in)
        QTimer.singleShot(AFTER_PAINT, self, self._list_users)

    def _list_users(self) -> None:
        from db.folder.door import users

        assert self.sign_in is not None
        try:
            self.sign_in.show_users(users(self.store))
        except Told as error:
            self.tell_at_door(error)
        QTimer.singleShot(AFTER_PAINT, self, self._warm_up)

    def show_demonstration(self, store: str, today: str) -> None:
        """Open a demonstration on its own day, as its first person."""
        from ui.commands.demo_store import PASSPHRASE, USER

        self.set_today(store, today)
        self.show_sign_in(store, USER)
        self.open_store(USER, PASSPHRASE)

    def set_today(self, store: str, today: str) -> None:
        """Open one store with a clock set to a day, as a demonstration needs it; the ledger records it."""
        self.days[store] = today

    def clock_of(self, store: str) -> Clock:
        """The clock to open a store with: the window's own, unless the store is a demonstration."""
        from db.clock import set_clock

        return set_clock(self.days[store]) if store in self.days else self.make_clock()

    def _warm_up(self) -> None:
        """Load what the workspace needs while the passphrase is being typed."""
        from ui.window.warming import Warming

        if self.warming is None:
            self.warming = Warming(self.settings, self)
            self.warming.start()

    def _ask_code(self, user: str, passphrase: str) -> None:
        from ui.dialogs.second_factor import ask_code

        assert self.sign_in is not None
        self.sign_in.set_busy(False)
        ask_code(user, self.settings, self, lambda code: self.open_store(user, passphrase, code))

    def open_store(self, user: str, passphrase: str, code: str = "") -> None:
        """Open the store that the sign-in page stands for; what is in the way is said there."""
        from db.opening.vault import open_store

        if self.warming is not None:
            self.warming.stop()
        assert self.sign_in is not None
        try:
            clock = self.clock_of(self.store)
            casebook = open_store(self.store, user=user, passphrase=passphrase, clock=clock, code=code)
        except Told as error:
            if error.key == "db.code_needed":
                self._ask_code(user, passphrase)
                return
            self.tell_at_door(error)
            return
        self.sign_in.passphrase.clear()
        self.sign_in.set_busy(False)
        self.admit(casebook)

    def admit(self, casebook: Casebook) -> None:
        """Let a person in who has taken the account over; whoever has not does so first."""
        if not casebook.account.waiting:
            self.enter(casebook)
            return
        from ui.dialogs.passphrase import ask_take_over

        dialog = ask_take_over(casebook, self.settings, self)
        dialog.accepted.connect(lambda: self.enter(casebook))
        dialog.rejected.connect(casebook.close)
        dialog.open()

    def tell_at_door(self, error: Told) -> None:
        """Say on the sign-in page what is in the way; when the store itself is damaged its copies are offered."""
        from db.copies.automatic import DAMAGED

        assert self.sign_in is not None
        self.sign_in.show_trouble(error.in_language(self.settings.language), is_damaged=error.key in DAMAGED)

    def take_copy_back(self) -> None:
        """Offer the copies of the store of the sign-in page."""
        from ui.dialogs.restoring import ask_copy

        ask_copy(self)

    def recover(self) -> None:
        """Open the store of the sign-in page with its recovery sheet; a new sheet is sealed in its place."""
        from ui.dialogs.passphrase import ask_recovery
        from ui.dialogs.recovery_sheet import RecoverySheetDialog

        assert self.sign_in is not None

        def done(casebook: Casebook) -> None:
            self.enter(casebook)
            RecoverySheetDialog(casebook, casebook.recovery_code, self.settings, self).open()

        user = self.sign_in.user.currentText().strip()
        ask_recovery(Path(self.store), user, self.clock_of(self.store), self.settings, self, done).open()

    # --- the workspace --------------------------------------------------------------------------------------------

    def enter(self, casebook: Casebook) -> None:
        """Work in an open store."""
        from ui.hub import Hub
        from ui.jobs import Jobs
        from ui.stores import open_reader
        from ui.window.idle import IdleWatch
        from ui.window.workspace import Workspace

        self.casebook = casebook
        self.settings.remember_store(str(casebook.path), casebook.user)
        self.hub = Hub(self)
        self.jobs = Jobs(lambda: open_reader(casebook), self)
        self.workspace = Workspace(casebook, self.hub, self.jobs, self.settings)
        self.workspace.lock.connect(self.lock)
        self.workspace.sign_out.connect(self.leave)
        self.stack.addWidget(self.workspace)
        self._show(self.workspace)
        self.setWindowTitle(f"{Path(casebook.path).stem} – Casebook")
        self.workspace.go(self.workspace.seen[0])
        self.idle = IdleWatch(self.settings, self)
        self.idle.idle.connect(self.lock_idle)

    def leave(self) -> None:
        """Sign out and go back to the sign-in page of the same store."""
        store = self.close_store()
        if store:
            self.show_sign_in(store)

    def close_store(self) -> str:
        """Close the open store, if any; returns its path. Typed text is saved or kept as a draft first."""
        if self.casebook is None:
            return ""
        store = str(self.casebook.path)
        if self.locked or not self.workspace.leave_field():
            self.workspace.put_aside()
        self._uncover(go_back=False)
        self.workspace.hide()
        if self.idle is not None:
            self.idle.stop()
            self.idle = None
        self.stack.setCurrentIndex(0)
        retire(self.workspace)
        self.jobs.close()
        for part in (self.jobs, self.hub):
            retire_quietly(part)
        self.casebook.close()
        self.casebook = self.workspace = self.jobs = self.hub = None
        self.setWindowTitle("Casebook")
        return store

    # --- locking --------------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        """A cover lies over the page."""
        return bool(self.covers)

    def lock_idle(self) -> None:
        """Cover everything because nobody touched it for a while: the PIN of the sitting, if any, takes it off."""
        self.lock(idle=True)

    def lock(self, *, idle: bool = False) -> None:
        """Cover the window and every open dialog. What lies under the covers stays as it is."""
        from ui.window.locking import find_covers, put_on

        if self.casebook is None or self.locked:
            return
        self.covers, fresh = find_covers(self, self.settings)
        self.workspace.set_locked(True)
        for cover in fresh:
            cover.unlock.connect(self.unlock)
            cover.unlock_by_pin.connect(self.unlock_by_pin)
            cover.unlock_and_set.connect(self.unlock_and_set)
            cover.someone_else.connect(self.hand_over)
        may_offer = not self.workspace.pin_offered
        self.workspace.pin_offered |= put_on(self.covers, self.casebook, idle=idle, may_offer=may_offer)

    def hand_over(self) -> None:
        """Someone else takes over: what stands half typed becomes a draft, open dialogs are given up."""
        if self.casebook is None:
            return
        from ui.window.locking import open_dialogs

        self.workspace.put_aside()
        for dialog in reversed(open_dialogs()):
            dialog.done(0)
        QTimer.singleShot(0, self, self.leave)

    def unlock(self, passphrase: str) -> None:
        """Take the covers off when the passphrase is right."""
        self._try(passphrase, by_pin=False)

    def unlock_by_pin(self, pin: str) -> None:
        """Take the covers off when it is the PIN of this sitting."""
        self._try(pin, by_pin=True)

    def unlock_and_set(self, passphrase: str) -> None:
        """Take the covers off when the passphrase is right, and ask for a PIN."""
        from ui.dialogs.passphrase import ask_pin

        self.unlock(passphrase)
        if self.casebook is not None and not self.locked:
            ask_pin(self.casebook, self.settings, self, proved=True).open()

    def _try(self, typed: str, *, by_pin: bool) -> None:
        from ui.window.locking import is_right

        assert self.casebook is not None
        if is_right(self.covers, self.casebook, typed, by_pin=by_pin):
            self._uncover()
            if self.idle is not None:
                self.idle.touch()

    def _uncover(self, *, go_back: bool = True) -> None:
        for cover in self.covers:
            cover.take_off(go_back=go_back)
        self.covers = []
        if self.workspace is not None:
            self.workspace.set_locked(False)

    # --- the rest -------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """The program ends: whatever is open is closed, whatever runs is stopped."""
        self.close_store()
        if self.opening is not None:
            self.opening.close()

    def show_crash(self, log: Path, missing: str = "") -> None:
        """A bug: say so, say where the log lies, offer to close. Nothing goes on as if nothing had happened.

        ``missing`` names a part of the program that was not there.
        """
        from ui.pages.door.crash import CrashPage
        from ui.window.diagnosing import window_diagnostics

        page = CrashPage(self.settings, log, missing, lambda: window_diagnostics(self.settings, self.casebook))
        page.finish.connect(QApplication.quit)
        page.save.connect(self.save_diagnostics)
        self.stack.addWidget(page)
        self._show(page)

    def show_guide(self, over: QWidget | None = None) -> None:
        """The guide at what it says of a widget; nothing while the window is locked."""
        from ui.window.help import Help

        if self.help is None:
            self.help = Help(self, self.settings)
        if not self.locked:
            self.help.show(over or self.stack.currentWidget())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 before a store is open; after it the workspace has the key."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_F1:
            self.show_guide()
            return
        super().keyPressEvent(event)

    def save_diagnostics(self) -> None:
        """Write what may be sent to whoever looks after the program; a disk that refuses is told on the page."""
        from ui.parts.pieces import show_note
        from ui.window.diagnosing import ask_diagnostics

        page: Any = self.stack.currentWidget()
        try:
            path = ask_diagnostics(self, self.settings, self.casebook)
        except Told as error:
            show_note(page.note, error.in_language(self.settings.language))
            return
        if path:
            show_note(page.note, self.settings.say("program.diagnostics.saved", path=path), "good")

    def _show(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)

    def _on_setting(self, key: str) -> None:
        application = QApplication.instance()
        if key == "appearance" and isinstance(application, QApplication):
            from ui.theme import show_theme

            show_theme(application, self.settings.dark)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the store properly with the window."""
        self.settings.put("geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        self.close_store()
        if self.help is not None:
            self.help.close()
        super().closeEvent(event)


def _bytes_of(text: str) -> bytes:
    """The bytes of a setting in base 64, none where it can't be read."""
    try:
        return b64decode(text)
    except ValueError:
        return b""
