"""While a passphrase is typed: what the workspace will need is loaded, a little at each turn of the event loop.

No step takes longer than a key can wait. Whatever is not loaded when Enter is pressed is loaded then, as it would have
been without this: nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.settings import Settings

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook
    from forms.progress import Tick

DOOR = (
    "hashlib", "dataclasses", "decimal", "argon2.low_level", "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.asymmetric.ed25519", "sqlcipher3", "db.sqlite", "socket",
)  # fmt: skip
"""First what opens a store."""

STUDY = (
    "forms.place", "forms.findings", "forms.study.definition", "forms.value", "forms.record.dataset",
    "forms.study.canonical", "forms.values.dates", "forms.values.kinds", "forms.expressions.nodes",
    "forms.expressions.names", "forms.grading.tables", "forms.grading.inputs", "forms.grading.terms",
    "forms.functions.general", "forms.expressions.evaluate", "forms.expressions.parse", "forms.compiled.study",
    "forms.compiled.graph", "forms.grading.grade", "forms.subject.subject", "forms.sheet.derive",
    "forms.sheet.checks", "forms.sheet.sheet", "forms.sheet.follow", "forms.course.schedule",
    "forms.course.prospects",
)  # fmt: skip
"""Then what a study is made of, leaves before branches."""

STORE = (
    "db.ledger.ledger", "db.ledger.projection", "db.casebook.drafts", "db.casebook.entering", "db.folder.lock",
    "db.casebook.session", "db.ledger.definitions", "db.casebook.outlooks", "db.casebook.reading",
    "db.casebook.completing", "db.casebook.casebook", "db.casebook.worklist", "db.opening.second_factor",
    "db.opening.surroundings", "db.people.accounts", "db.opening.vault",
)  # fmt: skip

WINDOW = (
    "hub", "jobs", "stores", "window.idle", "window.rail", "editors.base", "editors.choice", "editors.lookup",
    "editors", "parts.chips", "window.top_bar", "window.workspace", "models.plain", "parts.tables", "backups",
    "parts.store_notes", "pages.today",
)  # fmt: skip
"""Then the window, and where a person goes next. Names are those under `ui`."""

LATER = ("pages.subjects", "pages.subject", "pages.form.page")


class Warming(QObject):
    """Takes one step a turn, until all are done or somebody has pressed Enter."""

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps(settings)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def stop(self) -> None:
        """Leave the rest to whoever needs it."""
        self._timer.stop()

    def _step(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
        else:
            step()


def steps(settings: Settings) -> Iterator[Callable[[], object]]:
    """What is to be done, in the order in which it is needed."""
    for name in (*DOOR, *STUDY, *STORE):
        yield partial(import_module, name)
    yield _name_keys
    for name in WINDOW:
        yield partial(import_module, f"ui.{name}")
    yield _make_readers
    yield from _draw_icons()
    for name in LATER:
        yield partial(import_module, f"ui.{name}")


def make_ready(reader: Casebook, *, tick: Tick) -> None:
    """A job for the worker once the worklist stands: what a form, and what leaving a field, would wait for."""
    from forms.compiled.graph import graph_of
    from forms.compiled.study import compiled

    ready = compiled(reader.study)
    for at, form in enumerate(ready.forms.values()):
        tick(at, len(ready.forms), "")
        _ = form.derived, form.checks, form.graded
    graph_of(ready)


def _name_keys() -> None:
    """PySide6 makes a class when it is first asked for; this one brings two hundred enumerations with it."""
    from PySide6.QtCore import Qt  # noqa: F401


def _make_readers() -> None:
    from forms.study.canonical import reader_of
    from forms.study.definition import Study

    reader_of(Study)


def _draw_icons() -> Iterator[Callable[[], object]]:
    from PySide6.QtWidgets import QApplication

    from ui.icons import icon
    from ui.theme import look
    from ui.window.areas import PAGES

    colours = look(QApplication.palette())
    for name in (*(page for page, *_ in PAGES), "menu", "lock", "help", "check"):
        yield partial(icon, name, colours.quiet)
    yield partial(icon, PAGES[0][0], colours.accent)
