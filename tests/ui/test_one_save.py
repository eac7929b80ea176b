"""Leaving a field: one more evaluation than its last key, one transaction, and nothing read that is not needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from db import sqlite
from forms.errors import Refusal, Trouble
from forms.sheet import sheet as sheets
from tests.ui.test_form_page import Desk, ankl, desk  # noqa: F401
from ui.dialogs.reason import ReasonDialog

RETURN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


@dataclass
class Counted:
    """What happened meanwhile: statements given to the database, transactions begun and kept, forms evaluated."""

    statements: list[str] = field(default_factory=list)
    evaluations: int = 0

    def begun(self, word: str) -> int:
        return sum(statement.startswith(word) for statement in self.statements)


class Listening:
    """A connection that notes each statement given to it; what triggers do is not one."""

    def __init__(self, connection: sqlite.Connection, counted: Counted) -> None:
        self._connection, self._counted = connection, counted

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, statement: str, *values: object) -> object:
        self._counted.statements.append(" ".join(statement.split()))
        return self._connection.execute(statement, *values)

    def executemany(self, statement: str, *values: object) -> object:
        self._counted.statements.append(" ".join(statement.split()))
        return self._connection.executemany(statement, *values)


@pytest.fixture
def counting(monkeypatch):
    """Counts while a block runs, in the store of a desk."""

    @contextmanager
    def count(desk: Desk) -> Iterator[Counted]:  # noqa: F811
        counted = Counted()
        evaluate, connection = sheets._evaluate, desk.book.connection

        def note(*given):
            counted.evaluations += 1
            return evaluate(*given)

        listening = Listening(connection, counted)
        with monkeypatch.context() as patch:
            patch.setattr(sheets, "_evaluate", note)
            patch.setattr(desk.book, "connection", listening)
            patch.setattr(desk.book.ledger, "connection", listening)
            yield counted

    return count


def typed(desk: Desk, item: str, text: str) -> None:  # noqa: F811
    """Put the cursor into a field and type; the field is not left."""
    desk.page.go_to(item, "1")
    QTest.keyClicks(QApplication.focusWidget(), text)


def leave(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)
    QApplication.processEvents()


@pytest.mark.parametrize("key", [RETURN, TAB], ids=["Return", "Tab"])
def test_leaving_a_field_is_one_evaluation_and_one_transaction(desk, counting, key):  # noqa: F811
    desk.open("VS")
    desk.type("PULSE", "80")
    typed(desk, "TEMP", "38.4")
    with counting(desk) as counted:
        leave(key)
    assert desk.value("VS", "TEMP").value == "38.4"
    assert counted.evaluations == 1
    assert counted.begun("BEGIN") == counted.begun("COMMIT") == 1
    assert [statement.split()[0] for statement in counted.statements if not statement.startswith("PRAGMA")] == [
        "SELECT",  # the questions that stand at the form, which a correction cites
        "BEGIN", "INSERT", "INSERT", "UPDATE", "INSERT", "COMMIT",  # payload, entry, the line of the subject, the seal
        "SELECT",  # the same questions, to paint them
    ]  # fmt: skip
    assert len(counted.statements) <= 11


def test_each_key_is_one_evaluation_and_asks_the_store_for_nothing(desk, counting):  # noqa: F811
    desk.open("VS")
    desk.page.go_to("TEMP", "1")
    with counting(desk) as counted:
        QTest.keyClicks(QApplication.focusWidget(), "38.4")
    assert (counted.evaluations, counted.statements) == (4, [])


def test_passing_through_a_field_writes_nothing_and_evaluates_nothing(desk, counting):  # noqa: F811
    desk.open("VS")
    desk.type("TEMP", "38.4")
    desk.page.go_to("TEMP", "1")
    with counting(desk) as counted:
        leave(TAB)
    assert (counted.evaluations, counted.statements) == (0, [])


def test_a_draft_goes_in_the_transaction_of_the_value_it_became(desk, counting):  # noqa: F811
    desk.open("DX")
    name = next(item.id for item in desk.page.sheet.form.items.values() if item.kind == "long")
    desk.page.go_to(name, "1")
    box = QApplication.focusWidget()
    assert isinstance(box, QPlainTextEdit)
    box.insertPlainText("half a sentence")
    desk.page.saver.keep_draft(name, "1", "half a sentence")
    assert len(desk.book.drafts()) == 1
    with counting(desk) as counted:
        leave(TAB)
    assert desk.value("DX", name).value == "half a sentence"
    assert desk.book.drafts() == ()
    assert counted.begun("COMMIT") == 1


def test_a_draft_stays_when_the_value_could_not_be_written(desk, monkeypatch):  # noqa: F811
    place = desk.key("DX").place(next(i.id for i in ankl().form_by_id["DX"].items.values() if i.kind == "long"))
    desk.book.draft(place, "half a sentence")
    monkeypatch.setattr(desk.book, "done", lambda *given: (_ for _ in ()).throw(Trouble("db.disk_full", path="")))
    with pytest.raises(Trouble):
        desk.book.enter(place, "half a sentence")
    monkeypatch.undo()
    assert [draft.text for draft in desk.book.drafts()] == ["half a sentence"]
    desk.book.enter(place, "half a sentence")
    assert desk.book.drafts() == ()


@pytest.mark.parametrize("error", [Trouble("db.disk_full", path=""), Refusal("db.read_only")], ids=["world", "refused"])
def test_what_could_not_be_saved_is_told_once_and_keeps_the_cursor(desk, monkeypatch, error):  # noqa: F811
    desk.open("VS")
    typed(desk, "TEMP", "38.4")
    told = []
    desk.page.saver.refused.connect(told.append)
    monkeypatch.setattr(desk.book, "enter", lambda *given, **named: (_ for _ in ()).throw(error))
    leave(RETURN)
    assert told == [error]
    assert desk.page.here == ("TEMP", "1")
    assert QApplication.focusWidget().text() == "38.4"
    monkeypatch.undo()
    leave(RETURN)
    assert desk.value("VS", "TEMP").value == "38.4"
    assert desk.page.here == ("TMAX24", "1")


def test_a_form_is_not_completed_while_something_typed_could_not_be_saved(desk, monkeypatch):  # noqa: F811
    desk.open("VS")
    typed(desk, "TEMP", "38.4")
    full = Trouble("db.disk_full", path="")
    monkeypatch.setattr(desk.book, "enter", lambda *given, **named: (_ for _ in ()).throw(full))
    monkeypatch.setattr(desk.book, "complete", lambda key: pytest.fail("completed without what is typed"))
    desk.page.acts.complete()
    assert QApplication.focusWidget().text() == "38.4"


def test_what_could_not_be_saved_is_there_again_when_one_comes_back_to_its_form(desk, monkeypatch):  # noqa: F811
    desk.open("VS")
    typed(desk, "TEMP", "38.4")
    refused = Refusal("db.form_closed", form="VS", item="TEMP")
    with monkeypatch.context() as patch:
        patch.setattr(desk.book, "enter", lambda *given, **named: (_ for _ in ()).throw(refused))
        desk.open("DX")
    assert desk.value("VS", "TEMP").blank
    desk.open("VS")
    assert desk.page.canvas.fields[("TEMP", "1")].editor.text() == "38.4"
    desk.page.go_to("TEMP", "1")
    leave(RETURN)
    assert desk.value("VS", "TEMP").value == "38.4"
    assert desk.book.drafts() == ()


def test_a_reason_not_given_is_asked_for_once(desk, monkeypatch):  # noqa: F811
    desk.open("VS")
    desk.type("TEMP", "38.4")
    monkeypatch.setattr("db.casebook.entering.DAY", -1)
    asked = []
    monkeypatch.setattr(ReasonDialog, "exec", lambda dialog: asked.append(dialog) or False)
    desk.type("TEMP", "39.1")
    assert len(asked) == 1
    assert desk.page.canvas.fields[("TEMP", "1")].editor.text() == "38.4"


def test_a_correction_cites_the_question_at_its_field_and_no_other(desk):  # noqa: F811
    desk.open("VS")
    desk.type("TEMP", "38.4")
    desk.type("PULSE", "80")
    temp, pulse = (desk.key("VS").place(item) for item in ("TEMP", "PULSE"))
    desk.book.open_query(pulse, "Counted for how long?")
    desk.book.open_query(temp, "Where was it taken?")
    [mine] = [query for query in desk.book.standing(desk.key("VS")) if query.place == temp]
    desk.type("TEMP", "38.6")
    assert desk.book.history(temp)[-1].cause == mine.id
    desk.type("RESP", "16")
    assert desk.book.history(desk.key("VS").place("RESP"))[-1].cause == ""
