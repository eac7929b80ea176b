"""Locks the window when nobody has touched it for a while. It can be made shorter, never switched off."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from ui.retire import retire_quietly
from ui.settings import Settings

TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Counts the minutes since the last key or movement in a window of the program."""

    idle = Signal()

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.idle)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch)
        settings.changed.connect(self._on_setting)
        self._watch(application.focusWindow())
        self.touch()

    def touch(self) -> None:
        """Someone is there."""
        self.timer.start(self._settings.idle_minutes * 60_000)

    def stop(self) -> None:
        """Nobody is signed in any more."""
        self.timer.stop()
        retire_quietly(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only input that reaches a window counts, once for each event."""
        if event.type() in TOUCHES:
            self.touch()
        return False

    def _on_setting(self, key: str) -> None:
        if key == "idle_minutes":
            self.touch()

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)
            self.touch()
