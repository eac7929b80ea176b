"""The administrator: makes the store, gives accounts, looks after its copies, and finds the way back."""

from __future__ import annotations

import re

import pytest

from db.opening.vault import open_store
from tests.journeys.desk import PHRASE, visit_begun
from tests.journeys.hands import Hands

OWN = "seven blue lamps sing"
NEW = "green rivers run slowly"
CODE = re.compile(r"\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3,}\b")


def code_on(hands: Hands) -> str:
    """The recovery code that is shown."""
    found = CODE.search(hands.screen())
    assert found is not None, hands.screen()
    return found.group()


def take_over(hands: Hands, old: str, new: str) -> None:
    """The first sign-in of a new person: an own passphrase, and the training."""
    say = hands.say
    fields = {say("access.field.old"): old, say("access.field.new"): new, say("access.field.again"): new}
    hands.sees(say("access.take_over.title")).enter_all(fields)
    hands.enter_all({say("access.field.trained"): "Space"}).push(say("access.take_over.go"))
    hands.until(lambda: hands.window.casebook is not None, "the new person to be let in")


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_a_study_is_started_from_the_first_page_and_the_recovery_code_opens_it_when_the_passphrase_is_lost(
    desk, language
):
    admin, path = desk.window(language), desk.folder / "ankl-S01.casebook"
    say = admin.say
    admin.push(say("ui.welcome.start")).sees(say("ui.start.title"))
    admin.enter_all({
        say("ui.start.site"): "S01", say("ui.start.name"): "Ren Gang", say("ui.start.user"): "ren",
        say("ui.start.role"): "系统管理员" if language == "zh" else "Administrator",
        say("ui.start.passphrase"): PHRASE, say("ui.start.again"): PHRASE, say("ui.start.path"): str(path),
        say("access.field.trained"): "Space",
    })  # fmt: skip
    admin.push(say("ui.start.make")).sees(say("ui.start.recovery_text"))
    code = code_on(admin)
    admin.enter_all({say("ui.start.kept"): "Space"}).push(say("ui.start.go")).sees(say("ui.page.study"))
    admin.press("Ctrl+Shift+Q").sees(say("access.recovery.link")).push(say("access.recovery.link"))
    fields = {"code": code, "user": "ren", "new": NEW, "again": NEW}
    admin.enter_all({say(f"access.field.{name}"): text for name, text in fields.items()}).push(
        say("access.recovery.go")
    )
    admin.sees(say("access.sheet.new"))
    assert code_on(admin) != code
    admin.enter_all({say("ui.start.kept"): "Space"}).push(say("access.sheet.done")).press("Ctrl+Shift+Q")
    assert admin.aside.ask(lambda: open_store(path, user="ren", passphrase=NEW, read_only=True).close()) is None


def test_a_new_nurse_is_added_and_takes_her_account_over(desk):
    path = desk.store()
    admin = desk.sit_down("root", path)
    admin.press("Ctrl+9").push("Add a person…").enter_all({
        "Name": "Mei Lan", "Sign-in name": "mei", "Role": "Research nurse", "Temporary passphrase": NEW,
        "The same again": NEW,
    })  # fmt: skip
    admin.push("Add").sees("Not taken over", "Mei Lan")
    desk.put_away(admin)
    nurse = desk.at_the_door("mei", path)
    nurse.type(NEW).press("Return")
    take_over(nurse, NEW, OWN)
    nurse.press("Ctrl+2").sees("Add subject")
    period = nurse.store(lambda book: book.account)
    assert (period.user, period.role, period.waiting) == ("mei", "nurse", False)
    desk.put_away(nurse)
    nurse = desk.at_the_door("mei", path)
    nurse.type(NEW).press("Return").sees(nurse.say("db.wrong_passphrase"))


def test_copies_go_to_a_second_place_and_the_way_back_is_rehearsed(desk):
    place = desk.folder / "stick"
    place.mkdir()
    admin = desk.sit_down("root", desk.store())
    admin.press("Ctrl+9", "Ctrl+Tab", "Ctrl+Tab").sees("None chosen yet.").push("Choose the place…").save_as(place)
    admin.sees("Last proved backup: today", str(place))
    assert [each.suffix for each in place.iterdir()] == [".casebook"]
    admin.push("Rehearse a restore").sees(admin.say("access.rehearsal.good"), "Ren Gang")
    admin.push("Close")
    assert len(admin.store(lambda book: tuple(book.acts("rehearsal")))) == 1


def test_a_copy_is_taken_back_and_the_store_before_it_stays_beside_it(desk):
    place, path = desk.folder / "stick", desk.store(prepare=visit_begun)
    place.mkdir()
    admin = desk.sit_down("root", path)
    admin.press("Ctrl+9", "Ctrl+Tab", "Ctrl+Tab").push("Choose the place…").save_as(place)
    admin.sees("Last proved backup: today").push("Take it back…").type(PHRASE).press("Return")
    admin.sees(admin.say("ui.sign_in.enter"), place.joinpath(next(place.iterdir()).name).name)
    assert len([each for each in path.parent.iterdir() if each.name.startswith(path.stem)]) == 2
    admin.go_to("Passphrase").type(PHRASE).press("Return")
    admin.until(lambda: admin.window.casebook is not None, "the administrator to be let in again")
    assert admin.store(lambda book: book.count_subjects()) == 1
