"""The diagnostics of the window that stands: what Qt and the open store tell beside what `ui.diagnostics` collects."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from db.folder.paths import write_whole
from ui.commands.console import own_log
from ui.diagnostics import report
from ui.messages import LOG_NAME

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from db.casebook.casebook import Casebook
    from ui.settings import Settings

FILE = "casebook-diagnostics.txt"


def window_diagnostics(settings: Settings, casebook: Casebook | None) -> str:
    """The text for the window as it stands, with a store open or not, also after a failure."""
    facts = qt_facts()
    if casebook is not None:
        facts |= counts(casebook)
    logs = (settings.folder() / LOG_NAME, own_log())
    return report(facts, settings.all(), [Path(path) for path in settings.recent], logs)


def qt_facts() -> dict[str, str]:
    """Qt, its platform, and each screen: points, scale, room."""
    facts = {"qt": qVersion(), "platform": QGuiApplication.platformName()}
    style = QApplication.style()
    facts["style"] = style.name() if style is not None else ""
    facts["scheme"] = QGuiApplication.styleHints().colorScheme().name
    for number, screen in enumerate(QGuiApplication.screens(), 1):
        size, room = screen.geometry(), screen.availableGeometry()
        facts[f"screen {number}"] = (
            f"{size.width()} x {size.height()} points, room {room.width()} x {room.height()}, "
            f"scale {screen.devicePixelRatio():g}, {screen.logicalDotsPerInch():g} dpi"
        )
    return facts


def counts(casebook: Casebook) -> dict[str, str]:
    """How much is in the open store; nothing where it can't be read any more."""
    facts = {}
    with suppress(Exception):
        facts["subjects"] = str(casebook.count_subjects())
        facts["entries"] = str(casebook.ledger.tip.seq)
        facts["people"] = str(len(casebook.accounts))
    return facts


def ask_diagnostics(window: QWidget, settings: Settings, casebook: Casebook | None) -> str:
    """Ask where to, write the diagnostics there and return the path, "" when the person thought better of it."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    words = settings.say("program.diagnostics.save")
    path, _ = QFileDialog.getSaveFileName(window, words, str(Path(folder) / FILE), "TXT (*.txt)")
    if path:
        write_whole(Path(path), window_diagnostics(settings, casebook).encode())
    return path
