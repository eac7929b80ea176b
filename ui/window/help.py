"""F1 anywhere: one guide beside the window, or one over the dialog that stands in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from ui.retire import retire
from ui.settings import Settings

if TYPE_CHECKING:
    from ui.dialogs.guide import GuideDialog


class Help:
    """Holds the guide that stands beside the window, if one was opened."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self.window, self.settings = window, settings
        self.beside: GuideDialog | None = None

    def show(self, over: QWidget | None) -> GuideDialog:
        """The guide at what it says of a widget. Over a dialog it has to be closed before one goes on."""
        from ui.dialogs.guide import GuideDialog, section_around

        section = section_around(over or self.window)
        dialog = over.window() if over is not None else self.window
        if isinstance(dialog, QDialog):
            guide = GuideDialog(self.settings, dialog)
            guide.finished.connect(lambda _: retire(guide))
            guide.open()
        else:
            if self.beside is None:
                self.beside = GuideDialog(self.settings, self.window)
            guide = self.beside
            guide.show()
            guide.raise_()
            guide.activateWindow()
        guide.go(section)
        return guide

    def close(self) -> None:
        """The window closes, and the guide beside it."""
        if self.beside is not None:
            self.beside.close()
