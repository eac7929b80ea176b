"""What a person may set for this computer: one declared line each. Nothing here belongs to a study or a patient."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QSettings, QStandardPaths, Signal

from forms.texts import LANGUAGES, say
from ui.release.known import with_store

IDLE_MINUTES = 10
"""Minutes without a key or a movement after which the window locks; may be shortened, never lengthened or left out."""

RECENT_STORES = 6

TEXT_SIZES = ("100", "125", "150", "175", "200")
"""Per cent of the usual size of everything in the window."""


class Declared(NamedTuple):
    """One setting: its key, its default and the values it may have (empty = any text)."""

    key: str
    default: str
    choices: tuple[str, ...] = ()


DECLARED = (
    Declared("language", "", ("", *LANGUAGES)),
    Declared("appearance", "", ("", "light", "dark")),
    Declared("text_size", "", ("", *TEXT_SIZES)),
    Declared("idle_minutes", str(IDLE_MINUTES), tuple(str(n) for n in range(1, IDLE_MINUTES + 1))),
    Declared("rail", "wide", ("wide", "narrow")),
    Declared("recent", ""),
    Declared("last_user", ""),
    Declared("reports_folder", ""),
    Declared("backup_folders", "{}"),
    Declared("geometry", ""),
    Declared("notes_read", ""),
    Declared("schemas", "{}"),
)
_BY_KEY = {line.key: line for line in DECLARED}


class Settings(QObject):
    """The settings of this computer, kept in a small file; ``changed`` names the key that changed."""

    changed = Signal(str)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = QSettings(str(path or _default_path()), QSettings.Format.IniFormat)

    def get(self, key: str) -> str:
        """The value of a declared setting; its default when the file holds nothing allowed."""
        line = _BY_KEY[key]
        text = str(self._file.value(key, line.default))
        return text if not line.choices or text in line.choices else line.default

    def put(self, key: str, value: str) -> None:
        """Keep a value; a value that isn't allowed changes nothing."""
        line = _BY_KEY[key]
        if (line.choices and value not in line.choices) or value == self.get(key):
            return
        self._file.setValue(key, value)
        self.changed.emit(key)

    @property
    def language(self) -> str:
        """Language of the window: the one chosen, else the computer's when we speak it, else English."""
        return self.get("language") or ("zh" if QLocale.system().language() == QLocale.Language.Chinese else "en")

    @property
    def dark(self) -> bool:
        """Light text on dark ground: as chosen, else as the computer shows its own windows."""
        return (self.get("appearance") or system_appearance()) == "dark"

    @property
    def idle_minutes(self) -> int:
        """Minutes until the window locks."""
        return int(self.get("idle_minutes"))

    def say(self, key: str, **values: object) -> str:
        """A text in the window's language."""
        return say(self.language, key, **values)

    def all(self) -> dict[str, str]:
        """Every declared setting as it stands."""
        return {line.key: self.get(line.key) for line in DECLARED}

    @property
    def recent(self) -> tuple[str, ...]:
        """Stores opened on this computer, newest first, those that are still there."""
        return tuple(path for path in self.get("recent").split("\n") if path and Path(path).exists())

    def remember_store(self, path: str, user: str) -> None:
        """Put a store first in the list of recent ones."""
        others = [known for known in self.recent if known != path]
        self.put("recent", "\n".join([path, *others][:RECENT_STORES]))
        self.put("last_user", user)
        self.put("schemas", with_store(self.get("schemas"), path))

    def backup_place(self, store: str | Path) -> str:
        """The second place of a store, "" when none was chosen for it."""
        return self._backup_places().get(str(Path(store).absolute()), "")

    def put_backup_place(self, store: str | Path, folder: str) -> None:
        """Keep the second place of a store: each has its own, so that no copy lands among another trial's."""
        places = {**self._backup_places(), str(Path(store).absolute()): folder}
        self.put("backup_folders", json.dumps(places, ensure_ascii=False, sort_keys=True))

    def _backup_places(self) -> dict[str, str]:
        try:
            told = json.loads(self.get("backup_folders"))
            return {str(store): str(folder) for store, folder in told.items()}
        except (ValueError, AttributeError):
            return {}

    def folder(self) -> Path:
        """Folder of the settings file; logs lie beside it."""
        return Path(self._file.fileName()).parent


def name_program() -> None:
    """Tell Qt how the program is called, by which it finds the folder of the settings; once, before these are read."""
    QCoreApplication.setApplicationName("Casebook")
    QCoreApplication.setOrganizationName("Casebook")


def system_appearance() -> str:
    """``dark`` where the computer shows its own windows dark, else ``light``."""
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance()
    if not isinstance(application, QGuiApplication):
        return "light"
    return "dark" if application.styleHints().colorScheme().name == "Dark" else "light"


def _default_path() -> Path:
    where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(where) / "casebook.ini"
