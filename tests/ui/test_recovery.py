"""When a store no longer opens: the sign-in page says what is wrong and takes the newest good copy back."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from db.copies.automatic import copy_store, note_copy
from db.folder import paths
from forms.texts import say
from tests.ui.windows import FIRST, PHRASE, dialogs, new_site, new_window
from ui.dialogs.restoring import look_in
from ui.stores import open_reader


def fill(dialog, **texts) -> None:
    for name, text in texts.items():
        words = dialog.settings.say(f"access.field.{name}")
        next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == words).setText(text)


@pytest.fixture
def site(tmp_path):
    """A closed store with two copies on a stick; the newer copy lacks nothing but the last subject."""
    book = new_site(tmp_path, "pi")
    place = tmp_path / "stick"
    place.mkdir()
    copies = []
    for number in (2, 3):
        reader = open_reader(book)
        made = copy_store(reader, str(place), tick=lambda *_: None)
        reader.let_go()
        named = made.path.with_name(f"site-2024101{number}T090000Z.casebook")
        shutil.move(made.path, named)
        note_copy(book, made)
        copies.append(named)
        book.add_subject(f"S01-00{number}")
    book.close()
    return book.path, place, copies


def spoil(store, name: str) -> None:
    path = store / name
    content = bytearray(path.read_bytes())
    content[:200] = bytes(200)
    path.write_bytes(bytes(content))


def at_door(tmp_path, qtbot, store, place, language="en"):
    window = new_window(tmp_path, qtbot, language)
    window.settings.put_backup_place(store, str(place))
    window.show_sign_in(str(store), "lin")
    qtbot.waitUntil(lambda: window.sign_in.user.count() > 0 or window.sign_in.note.isVisible())
    return window


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("broken", [paths.STORE, paths.KEYS])
def test_a_store_that_does_not_open_is_brought_back_from_the_newest_good_copy(tmp_path, qtbot, site, language, broken):
    store, place, copies = site
    spoil(store, broken)
    window = at_door(tmp_path, qtbot, store, place, language)
    window.open_store("lin", PHRASE)
    page = window.sign_in
    assert window.casebook is None
    assert page.note.isVisible()
    assert page.copies.isVisible()
    page.copies.click()
    dialog = dialogs()[0]
    assert dialog.findChild(QComboBox).itemText(0).endswith(copies[1].name)
    fill(dialog, user="lin", old=PHRASE)
    dialog.go.click()
    qtbot.waitUntil(lambda: copies[1].name in page.note.text(), timeout=20_000)
    assert not page.copies.isVisible()
    window.open_store("lin", PHRASE)
    assert [line.id for line in window.casebook.subjects()] == [FIRST, "S01-002"]
    assert len(window.casebook.acts("restore")) == 1
    kept = next(store.parent.glob("site-before-*.casebook"))
    assert (kept / broken).exists()
    window.close()


def test_a_damaged_copy_is_passed_over_and_named(tmp_path, qtbot, site):
    store, place, copies = site
    (store / paths.STORE).unlink()
    spoil(copies[1], paths.STORE)
    window = at_door(tmp_path, qtbot, store, place)
    window.open_store("lin", PHRASE)
    window.take_copy_back()
    dialog = dialogs()[0]
    fill(dialog, old=PHRASE)
    dialog.go.click()
    qtbot.waitUntil(lambda: copies[0].name in window.sign_in.note.text(), timeout=20_000)
    assert f"damaged: {copies[1].name}" in window.sign_in.note.text()
    window.open_store("lin", PHRASE)
    assert [line.id for line in window.casebook.subjects()] == [FIRST]
    window.close()


def test_when_no_copy_is_good_the_store_is_left_as_it_is(tmp_path, qtbot, site):
    store, place, copies = site
    spoil(store, paths.STORE)
    for copy in copies:
        spoil(copy, paths.STORE)
    window = at_door(tmp_path, qtbot, store, place)
    window.open_store("lin", PHRASE)
    window.take_copy_back()
    dialog = dialogs()[0]
    fill(dialog, old=PHRASE)
    dialog.go.click()
    qtbot.waitUntil(lambda: "None of the 2" in window.sign_in.note.text(), timeout=20_000)
    assert list(store.parent.glob("site-before-*")) == []
    window.close()


def test_a_wrong_passphrase_takes_nothing_back(tmp_path, qtbot, site):
    store, place, _ = site
    spoil(store, paths.STORE)
    window = at_door(tmp_path, qtbot, store, place)
    window.open_store("lin", PHRASE)
    window.take_copy_back()
    fill(dialogs()[0], old="not this one")
    dialogs()[0].go.click()
    words = say("en", "db.wrong_passphrase", user="lin")
    qtbot.waitUntil(lambda: window.sign_in.note.text() == words, timeout=20_000)
    assert list(store.parent.glob("site-before-*")) == []
    window.close()


def test_a_wrong_passphrase_alone_offers_no_copy(tmp_path, qtbot, site):
    store, place, _ = site
    window = at_door(tmp_path, qtbot, store, place)
    window.open_store("lin", "not this one")
    assert window.sign_in.note.isVisible()
    assert not window.sign_in.copies.isVisible()
    window.close()


def test_copies_in_another_folder_or_one_by_itself_are_found(tmp_path, qtbot, site):
    store, place, copies = site
    spoil(store, paths.STORE)
    window = new_window(tmp_path, qtbot)
    window.show_sign_in(str(store), "lin")
    dialog = window.take_copy_back() or dialogs()[0]
    offered = dialog.findChild(QComboBox)
    assert offered.count() == 0
    dialog.go.click()
    assert dialog.note.text() == say("en", "access.from_copy.none")
    look_in(window, offered, str(copies[0]))
    assert [offered.itemData(at).path for at in range(offered.count())] == [copies[0]]
    look_in(window, offered, str(place))
    assert offered.count() == 2
    dialog.reject()
    window.close()
