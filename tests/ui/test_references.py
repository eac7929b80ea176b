"""The Qt binding must give back every reference it takes: docs/decisions/qt_version.md."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

CALLS = 500


class Speaker(QObject):
    said = Signal(bool)


def test_calls_that_return_nothing_lose_no_reference_to_none(qapp):
    button = QPushButton()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        button.setCheckable(True)
    assert sys.getrefcount(None) > before - CALLS // 2


def test_emitted_flags_lose_no_reference_to_true(qapp):
    speaker = Speaker()
    speaker.said.connect(lambda flag: None)
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        speaker.said.emit(True)
    assert sys.getrefcount(True) > before - CALLS // 2
