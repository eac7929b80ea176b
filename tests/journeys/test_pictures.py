"""The pictures of the guides show the program as it is: taken again, they have the same sizes and the same words."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from tests.journeys.aside import Aside
from tests.journeys.camera import TEXTS
from tests.journeys.desk import Desk
from tests.journeys.pictures import LANGUAGES, OUT, at_the_site, make_demonstration, walk

MOST = 4 * 1024 * 1024
"""Bytes that all pictures may take together."""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """Built once for every language."""
    return make_demonstration(tmp_path_factory.mktemp("demonstration"))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_taken_again_say_the_same(demonstration, language, tmp_path, qapp):
    """Where they don't: look at what `python -m tests.journeys.pictures` makes of them, and keep it."""
    aside = Aside()
    desk = Desk(tmp_path, aside)
    with at_the_site(tmp_path):
        try:
            aside.walk(lambda: walk(desk, demonstration, language, tmp_path / "out"))
        finally:
            desk.clear()
    again = json.loads((tmp_path / "out" / language / TEXTS).read_text(encoding="utf-8"))
    kept = json.loads((OUT / language / TEXTS).read_text(encoding="utf-8"))
    assert list(again) == list(kept)
    for name, told in kept.items():
        assert again[name] == told, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_in_its_size(language):
    told = json.loads((OUT / language / TEXTS).read_text(encoding="utf-8"))
    found = {path.stem: size_of(path) for path in (OUT / language).glob("*.png")}
    assert found == {name: tuple(each["size"]) for name, each in told.items()}


def size_of(picture):
    """Pixels across and down."""
    with Image.open(picture) as opened:
        return opened.size


def test_both_languages_have_the_same_pictures_and_all_are_small():
    names = [sorted(path.name for path in (OUT / language).iterdir()) for language in LANGUAGES]
    assert names[0] == names[1]
    assert sum(path.stat().st_size for path in OUT.rglob("*.png")) <= MOST
