"""Icons: those the first window shows lie ready as pictures and are what their drawings give."""

from __future__ import annotations

import pytest

from resources import folder
from ui.icons import draw, pixmap, ready_pictures
from ui.theme import DARK, LIGHT, style_sheet


def test_the_pictures_that_lie_ready_are_those_that_are_asked_for(qapp):
    assert set(folder("icons", "ready").iterdir()) == set(ready_pictures())


@pytest.mark.parametrize("drawn", ready_pictures().values(), ids=str)
def test_a_picture_that_lies_ready_is_what_its_drawing_gives(drawn, qapp):
    kept = next(file for file, each in ready_pictures().items() if each == drawn)
    fresh = draw(*drawn).toImage()
    assert fresh.size().width() == drawn[2]
    image = type(fresh)(str(kept)).convertToFormat(fresh.format())
    assert image.size() == fresh.size()
    apart = [
        abs(one - other)
        for y in range(drawn[2])
        for x in range(drawn[2])
        for one, other in zip(
            fresh.pixelColor(x, y).getRgb(), image.pixelColor(x, y).getRgb(), strict=True
        )
        if fresh.pixelColor(x, y).alpha() > 16
    ]  # fmt: skip
    assert sum(apart) / len(apart) < 6, "draw them anew: ui.icons.keep_ready"


def test_a_colour_that_does_not_lie_ready_is_drawn(qapp):
    assert pixmap("moon", "#123456", 20, 2.0).size().width() == 40


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_the_first_window_needs_no_drawing_for_its_style_sheet(look):
    assert "ready/arrow.png" in style_sheet(look)
    assert all(folder("icons", "ready", f"arrow{tail}.png").exists() for tail in ("", "@2x", "@3x"))
