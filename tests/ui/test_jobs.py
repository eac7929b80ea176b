"""Long work: in one thread, cancellable, its ends told in the window's thread."""

from __future__ import annotations

from threading import get_ident

import pytest

from forms.errors import Refusal
from tests.ui.windows import new_site
from ui.jobs import Jobs
from ui.stores import open_reader


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


def test_the_end_is_told_in_the_windows_thread_and_the_work_done_in_another(jobs, qtbot):
    told = []
    jobs.run(lambda reader, *, tick: get_ident(), done=lambda thread: told.append((thread, get_ident())))
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0] != get_ident()
    assert told[0][1] == get_ident()
    assert not jobs.busy


def test_progress_is_told(jobs, qtbot):
    seen = []

    def work(reader, *, tick):
        tick(3, 3, "last")
        return "over"

    job = jobs.run(work, done=seen.append)
    job.progressed.connect(lambda *told: seen.append(told))
    qtbot.waitUntil(lambda: "over" in seen)
    assert (3, 3, "last") in seen


def test_a_cancelled_job_ends_at_its_next_tick_and_is_not_done(jobs, qtbot):
    told = []

    def work(reader, *, tick):
        while True:
            tick(0, 1)

    job = jobs.run(work, done=lambda _: told.append("done"), cancelled=lambda: told.append("cancelled"))
    job.cancel()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["cancelled"]


def test_a_failure_reaches_the_one_who_asked(jobs, qtbot):
    told = []

    def work(reader, *, tick):
        raise Refusal("ui.sign_in.both_needed")

    jobs.run(work, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], Refusal)


def test_jobs_are_done_one_after_another(jobs, qtbot):
    told = []
    for number in range(5):
        jobs.run(lambda reader, at, *, tick: at, number, done=told.append)
    qtbot.waitUntil(lambda: len(told) == 5)
    assert told == [0, 1, 2, 3, 4]


def test_the_worker_reads_what_was_written_last_through_a_connection_of_its_own(tmp_path, qtbot):
    book = new_site(tmp_path)
    jobs = Jobs(lambda: open_reader(book))
    told = []

    def count(reader, *, tick):
        assert reader.read_only
        assert reader is not book
        return reader.count_subjects()

    jobs.run(count, done=told.append)
    qtbot.waitUntil(lambda: len(told) == 1)
    book.add_subject("S01-009")
    jobs.run(count, done=told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [1, 2]
    jobs.close()
    book.close()


def test_a_job_asked_for_after_closing_is_not_begun(qtbot):
    jobs = Jobs()
    jobs.close()
    begun = []
    job = jobs.run(lambda _reader, *, tick: begun.append(tick))
    qtbot.wait(50)
    assert (begun, job.stopped, jobs.busy) == ([], True, False)
