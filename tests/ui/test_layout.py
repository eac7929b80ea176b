"""What a person sees: on a laptop of 1366 by 768 pixels no word is cut and no button is off the screen.

Sizes are those of the window's inside in points: the screen divided by its scale, less a task bar of 40 points and a
title of 31, as Windows 10 has them. At 150 and 200 % the laptop may have 1920 by 1080 pixels; on the smaller one a
page may be scrolled, but nothing is out of reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QTableWidget, QVBoxLayout, QWidget

from forms.place import FormKey, Place
from tests.ui.seen import Proof, faults, proof_painter
from tests.ui.windows import FIRST, PHRASE, new_site, new_window, wait_for_jobs
from ui.parts import chips
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

SLIP = (("LBPERF", "Y"), ("HGB", "64"), ("PLT", "18"))
Where = tuple[str, Callable[[], object]]


class Site:
    """A window at the door of a store that has a subject with a grade and a query."""

    def __init__(self, folder: Path, qtbot, language: str, role: str = "pi") -> None:
        self.qtbot = qtbot
        self.book = new_site(folder, role)
        slip = FormKey(FIRST, "C_D8", "1", "HEM")
        for item, text in SLIP:
            self.book.enter(slip.place(item), text)
        self.book.open_query(Place(FIRST, "SCR", "1", "DM", "1", "1", "SEX"), "Is the sex that of the chart? " * 4)
        self.window = new_window(folder, qtbot, language)

    def settle(self) -> None:
        """Until everything is laid out and nothing runs any more."""
        if self.window.jobs is not None:
            wait_for_jobs(self.window, self.qtbot)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

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

    def close(self) -> None:
        if self.window.casebook is None:
            self.book.close()
        self.window.close()


@pytest.fixture
def at_site(tmp_path, qtbot) -> Iterator[Callable[[str], Site]]:
    made: list[Site] = []

    def begin(language: str) -> Site:
        made.append(Site(tmp_path, qtbot, language))
        return made[0]

    yield begin
    for each in made:
        each.close()


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


# --- the walker itself ----------------------------------------------------------------------------------------------


@pytest.fixture
def board(qtbot) -> QWidget:
    made = QWidget()
    made.resize(300, 200)
    qtbot.addWidget(made)
    return made


def test_a_label_too_narrow_for_its_words_is_found(board):
    made = QLabel("Worst open grade 3", board)
    made.setGeometry(0, 0, 60, 20)
    board.show()
    assert [fault[:4] for fault in faults(board)] == ["cut:"]
    made.resize(made.sizeHint())
    assert faults(board) == []


def test_a_wrapped_label_too_low_for_its_lines_is_found(board):
    made = QLabel("Subjects are shown here once the first of them is in the study. " * 3, board)
    made.setWordWrap(True)
    made.setGeometry(0, 0, 200, 20)
    board.show()
    assert "high of" in faults(board)[0]


def test_a_button_off_the_window_is_found_unless_it_can_be_scrolled_in(board, qtbot):
    made = QPushButton("Close", board)
    made.setGeometry(20, 190, 90, 30)
    board.show()
    assert faults(board)[0].startswith("out of reach: QPushButton 'Close'")
    area, tall = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    tall.setMinimumSize(200, 600)
    far = QPushButton("Close", tall)
    far.setGeometry(20, 540, 90, 30)
    area.setWidget(tall)
    area.resize(300, 200)
    area.show()
    assert faults(area) == []
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    assert any(fault.startswith("out of reach: QPushButton") for fault in faults(area))


def test_two_widgets_over_one_another_are_found(board):
    for at, words in ((0, "Answer"), (40, "Close")):
        QPushButton(words, board).setGeometry(at, 0, 90, 30)
    board.show()
    assert faults(board) == ["one over the other: QPushButton 'Answer' in QWidget and QPushButton 'Close' in QWidget"]


def test_columns_that_nothing_scrolls_in_are_found(board):
    table = QTableWidget(2, 4)
    table.setHorizontalHeaderLabels(["Value", "Unit", "Reference", "CTCAE"])
    layout = QVBoxLayout(board)
    layout.addWidget(table)
    board.show()
    assert faults(board) == []
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.horizontalScrollBar().setRange(0, 0)
    assert any("columns out of reach" in fault for fault in faults(board))


def test_painted_words_that_were_shortened_or_cut_are_found(board):
    found: list[str] = []
    pixmap = board.grab()
    with proof_painter(found):
        painter = Proof(pixmap)
        painter.drawText(QRect(0, 0, 200, 20), 0, "Hypoalbum…")
        painter.drawText(QRect(0, 0, 20, 20), 0, "Hypoalbuminemia")
        painter.drawText(QRect(0, 0, 200, 20), 0, "G3")
        painter.end()
    assert [fault.partition(":")[0] for fault in found] == ["painted short", "painted over"]
    assert chips.QPainter is QPainter


# --- the window -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "scale"), [("en", "125"), ("zh", "100")])
def test_nothing_is_cut_or_out_of_reach_on_the_nurses_laptop(at_site, language, scale):
    site, sizes = at_site(language), {scale: SIZES[scale]}
    found = site.walk(door(site), sizes)
    site.enter()
    found += site.walk(pages(site.window), sizes)
    found += site.walk(forms(site.window, OFTEN), sizes)
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_cut_or_out_of_reach_anywhere_at_any_scale(at_site, language, appearance):
    site = at_site(language)
    site.window.settings.put("appearance", appearance)
    found = site.walk(door(site), SIZES)
    site.enter()
    found += site.walk(pages(site.window), SIZES)
    found += site.walk(forms(site.window), SIZES)
    assert found == []
