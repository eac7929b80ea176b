"""Administration in the window: people, keys, copies, and the first sign-in of somebody new."""

from __future__ import annotations

import base64
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit

from db.clock import Stepping, clock_of, set_clock
from db.copies.automatic import Kept, kept_by
from db.folder import paths
from db.folder.keys import CHEAP
from db.people.accounts import add_account
from db.proof.verify import verify
from resources import folder
from tests.qr_reader import read_symbol
from tests.ui.test_access import nameless
from tests.ui.windows import PHRASE, dialogs, new_site, new_window, standing, wait_for_jobs
from ui.backups import age_words
from ui.dialogs.second_factor import POINT, QUIET
from ui.dialogs.start_study import StartStudyDialog

FIRST = "seven dry camels walk"
OWN = "my own secret words"


@pytest.fixture
def window(tmp_path, qtbot):
    yield from standing(tmp_path, qtbot, role="pi")


def page_of(window):
    window.workspace.go("administration")
    return window.workspace.made["administration"]


def fill(dialog, **texts) -> None:
    """Type into the fields of an AskDialog by their names in English."""
    for name, text in texts.items():
        words = dialog.settings.say(f"access.field.{name}")
        field = next(each for each in dialog.findChildren(object) if getattr(each, "accessibleName", str)() == words)
        field.setText(text)


def test_a_person_is_added_and_takes_the_account_over_before_anything_else(window, tmp_path, qtbot):
    page = page_of(window)
    dialog = page.people.add()
    fill(dialog, name="Zhou Wei", user="zhou", first=FIRST, again=FIRST, last_day="2025-06-30")
    dialog.go.click()
    assert page.people.model.rowCount() == 2
    window.leave()
    window.open_store("zhou", FIRST)
    assert window.casebook is None
    take = dialogs()[0]
    fill(take, old=FIRST, new=OWN, again=OWN)
    take.go.click()
    assert "training" in take.note.text()
    take.findChildren(object)
    from PySide6.QtWidgets import QCheckBox

    take.findChild(QCheckBox).setChecked(True)
    take.go.click()
    assert window.casebook.user == "zhou"
    assert window.casebook.account.last_day == "2025-06-30"


def test_whoever_does_not_take_the_account_over_stays_outside(window):
    add_account(window.casebook, "zhou", "Zhou Wei", "nurse", FIRST, kdf=CHEAP)
    window.leave()
    window.open_store("zhou", FIRST)
    dialogs()[0].reject()
    assert window.casebook is None
    window.open_store("lin", PHRASE)
    assert window.casebook is not None


def test_weak_or_differing_passphrases_are_refused_in_the_dialog(window):
    dialog = page_of(window).people.add()
    fill(dialog, name="Zhou Wei", user="zhou", first="abc", again="abc")
    dialog.go.click()
    assert "easy to guess" in dialog.note.text()
    fill(dialog, first=FIRST, again=FIRST + "x")
    dialog.go.click()
    assert "differ" in dialog.note.text()


def test_ending_access_offers_a_new_key_and_the_window_works_on_under_it(window, qtbot):
    zhou = add_account(window.casebook, "zhou", "Zhou Wei", "nurse", FIRST, kdf=CHEAP)
    page = page_of(window)
    row = next(at for at in range(page.people.model.rowCount()) if page.people.model.key(at).account == zhou.id)
    page.people.table.setCurrentIndex(page.people.model.index(row, 0))
    remove = page.people.remove()
    remove.go.click()
    assert "reason" in remove.note.text().lower()
    fill(remove, why="Left the ward")
    remove.go.click()
    rekey = dialogs()[0]
    old = window.casebook
    rekey.go.click()
    qtbot.waitUntil(lambda: window.casebook not in (None, old) and window.casebook.is_open, timeout=10_000)
    qtbot.waitUntil(lambda: bool(dialogs()), timeout=5_000)
    sheet = dialogs()[0]
    sheet.part.save_to(str(window.casebook.path.parent / "sheet.pdf"))
    assert (window.casebook.path.parent / "sheet.pdf").read_bytes().startswith(b"%PDF")
    sheet.part.kept.setChecked(True)
    sheet.go.click()
    assert not verify(window.casebook).faults
    assert [act.act for act in window.casebook.acts("rekeyed")] == ["rekeyed"]


def test_the_recovery_sheet_opens_the_store_from_the_sign_in_page_and_is_used_up(tmp_path, qtbot):
    book = new_site(tmp_path, "nurse")
    code = book.recovery_code
    store = book.path
    book.close()
    window = new_window(tmp_path, qtbot)
    window.show_sign_in(str(store), "lin")
    window.recover()
    dialog = dialogs()[0]
    fill(dialog, code=code.lower(), user="lin", new=OWN, again=OWN)
    dialog.go.click()
    assert window.casebook.user == "lin"
    assert len(window.casebook.acts("recovery_used")) == 1
    sheet = next(each for each in dialogs() if hasattr(each, "part"))
    assert sheet.part.code.text() != code
    sheet.part.kept.setChecked(True)
    sheet.go.click()
    window.close()


def test_a_copy_is_made_by_itself_once_a_second_place_is_chosen_and_a_restore_is_rehearsed(window, qtbot, tmp_path):
    second = tmp_path / "stick"
    second.mkdir()
    page = page_of(window)
    page.tabs.setCurrentIndex(2)
    assert age_words(window.casebook, window.settings)[1] == "notice"
    page.backups.set_place(str(second))
    wait_for_jobs(window, qtbot)
    assert page.backups.model.rowCount() == 1
    assert "today" in page.backups.age.text()
    copied = json.loads(window.casebook.acts("backup")[0].value.value)
    assert (second / copied["to"] / paths.STORE).exists()
    page.backups.rehearse_chosen()
    wait_for_jobs(window, qtbot)
    shown = dialogs()[0]
    assert shown.shown.good
    shown.save_to(str(tmp_path / "protocol.pdf"))
    assert (tmp_path / "protocol.pdf").read_bytes().startswith(b"%PDF")
    assert len(window.casebook.acts("rehearsal")) == 1
    assert len(list(second.iterdir())) == 1


def test_a_place_that_went_away_or_lies_in_the_store_is_told_in_words(window, qtbot, tmp_path):
    page = page_of(window)
    page.tabs.setCurrentIndex(2)
    page.backups.set_place(str(window.casebook.path))
    assert "in the store itself" in page.backups.note.text()
    gone = tmp_path / "stick"
    gone.mkdir()
    window.settings.put_backup_place(window.casebook.path, str(gone))
    gone.rmdir()
    page.backups.auto.make()
    wait_for_jobs(window, qtbot)
    assert "not there" in page.backups.note.text()
    assert window.casebook.acts("backup") == []


def test_the_delegation_list_is_made_in_both_languages(window, qtbot, tmp_path):
    page = page_of(window)
    for language in ("en", "zh"):
        window.settings.put("language", language)
        page.list_to(str(tmp_path / f"{language}.pdf"))
        wait_for_jobs(window, qtbot)
        assert (tmp_path / f"{language}.pdf").read_bytes().startswith(b"%PDF")
    assert len(window.casebook.acts("report")) == 2


def test_old_copies_go_but_one_of_each_day_week_and_month_stays(tmp_path):
    days = [date(2025, 12, 31) - timedelta(days=back) for back in range(400)]
    copies = [Kept(tmp_path / str(day), f"{day}T09:00:00.000Z", 1) for day in days]
    staying = sorted(copy.at[:10] for copy in kept_by(copies))
    assert staying[-7:] == [str(day) for day in reversed(days[:7])]
    assert {day[:7] for day in staying} == {f"2025-{month:02d}" for month in range(1, 13)}
    assert len(staying) <= 7 + 4 + 12


def test_a_clock_that_was_set_back_is_told_on_the_page(tmp_path, qtbot):
    book = new_site(tmp_path, "pi")
    book.close()
    window = new_window(tmp_path, qtbot)
    window.make_clock = lambda: clock_of(Stepping(datetime(2024, 10, 10, 9, tzinfo=UTC), timedelta(seconds=1)))
    window.show_sign_in(str(book.path), "lin")
    window.open_store("lin", PHRASE)
    window.workspace.go("today")
    told = window.workspace.made["today"].notes.warnings
    assert "set back" in told.text()
    assert "UTC+00:00" in told.text()
    window.close()


def test_a_demonstration_says_so_and_its_clock_that_begins_anew_is_no_news(tmp_path, qtbot):
    book = new_site(tmp_path, "pi")
    book.close()
    window = new_window(tmp_path, qtbot)
    window.make_clock = lambda: set_clock("2024-10-10")
    window.show_sign_in(str(book.path), "lin")
    window.open_store("lin", PHRASE)
    window.workspace.go("today")
    assert window.workspace.made["today"].notes.warnings.text() == ""
    assert window.workspace.bar.demonstration.text() == "Demonstration"
    assert not window.workspace.bar.demonstration.isHidden()
    window.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_input_of_the_dialogs_has_a_name(window, language):
    window.settings.put("language", language)
    page = page_of(window)
    for dialog in (page.people.add(), page.keys.change_own(), page.keys.new_sheet(), page.keys.new_key("Hu")):
        assert nameless(dialog) == []
        dialog.reject()


def test_both_languages_say_the_same_things():
    said = [
        json.loads(folder("i18n", language, "access.json").read_text(encoding="utf-8")) for language in ("en", "zh")
    ]
    assert said[0].keys() == said[1].keys()


def test_a_second_factor_is_asked_for_at_the_next_sign_in(window):
    from db.opening.second_factor import code_of

    page = page_of(window)
    page.tabs.setCurrentIndex(1)
    dialog = page.keys.turn_factor()
    shown = next(each.text() for each in dialog.findChildren(QLineEdit) if each.isReadOnly())
    symbol = read_symbol(modules_in(dialog))
    assert symbol.startswith("otpauth://totp/Casebook:lin%20site?")
    assert f"&secret={shown}&" in symbol
    secret = base64.b32decode(shown)
    counter = int(window.casebook.clock().timestamp()) // 30
    fill(dialog, digits=code_of(secret, counter))
    dialog.go.click()
    assert page.keys.buttons["factor"].text() == "Turn off…"
    window.leave()
    window.open_store("lin", PHRASE)
    assert window.casebook is None
    asked = dialogs()[0]
    fill(asked, digits=code_of(secret, counter + 1))
    asked.go.click()
    assert window.casebook.user == "lin"


def modules_in(dialog) -> list[list[bool]]:
    """The symbol as it stands on the screen, module by module."""
    words = dialog.settings.say("access.factor.symbol")
    picture = next(each for each in dialog.findChildren(QLabel) if each.accessibleName() == words).pixmap().toImage()
    side = picture.width() // POINT - 2 * QUIET
    middle = [(at + QUIET) * POINT + POINT // 2 for at in range(side)]
    return [[picture.pixelColor(x, y).lightness() < 128 for x in middle] for y in middle]


def start_dialog(tmp_path, qtbot) -> StartStudyDialog:
    window = new_window(tmp_path, qtbot)
    dialog = StartStudyDialog(window.settings, window.make_clock(), window)
    dialog.kept_window = window
    return dialog


def test_a_store_in_a_synced_folder_is_warned_of_before_it_is_made(tmp_path, qtbot):
    dialog = start_dialog(tmp_path, qtbot)
    dialog.path.setText(str(tmp_path / "OneDrive" / "trial.casebook"))
    assert "copies to a server" in dialog.where_note.text()
    dialog.path.setText(str(tmp_path / "trial.casebook"))
    assert dialog.where_note.text() == ""
    dialog.reject()


def test_a_slash_in_the_code_of_a_site_leads_the_new_store_into_no_other_folder(tmp_path, qtbot):
    dialog = start_dialog(tmp_path, qtbot)
    dialog.path.setText("")
    QTest.keyClicks(dialog.path, str(tmp_path / "trial.casebook"))
    QTest.keyClicks(dialog.site, "S 01/x")
    assert Path(dialog.path.text()) == tmp_path / "ankl-S 01-x.casebook"
    dialog.site.clear()
    QTest.keyClicks(dialog.site, "S01")
    assert Path(dialog.path.text()) == tmp_path / "ankl-S01.casebook"
    dialog.reject()


def test_a_definition_of_ones_own_is_offered_or_its_faults_are_named(tmp_path, qtbot):
    dialog = start_dialog(tmp_path, qtbot)
    own = shutil.copytree(folder("studies", "ankl"), tmp_path / "own")
    main = own / "study.yaml"
    main.write_text(main.read_text(encoding="utf-8").replace("id: ankl\n", "id: ankl_two\n"), encoding="utf-8")
    dialog.add_definition(str(main))
    assert dialog.study.currentData() == "ankl_two"
    main.write_text(main.read_text(encoding="utf-8").replace("registry:", "registri:"), encoding="utf-8")
    dialog.add_definition(str(main))
    assert "registri" in dialog.note.text()
    dialog.reject()


def test_the_sheet_of_a_new_store_is_saved_before_work_begins(tmp_path, qtbot):
    dialog = start_dialog(tmp_path, qtbot)
    dialog.site.setText("S09")
    dialog.name.setText("Lin Xia")
    dialog.user.setText("lin")
    dialog.path.setText(str(tmp_path / "new.casebook"))
    for field in (dialog.passphrase, dialog.again):
        field.setText(PHRASE)
    dialog.make_store()
    assert "training" in dialog.note.text()
    dialog.trained.setChecked(True)
    dialog.make_store()
    assert not dialog.go.isEnabled()
    dialog.sheet.save_to(str(tmp_path / "sheet.pdf"))
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    dialog.kept.setChecked(True)
    dialog.go.click()
    assert dialog.casebook.account.keeper
    assert dialog.casebook.account.trained == dialog.casebook.role
    dialog.casebook.close()


def test_a_copy_is_taken_back_and_the_store_as_it_was_stays_beside_it(window, qtbot, tmp_path):
    second = tmp_path / "stick"
    second.mkdir()
    page = page_of(window)
    page.tabs.setCurrentIndex(2)
    page.backups.set_place(str(second))
    wait_for_jobs(window, qtbot)
    window.casebook.add_subject("S01-777")
    dialog = page.backups.restore_chosen()
    fill(dialog, old="not this one")
    dialog.go.click()
    assert dialog.note.isVisible()
    assert window.casebook is not None
    fill(dialog, old=PHRASE)
    dialog.go.click()
    qtbot.waitUntil(lambda: window.casebook is None, timeout=10_000)
    qtbot.waitUntil(lambda: "is in place" in window.sign_in.note.text(), timeout=20_000)
    window.open_store("lin", PHRASE)
    assert "S01-777" not in [line.id for line in window.casebook.subjects()]
    assert len(window.casebook.acts("restore")) == 1
    assert len(list(window.casebook.path.parent.glob("*-before-*.casebook"))) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_words_of_a_dialog_are_cut(window, language):
    window.settings.put("language", language)
    page = page_of(window)
    for dialog in (page.people.add(), page.people.change(), page.keys.change_own(), page.keys.new_key()):
        QApplication.processEvents()
        assert dialog.text.height() >= dialog.text.heightForWidth(dialog.text.width())
        dialog.go.click()
        QApplication.processEvents()
        if dialog.note.isVisible():
            assert dialog.note.height() >= dialog.note.heightForWidth(dialog.note.width())
        QDialog.reject(dialog)


def test_the_second_factor_is_not_turned_off_without_the_passphrase(window):
    from db.opening.second_factor import code_of, is_on, new_secret, turn_on

    secret = new_secret()
    turn_on(window.casebook, secret, code_of(secret, int(window.casebook.clock().timestamp()) // 30))
    page = page_of(window)
    dialog = page.keys.turn_factor()
    fill(dialog, old="not this one")
    dialog.go.click()
    assert is_on(window.casebook)
    assert dialog.note.isVisible()
    fill(dialog, old=PHRASE)
    dialog.go.click()
    assert not is_on(window.casebook)
    assert page.keys.buttons["factor"].text() == "Turn on…"
