"""The nurse's laptop: what its screen leaves, and a window on a store that has everything that takes room.

Sizes are those of the window's inside in points: the screen divided by its scale, less a task bar of 40 points and a
title of 31, as Windows 10 has them. At 150 and 200 % the laptop may have 1920 by 1080 pixels; on the smaller one a
page may be scrolled, but nothing is out of reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from db.casebook.casebook import Casebook
from db.casebook.flagging import whole_subject, whole_visit
from db.casebook.waiting import Waiting
from db.copies.automatic import Rehearsal
from forms.place import FormKey, Place
from forms.texts import said
from tests.ui.seen import faults
from tests.ui.windows import FIRST, PHRASE, new_site
from ui.dialogs.ask_query import make_query_dialog
from ui.dialogs.guide import GuideDialog
from ui.dialogs.history import HistoryDialog, history_lines
from ui.dialogs.identity import show_identity
from ui.dialogs.identity_log import IdentityLogDialog
from ui.dialogs.passphrase import ask_recovery, ask_take_over
from ui.dialogs.reason import OneLineDialog, ReasonDialog
from ui.dialogs.recovery_sheet import RecoverySheetDialog
from ui.dialogs.rehearsal import RehearsalDialog
from ui.dialogs.restoring import ask_copy
from ui.dialogs.second_factor import ask_code
from ui.dialogs.shortcuts import ShortcutsDialog
from ui.dialogs.sign import SignDialog
from ui.dialogs.start_study import StartStudyDialog
from ui.dialogs.work import WorkDialog
from ui.dialogs.working import WorkingDialog
from ui.window.lock_cover import LockCover
from ui.window.main_window import MainWindow

TASK_BAR, TITLE = 40, 31
LAPTOP, WIDE = (1366, 768), (1920, 1080)


def inside(screen: tuple[int, int], scale: float) -> QSize:
    """What a screen leaves to the inside of a maximised window, in points."""
    return QSize(int(screen[0] / scale), int(screen[1] / scale) - TASK_BAR - TITLE)


SIZES = {
    "100": inside(LAPTOP, 1.0),
    "125": inside(LAPTOP, 1.25),
    "150": inside(LAPTOP, 1.5),
    "200": inside(LAPTOP, 2.0),
    "150 wide": inside(WIDE, 1.5),
    "200 wide": inside(WIDE, 2.0),
}
OFTEN = ("HEM", "PET", "DX", "AE", "SAE")
"""Forms with everything that takes room: a slip, many ticks, a log with rows, long texts."""

PATIENCE = 1_000
"""Hundredths of a second that work in the background may take."""
ROUNDS = 4
"""A new height moves what stands below it, whose new width may ask for another height."""
SLIP = (("LBPERF", "Y"), ("HGB", "64"), ("PLT", "18"))
Where = tuple[str, Callable[[], object]]


class Site:
    """A window at the door of a store that has a subject with a grade and a query."""

    def __init__(self, folder: Path, window: MainWindow, role: str = "pi") -> None:
        self.window = window
        self.book = new_site(folder, role)
        slip = FormKey(FIRST, "C_D8", "1", "HEM")
        for item, text in SLIP:
            self.book.enter(slip.place(item), text)
        self.book.open_query(Place(FIRST, "SCR", "1", "DM", "1", "1", "SEX"), "Is the sex that of the chart? " * 4)

    def settle(self) -> None:
        """Until everything is laid out and nothing runs any more."""
        for _ in range(PATIENCE):
            if self.window.jobs is None or not self.window.jobs.busy:
                break
            QTest.qWait(10)
        else:
            raise AssertionError("the work in the background does not end")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        for _ in range(ROUNDS):
            QTest.qWait(5)

    def enter(self) -> None:
        self.window.enter(self.book)
        self.settle()

    def walk(self, places: Iterator[Where], sizes: dict[str, QSize]) -> list[str]:
        """Go everywhere, look at each size; every fault with where it was seen."""
        found, window = [], self.window
        for name, go in places:
            go()
            self.settle()
            for size_name, size in sizes.items():
                window.resize(size)
                self.settle()
                if window.size() != size:
                    found.append(f"{name}, {size_name}: the window is {window.size().toTuple()}")
                found += [f"{name}, {size_name}: {fault}" for fault in faults(window)]
        return found

    def walk_dialogs(
        self, made: Iterator[tuple[str, Callable[[], QDialog]]], sizes: dict[str, QSize],
        look: Callable[[QDialog], list[str]] = faults,
    ) -> list[str]:  # fmt: skip
        """Open each on a screen of each size, with and without the cover of the locked window."""
        found, window = [], self.window
        for name, make in made:
            for size_name, size in sizes.items():
                window.resize(size)
                with patch("ui.parts.bounded.screen_room", lambda _, size=size: size):
                    dialog = make()
                    dialog.show()
                    self.settle()
                    where = f"{name}, {size_name}"
                    if not QRect(QPoint(), size).contains(dialog.rect()):
                        found.append(f"{where}: the dialog is {dialog.size().toTuple()}")
                    found += [f"{where}: {fault}" for fault in look(dialog)]
                    cover = LockCover(dialog, window.settings)
                    cover.put_on("Lin Xia", may_change=True)
                    cover.show_trouble(window.settings.say("db.wrong_passphrase"))
                    self.settle()
                    found += [f"{where}, locked: {fault}" for fault in faults(cover)]
                    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
                    QDialog.reject(dialog)
                    self.settle()
        return found

    def close(self) -> None:
        if self.window.casebook is None:
            self.book.close()
        self.window.close()


def door(site: Site) -> Iterator[Where]:
    """What is shown before a store is open."""
    window = site.window
    yield "welcome", window.show_welcome
    yield "sign in", lambda: window.show_sign_in(str(site.book.path), "lin")
    yield "sign in, damaged", lambda: window.sign_in.show_trouble(PHRASE * 8, is_damaged=True)  # type: ignore[union-attr]


def pages(window: MainWindow) -> Iterator[Where]:
    """Every page of the rail with its tabs, empty lists and a chosen query; then the subject."""
    workspace = window.workspace
    for page in workspace.seen:
        yield page, lambda page=page: workspace.go(page)
        tabs = getattr(workspace.made.get(page), "tabs", None)
        for at in range(1, tabs.count() if tabs is not None else 0):
            yield f"{page}, tab {at}", lambda tabs=tabs, at=at: tabs.setCurrentIndex(at)
    yield "no subject found", lambda: (workspace.go("subjects"), workspace.made["subjects"].model.show_search("zzz"))
    yield "no query found", lambda: (workspace.go("queries"), workspace.made["queries"].filter.text.setText("zzz"))
    yield "a query chosen", lambda: (workspace.go("queries"), workspace.made["queries"].filter.text.setText(""))
    yield "schedule", lambda: workspace.open_subject(FIRST)
    yield "everything unfolded", lambda: unfold(workspace.made["subject"].view)
    yield "last form", lambda: scroll_to_the_last(workspace.made["subject"].view)


def unfold(view) -> None:
    view.model.folded = set()
    view.model._regroup()


def scroll_to_the_last(view) -> None:
    view.grid.setCurrentIndex(view.model.index(1, view.model.columnCount() - 1))


def forms(window: MainWindow, wanted: tuple[str, ...] = ()) -> Iterator[Where]:
    """Each form once, where it first stands in the study."""
    study = window.casebook.study  # type: ignore[union-attr]
    met: set[str] = set()
    for event in study.events:
        for line in event.forms:
            if line.form not in met and (not wanted or line.form in wanted):
                met.add(line.form)
                key = FormKey(FIRST, event.id, "1", line.form)
                yield f"form {line.form}", lambda key=key: window.workspace.open_form(key)


def dialogs(site: Site) -> Iterator[tuple[str, Callable[[], QDialog]]]:
    """Every dialog of the program, with the longest that it may have to say."""
    window, book, settings = site.window, site.book, site.window.settings
    parts = window.workspace.made["administration"].parts
    people, keys = parts["people"], parts["keys"]
    yield "start a study", lambda: StartStudyDialog(settings, window.make_clock(), window)
    yield "start a study, refused", lambda: refused(StartStudyDialog(settings, window.make_clock(), window))
    yield "start a study, sheet", lambda: sheet(StartStudyDialog(settings, window.make_clock(), window), book)
    yield "recovery", lambda: ask_recovery(Path(book.path), "lin", book.clock, settings, window, lambda _: None)
    yield "taking over", lambda: ask_take_over(book, settings, window)
    yield "digits", lambda: ask_code("lin", settings, window, lambda _: None) or last_dialog()
    for name in ("add", "change", "reset", "remove", "unlock"):
        yield f"people, {name}", getattr(people, name)
    for name in ("change_own", "turn_factor", "new_sheet", "new_key"):
        yield f"keys, {name}", getattr(keys, name)
    yield "sheet", lambda: RecoverySheetDialog(book, "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345", settings, window)
    yield "a copy", lambda: ask_copy(window)
    yield "rehearsed", lambda: RehearsalDialog(REHEARSED, book, settings, window)
    yield "work", lambda: WorkDialog(settings, window, "rekey")
    yield "sign", lambda: SignDialog(book, WAITING, settings, window, lambda _: None, SCOPES)
    yield "sign, nothing waits", lambda: SignDialog(book, (), settings, window, lambda _: None)
    yield "identity", lambda: show_identity(book, FIRST, settings, window)
    yield "identities", lambda: IdentityLogDialog(book, settings, window)
    yield "shortcuts", lambda: ShortcutsDialog(settings, window)
    yield "guide", lambda: GuideDialog(settings, window)
    yield from form_dialogs(site)


def form_dialogs(site: Site) -> Iterator[tuple[str, Callable[[], QDialog]]]:
    """Those of a form."""
    window, book, language = site.window, site.book, site.window.settings.language
    key = FormKey(FIRST, "C_D8", "1", "HEM")
    cell = book.sheet(key).cell("PLT")
    lines = history_lines(book.study, book.history(key.place("PLT")), cell.findings, book.names(), language)
    what = said(cell.item.label, language)
    place = Place(FIRST, "SCR", "1", "DM", "1", "1", "SEX")
    asked = history_lines(book.study, book.history(place), (), book.names(), language)
    window.workspace.open_form(key)
    yield "question", lambda: make_query_dialog(book, book.sheet(key), key, None, window.settings, window.hub, window)
    yield "history", lambda: HistoryDialog(what, lines, language, window)
    yield "history of a query", lambda: HistoryDialog(what, asked, language, window)
    yield "working", lambda: WorkingDialog(what, cell.grades, language, window)
    yield "reason", lambda: ReasonDialog(what, "18 " * 40, "81 " * 40, language, window)
    yield "own words", lambda: OneLineDialog("reopen", what, language, window)


WAITING = tuple(Waiting(FormKey(FIRST, "C_D8", str(cycle), "HEM"), "", broken=cycle == 2) for cycle in range(1, 30))
SCOPES = (("visit", whole_visit(WAITING[0].key)), ("interim", whole_subject(FIRST)))
"""Many forms that wait for a signature, and what may be signed as a whole."""

BROKEN = {"en": "An entry does not follow on the one before it. " * 3, "zh": "有一条记录与前一条不相接。" * 4}
REHEARSED = Rehearsal(
    "site-2025-07-25T1200.casebook", "2025-07-25T04:00:00Z", 12345, 67890, "a" * 64, 12, (BROKEN,) * 4, False, 12.5,
)  # fmt: skip
"""A restore that showed faults."""


def refused(dialog: StartStudyDialog) -> StartStudyDialog:
    dialog.passphrase.setText("short")
    dialog.make_store()
    return dialog


def sheet(dialog: StartStudyDialog, book: Casebook) -> StartStudyDialog:
    dialog.casebook = book
    dialog.show_recovery("ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345")
    return dialog


def last_dialog() -> QDialog:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()][-1]
