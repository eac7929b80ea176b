"""The worklist of a day: serious events that are not reported, visits, queries and forms begun, most pressing first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from db.casebook.worklist import find_tasks, report_hours
from db.folder.keys import CHEAP
from db.people.accounts import add_account
from forms.study.definition import Setting
from tests.db.stores import PASSPHRASE, at, fill_screening, key, new_store, reopened, site_study
from tests.forms.small_study import item, words

SITE = timezone(timedelta(hours=8))


def quiet(*_told: object) -> None:
    pass


def with_reports():
    """The small study, whose log of events asks when the site learned of one and when it was reported."""
    study, forms = site_study(), []
    for form in study.forms:
        if form.id == "AE":
            first, rows, *rest = form.groups
            asked = (item("AEAWARE", "datetime", partial=True), item("AEREPDAT", "datetime", partial=True))
            form = replace(form, groups=(first, replace(rows, items=(*rows.items, *asked)), *rest))
        forms.append(form)
    return replace(study, forms=tuple(forms))


@pytest.fixture
def book(tmp_path):
    made = new_store(tmp_path, study=with_reports())
    fill_screening(made)
    yield made
    made.close()


def enter_event(book, row="1", **values):
    book.enter(at("AN-001", "LOG", "AE", "AEYN"), "Y")
    for name, text in {"AETERM": "fever", "AESTDAT": "2025-02-20", "AESER": "Y", **values}.items():
        book.enter(at("AN-001", "LOG", "AE", name, row=row), text)


def tasks(book, kind):
    return [task for task in find_tasks(book, {}, tick=quiet) if task.kind == kind]


def test_a_serious_event_leads_the_list_with_its_deadline_a_day_after_the_site_learned_of_it(book):
    enter_event(book, AEAWARE="2025-02-28 15:30")
    first, *_ = find_tasks(book, {}, tick=quiet)
    assert (first.kind, first.subject, first.key) == ("serious", "AN-001", key("AN-001", "LOG", "AE"))
    assert first.deadline == datetime(2025, 3, 1, 15, 30, tzinfo=SITE)
    assert first.until == date(2025, 3, 1)
    assert first.place == at("AN-001", "LOG", "AE", "AESER")


def test_a_study_may_leave_more_or_fewer_hours_than_a_day(tmp_path):
    assert report_hours(with_reports()) == 24
    study = replace(with_reports(), settings=(Setting("sae_hours", words("Hours"), "2.5"),))
    assert report_hours(study) == Decimal("2.5")
    book = new_store(tmp_path, study=study)
    fill_screening(book)
    enter_event(book, AEAWARE="2025-02-28 15:30")
    assert tasks(book, "serious")[0].deadline == datetime(2025, 2, 28, 18, 0, tzinfo=SITE)
    book.close()


@pytest.mark.parametrize("aware", ["", "2025-02-28", "2025-02"])
def test_an_event_whose_hour_is_not_known_has_no_deadline_and_stands_after_those_that_have(book, aware):
    enter_event(book, AEAWARE=aware)
    enter_event(book, row="2", AEAWARE="2025-02-28 23:00")
    assert [task.deadline is None for task in tasks(book, "serious")] == [False, True]
    assert tasks(book, "serious")[1].until is None


def test_an_event_that_was_reported_or_is_not_serious_is_no_task(book):
    enter_event(book, AEREPDAT="2025-02-28 16:00")
    enter_event(book, row="2", AESER="N")
    assert tasks(book, "serious") == []


def test_a_study_that_does_not_ask_when_an_event_was_reported_has_no_such_tasks(tmp_path):
    book = new_store(tmp_path)
    fill_screening(book)
    enter_event(book)
    assert tasks(book, "serious") == []
    book.close()


def test_an_open_query_is_a_task_at_its_field_and_waits_for_who_may_answer_it(book, tmp_path):
    asked = at("AN-001", "SCR", "LB", "PLT")
    add_account(book, "moni", "Moni", "monitor", PASSPHRASE, kdf=CHEAP, temporary=False)
    book.close()
    monitor = reopened(tmp_path, user="moni")
    monitor.open_query(asked, "Is this number right?", to="nurse")
    (mine,) = tasks(monitor, "query")
    assert (mine.place, mine.until, mine.waits) == (asked, date(2025, 3, 3), False)
    monitor.close()
    nurse = reopened(tmp_path)
    (hers,) = tasks(nurse, "query")
    assert hers.waits
    nurse.answer_query(hers.query.id, "Yes.")
    (answered,) = tasks(nurse, "query")
    assert not answered.waits
    nurse.close()


def test_a_visit_of_today_stands_before_one_that_is_late():
    from db.casebook.worklist import Task

    here = key("AN-001", "SCR", "LB")
    today = date(2025, 3, 1)
    now, late = Task("due", "AN-001", here, today), Task("overdue", "AN-002", here, date(2025, 2, 1))
    assert now.rank(today) < late.rank(today) < now.rank(today - timedelta(days=1))
    assert now.place is None
