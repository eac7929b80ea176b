"""The look: readable in light and dark, the same everywhere."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.ui.contrast import contrast
from ui.parts.pieces import label, set_kind
from ui.parts.tones import tones
from ui.theme import DARK, LIGHT, Look, palette, style_sheet

PAIRS = (
    ("text", ("window", "base", "raised", "rail", "hover", "chosen")),
    ("quiet", ("window", "base", "raised", "rail", "hover")),
    ("accent", ("window", "base", "raised")),
    ("on_accent", ("accent", "accent_hover")),
    ("good", ("good_soft", "base", "window")),
    ("warn", ("warn_soft", "base", "window")),
    ("bad", ("bad_soft", "base", "window")),
    ("info", ("info_soft", "base")),
)


BOUNDS = (
    ("strong_line", ("window", "base", "raised", "rail", "hover")),
    ("quiet", ("window", "base", "raised", "rail", "hover", "chosen")),
    ("accent", ("window", "base", "raised", "rail", "hover", "chosen", "info_soft")),
    ("on_accent", ("accent", "accent_hover")),
    ("text", ("base", "raised")),
    ("good", ("base", "rail", "chosen")),
    ("warn", ("base", "rail", "chosen", "info_soft")),
    ("bad", ("base", "rail", "chosen", "info_soft")),
    ("info", ("base", "rail", "chosen")),
    ("base", ("good",)),
)
"""What is told without words, on the grounds where it stands: outlines of fields, buttons, segments and of marks of
forms that may stay empty (strong_line); ticks, radio buttons and icons (quiet); the ring of the focus on a field, on
the band of a form and inside a filled button (accent, on_accent); marks, badges and outlines of findings (text, good,
warn, bad, info); the tick in a full mark and the edge that parts the diamond of a
query from it (base). A chip has no outline: its word carries it, at 4.5."""


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "grounds"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_text_stands_at_four_and_a_half_to_one_on_every_ground_it_is_used_on(look: Look, text, grounds):
    for ground in grounds:
        measured = contrast(QColor(getattr(look, text)), QColor(getattr(look, ground)))
        assert measured >= 4.5, f"{text} on {ground}: {measured:.2f}"


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "grounds"), BOUNDS, ids=[pair[0] for pair in BOUNDS])
def test_outlines_rings_icons_and_marks_stand_at_three_to_one(look: Look, shape, grounds):
    for ground in grounds:
        measured = contrast(QColor(getattr(look, shape)), QColor(getattr(look, ground)))
        assert measured >= 3, f"{shape} on {ground}: {measured:.2f}"


@pytest.mark.parametrize("dark", [False, True])
def test_grades_can_be_read_on_their_chips(dark, qapp):
    made = tones(palette(dark))
    for ground, text in (*made.grades, made.unknown):
        assert contrast(ground, text) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_the_palette_itself_is_readable(dark, qapp):
    made = palette(dark)
    role = QPalette.ColorRole
    for text, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base),
        (role.ToolTipText, role.ToolTipBase),
        (role.Link, role.Base),
    ):
        assert contrast(made.color(text), made.color(ground)) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_has_no_open_names(look):
    sheet = style_sheet(look)
    assert "{{" not in sheet
    assert sheet.count("{") == sheet.count("}")


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_a_label_takes_the_padding_of_its_new_kind_and_leaves_the_old_behind(look: Look, qtbot):
    case = QWidget()
    qtbot.addWidget(case)
    case.setStyleSheet(style_sheet(look))
    lines = {kind: label(kind, "Weak") for kind in ("small", "notice")}
    turned = {kind: label(kind, "Weak") for kind in lines}
    layout = QVBoxLayout(case)
    for line in (*lines.values(), *turned.values()):
        layout.addWidget(line)
    case.show()
    set_kind(turned["small"], "notice")
    set_kind(turned["notice"], "small")
    assert turned["small"].sizeHint() == lines["notice"].sizeHint()
    assert turned["notice"].sizeHint() == lines["small"].sizeHint()
    assert lines["notice"].sizeHint().height() > lines["small"].sizeHint().height()
