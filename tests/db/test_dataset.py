"""The picture for reports: of one instant, the same again later, whatever was entered since."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.casebook.casebook import Casebook
from db.clock import clock_of
from forms.errors import Cancelled, Refusal
from forms.record.dataset import Dataset
from forms.value import Value
from tests.db.stores import START, at, fill_screening, hands, key, new_store, reopened

PLT = at("AN-001", "SCR", "LB", "PLT")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    casebook = new_store(tmp_path)
    fill_screening(casebook)
    yield casebook
    casebook.close()


def told(dataset: Dataset) -> dict[str, Any]:
    """Everything a report could print of a dataset."""
    return {
        "head": (dataset.definition, dataset.site, dataset.position, dataset.as_of, dataset.tip, dataset.today),
        "names": dict(dataset.names),
        "subjects": [
            (
                each.subject.id,
                {str(place): asdict(value) for place, value in each.subject.values.items()},
                {str(key.place("")): state for key, state in each.states.items()},
                [asdict(entry) for entry in each.entries],
                {str(place): (record.entry.address, record.changes) for place, record in each.records.items()},
                each.queries,
                {fact.id: str(each.subject.fact(fact.id)) for fact in dataset.study.facts},
            )
            for each in dataset.subjects
        ],
    }


def test_the_same_position_gives_the_same_picture_after_more_was_entered(book: Casebook, tmp_path: Path) -> None:
    book.enter(at("AN-001", "SCR", "VS", "TEMP"), "41.5")
    book.complete(key("AN-001", "SCR", "VS"))
    position = book.position()
    before = told(book.dataset(as_of=str(position)))
    latest = told(book.dataset())
    assert before == latest
    book.enter(at("AN-001", "SCR", "VS", "TEMP"), "37", why="misread")
    book.reopen(key("AN-001", "SCR", "VS"), "look again")
    book.enter(PLT, "40")
    book.add_subject()
    book.close()
    later = reopened(tmp_path, clock_of(hands(START + timedelta(days=90))))
    assert told(later.dataset(as_of=str(position))) == before
    assert told(later.dataset()) != before
    later.close()


def test_a_time_means_the_last_position_by_then_and_a_date_its_end_where_the_store_is(tmp_path: Path) -> None:
    turned = hands()
    book = new_store(tmp_path, clock_of(turned))
    fill_screening(book)
    turned.move_to(START + timedelta(hours=2))
    book.enter(PLT, "40")
    noon = book.position()
    turned.move_to(START + timedelta(hours=20))
    book.enter(PLT, "50")
    night = book.position()
    assert book.dataset(as_of="2025-03-01T12:00").position == noon
    assert book.dataset(as_of="2025-03-01T04:00Z").position == noon
    assert book.dataset(as_of="2025-03-01T12:00+08:00").position == noon
    assert book.dataset(as_of="2025-03-01").position == noon
    assert book.dataset(as_of="2025-03-02").position == night
    assert book.dataset(as_of="2025-03-01").subjects[0].subject.values[PLT] == Value("40", "40", "10^9/L")
    book.close()


@pytest.mark.parametrize(
    ("as_of", "told_key"),
    [
        ("0", "db.position_unknown"),
        ("1", "db.as_of_too_early"),
        ("999999", "db.position_unknown"),
        ("yesterday", "db.time_misread"),
        ("2001-01-01", "db.time_before_store"),
    ],
)
def test_an_instant_that_never_was_is_refused(book: Casebook, as_of: str, told_key: str) -> None:
    with pytest.raises(Refusal) as told_:
        book.dataset(as_of=as_of)
    assert told_.value.key == told_key


def test_before_a_subject_was_added_it_is_not_there(book: Casebook) -> None:
    position = book.position()
    book.add_subject("AN-002")
    assert [each.subject.id for each in book.dataset(as_of=str(position)).subjects] == ["AN-001"]
    with pytest.raises(Refusal):
        book.dataset(as_of=str(position), subject="AN-002")
    assert [each.subject.id for each in book.dataset(subject="AN-002").subjects] == ["AN-002"]


def test_today_is_the_day_of_the_last_entry_unless_said_otherwise(book: Casebook) -> None:
    assert book.dataset().today == date(2025, 3, 1)
    other = book.dataset(today=date(2025, 6, 1), cut_off=date(2025, 5, 1))
    assert (other.today, other.cut_off) == (date(2025, 6, 1), date(2025, 5, 1))
    assert other.subjects[0].subject.today == date(2025, 6, 1)


def test_the_picture_says_where_each_value_came_from(book: Casebook) -> None:
    book.enter(PLT, "40")
    data = book.dataset().subjects[0]
    record = data.records[PLT]
    assert (record.entry.value.value, record.changes) == ("40", 1)
    assert len(data.records) == len(data.subject.values)
    assert set(data.records) == set(data.subject.values)
    assert [entry.act for entry in data.entries][:2] == ["subject_added", "value"]
    assert data.entries[-1].address == data.records[PLT.grade_place].entry.address
    assert [entry.seq for entry in data.entries[1:3]] == [data.entries[1].seq, data.entries[2].seq]


def test_values_stand_in_order_of_first_arrival(book: Casebook) -> None:
    book.enter(at("AN-001", "SCR", "SV", "SVDAT"), "2025-02-02")
    data = book.dataset().subjects[0]
    assert list(data.subject.values) == list(book.subject("AN-001").values)
    assert next(iter(data.subject.values)) == at("AN-001", "SCR", "SV", "SVDAT")


def test_the_trail_can_be_left_out(book: Casebook) -> None:
    data = book.dataset(trail=False).subjects[0]
    assert len(data.entries) == 0
    assert data.records[PLT].entry.value.value == "80"


def test_a_report_of_a_job_sees_one_instant_while_the_nurse_goes_on(book: Casebook) -> None:
    found: list[Dataset] = []
    job = threading.Thread(target=lambda: found.append(book.dataset()))
    position = book.position()
    job.start()
    job.join()
    book.enter(PLT, "40")
    assert found[0].position == position
    assert found[0].tip != book.tip()


def test_reading_tells_its_progress_and_can_be_cancelled(book: Casebook) -> None:
    def tick(done: int, of: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        book.dataset(tick=tick)
    assert book.dataset().subjects


def test_an_empty_store_has_an_empty_picture(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    dataset = book.dataset()
    assert dataset.subjects == ()
    assert (dataset.site, dataset.app) == ("AN", "0.1.0")
    assert dataset.names == {book.account.id: "Ann Wu"}
    book.close()
