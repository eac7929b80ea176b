"""What a person sees: on a laptop of 1366 by 768 pixels no word is cut and no button is off the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QTableWidget, QVBoxLayout, QWidget

from tests.display import new_display
from tests.ui.laptop import LAPTOP, OFTEN, SIZES, Site, dialogs, door, forms, pages
from tests.ui.seen import Proof, faults, proof_painter
from tests.ui.windows import new_window
from ui.parts import chips


@pytest.fixture
def at_site(tmp_path, qtbot) -> Iterator[Callable[[str], Site]]:
    made: list[Site] = []

    def begin(language: str) -> Site:
        made.append(Site(tmp_path, new_window(tmp_path, qtbot, language)))
        return made[0]

    yield begin
    for each in made:
        each.close()


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
    found += site.walk_dialogs(dialogs(site), sizes)
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
    found += site.walk_dialogs(dialogs(site), SIZES)
    assert found == []


@pytest.fixture
def display(tmp_path) -> Iterator[str]:
    """A display of the laptop's size."""
    with new_display(tmp_path, *LAPTOP) as made:
        yield made.name


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_cut_on_a_real_screen_of_the_laptop_at_125_percent(tmp_path, display, language):
    surroundings = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "1.25"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.scaled", str(tmp_path), language], env=surroundings, timeout=240,
        capture_output=True, text=True, encoding="utf-8", cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["scale"] == 1.25
    assert [abs(has - wanted) <= 1 for has, wanted in zip(told["screen"], (1092, 614), strict=True)] == [True, True]
    assert told["found"] == []
