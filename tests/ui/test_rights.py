"""The table of roles and rights walked through the real window: what each role sees and can press."""

from __future__ import annotations

import pytest

from db.casebook.prelock import Checklist, lock_database, unlock_database
from db.folder.keys import CHEAP
from db.people.accounts import add_account
from tests.ui.windows import FIRST, PHRASE, ankl, new_site, new_window
from ui.window.areas import PAGES

ROLES = {role.id: frozenset(role.rights) for role in ankl().roles}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with an open query and an account for each role."""
    book = new_site(tmp_path_factory.mktemp("site"), "pi", "maker")
    place = book.sheet(next(key for key in book.subject(FIRST).keys() if key.form == "DM")).key.place("SEX")
    book.open_query(place, "As in the chart?")
    for role in sorted(ROLES, key=lambda each: each == "admin"):
        add_account(book, role, role.title(), role, PHRASE, kdf=CHEAP, temporary=False)
    book.close()
    return book.path, place


@pytest.mark.parametrize("role", ROLES)
def test_the_window_offers_a_role_what_its_rights_say_and_nothing_else(site, tmp_path, qtbot, role):
    store, place = site
    rights = ROLES[role]
    window = new_window(tmp_path, qtbot)
    window.show_sign_in(str(store), role)
    window.open_store(role, PHRASE)
    space = window.workspace
    assert space.seen == [name for name, _, _, right in PAGES if not right or set(right.split("|")) & rights]
    if "read" in rights:
        walk_data(window, place, rights)
    if "administration" in space.seen:
        walk_administration(window, rights)
    window.close()


def walk_data(window, place, rights) -> None:
    space = window.workspace
    space.go("queries")
    page = space.made["queries"]
    assert page.answer.isVisible() == ("query.answer" in rights)
    assert page.close_query.isVisible() == ("query.close" in rights)
    assert page.listing.button.isVisible() == ("report" in rights)
    space.go("subjects")
    assert space.made["subjects"].add.isVisible() == ("subject.add" in rights)
    assert space.made["subjects"].log_button.isVisible() == ("identify" in rights)
    space.open_subject(FIRST)
    assert space.made["subject"].identity.isVisible() == ("identify" in rights)
    space.open_form(place.form_key)
    form = space.made["subject"].form
    assert form.canvas.read_only == ("enter" not in rights)
    assert form.standing.sign_button.isVisible() == ("sign" in rights)
    assert form.standing.states_button.isVisible() == bool({"verify", "lock"} & rights)
    if "verify" in rights or "lock" in rights:
        assert form.standing.states_button.text() == ("Freeze and lock …" if "lock" in rights else "Verify …")
    dialog = form.standing.sign()
    assert (dialog is not None) == ("sign" in rights)
    if dialog is not None:
        dialog.reject()
    menu = form.standing.show_states()
    offered = {action.objectName() for action in menu.actions() if action.objectName()} if menu is not None else set()
    if menu is not None:
        menu.close()
    wide = {f"{act} {level}" for act in ("frozen", "locked") for level in ("form", "visit", "subject")}
    assert offered == (wide if "lock" in rights else set()) | ({"verified form"} if "verify" in rights else set())
    asked = form.acts.ask_query()
    assert (asked is not None) == ("query.open" in rights)
    if asked is not None:
        asked.reject()


def walk_administration(window, rights) -> None:
    window.workspace.go("administration")
    page = window.workspace.made["administration"]
    page.tabs.setCurrentWidget(page.people)
    for name in ("add", "role", "reset", "unlock", "remove", "list"):
        assert page.people.buttons[name].isVisible() == ("accounts" in rights), name
    page.tabs.setCurrentWidget(page.keys)
    assert page.keys.buttons["own"].isVisible()
    assert page.keys.buttons["rekey"].isVisible() == ("accounts" in rights)
    assert (page.tabs.indexOf(page.backups) >= 0) == ("backup" in rights)
    assert (page.tabs.indexOf(page.lock) >= 0) == bool({"lock", "unlock"} & rights)


def test_locking_the_database_takes_the_buttons_off_pages_that_stand_open_and_unlocking_brings_them_back(
    tmp_path, qtbot
):
    window = new_window(tmp_path, qtbot)
    window.enter(new_site(tmp_path, "pi"))
    space, book = window.workspace, window.casebook
    space.go("subjects")
    subjects = space.made["subjects"]
    space.open_subject(FIRST)
    view = space.made["subject"].view
    space.go("subjects")
    for locked in (False, True, False):
        if locked:
            space.hub.changed.emit(lock_database(book, Checklist(book.position(), ()), "End of study"))
        elif book.database_lock is not None:
            space.hub.changed.emit(unlock_database(book, "A late report"))
        space.go("subjects")
        assert subjects.add.isVisible() == (not locked)
        assert subjects.add_action.isEnabled() == (not locked)
        assert subjects.log_button.isVisible()
        space.open_subject(FIRST)
        assert view.add.isVisible() == (not locked)
        assert view.add_action.isEnabled() == (not locked)
    window.close()
