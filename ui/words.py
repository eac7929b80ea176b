"""Texts of widgets that follow the language: each is told once and told again whenever the language changes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.settings import Settings


class Words(QObject):
    """Keeps what has to be said again. Lives as long as the widget it belongs to."""

    def __init__(self, settings: Settings, owner: QObject) -> None:
        super().__init__(owner)
        self._settings = settings
        self._told: list[Callable[[], object]] = []
        settings.changed.connect(self._on_changed)

    def put(self, setter: Callable[[str], object], key: str, **values: object) -> None:
        """Give a setter the text of a key, now and after each change of language."""
        self.follow(lambda: setter(self._settings.say(key, **values)))

    def follow(self, tell: Callable[[], object]) -> None:
        """Call now and after each change of language."""
        self._told.append(tell)
        tell()

    def again(self) -> None:
        """Say everything anew."""
        for tell in self._told:
            tell()

    def _on_changed(self, key: str) -> None:
        if key == "language":
            self.again()
