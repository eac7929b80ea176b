"""Long work in one thread, with progress and cancelling, while the window stays alive.

``work`` is a pure function: ``work(reader, *args, tick=tick)``. ``reader`` is a read-only casebook on its own
connection, opened in the thread at the first job that needs it, or None when no store is open. ``tick(at, of, text)``
reports progress and raises `Cancelled` when the person has had enough.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from forms.errors import Cancelled

Opener = Callable[[], Any]

TICK_SECONDS = 0.05
"""Progress is shown at most this often, so that a fast loop doesn't flood the window."""


class Job(QObject):
    """One piece of work from submit to end. Its signals come in the window's thread."""

    progressed = Signal(int, int, str)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, work: Callable[..., Any], args: tuple[Any, ...], title: str) -> None:
        super().__init__()
        self.work = work
        self.args = args
        self.title = title
        self.stopped = False

    def cancel(self) -> None:
        """Ask the work to stop at its next tick."""
        self.stopped = True


class _Desk(QObject):
    """Lives in the worker thread and does one job after another."""

    reported = Signal(object, str, object)

    def __init__(self, opener: Opener | None) -> None:
        super().__init__()
        self._opener = opener
        self._reader: Any = None

    @Slot(object)
    def take(self, job: Job) -> None:
        """Do a job; each ends with exactly one report: done, failed or cancelled."""
        last = 0.0

        def tick(at: int, of: int, text: str = "") -> None:
            nonlocal last
            if job.stopped:
                raise Cancelled
            now = monotonic()
            if now - last >= TICK_SECONDS or at == of:
                last = now
                self.reported.emit(job, "progressed", (at, of, text))

        try:
            if self._opener is not None and self._reader is None:
                self._reader = self._opener()
            tick(0, 0)
            self.reported.emit(job, "done", job.work(self._reader, *job.args, tick=tick))
        except Cancelled:
            self.reported.emit(job, "cancelled", None)
        except Exception as error:  # noqa: BLE001 - handed to the window's thread, which shows or raises it
            self.reported.emit(job, "failed", error)

    @Slot()
    def close(self) -> None:
        """Close the reader in the thread that opened it."""
        if self._reader is not None:
            with contextlib.suppress(Exception):
                self._reader.close()
            self._reader = None


class Jobs(QObject):
    """The worker thread of one open store (or of the door, without a store)."""

    started = Signal(object)
    _submit = Signal(object)
    _close = Signal()

    def __init__(self, opener: Opener | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._desk = _Desk(opener)
        self._desk.reported.connect(self._on_report)
        self._desk.moveToThread(self._thread)
        self._submit.connect(self._desk.take)
        self._close.connect(self._desk.close)
        self._running: list[Job] = []
        self._is_closed = False

    def run(
        self,
        work: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        title: str = "",
    ) -> Job:
        """Queue ``work``; the callbacks are called in the window's thread. After `close` nothing is begun any more."""
        job = Job(work, args, title)
        if self._is_closed:
            job.cancel()
            return job
        if done is not None:
            job.done.connect(done)
        job.failed.connect(failed if failed is not None else _raise)
        if cancelled is not None:
            job.cancelled.connect(cancelled)
        self._running.append(job)
        self.started.emit(job)
        if not self._thread.isRunning():
            self._thread.start()
        self._submit.emit(job)
        return job

    @property
    def busy(self) -> bool:
        """Something is queued or running."""
        return bool(self._running)

    @property
    def current(self) -> Job | None:
        """The job at work."""
        return self._running[0] if self._running else None

    def close(self) -> None:
        """Cancel what runs, close the reader, end the thread. What was under way is told to nobody any more."""
        self._is_closed = True
        for job in self._running:
            job.cancel()
        if self._thread.isRunning():
            self._close.emit()
            self._thread.quit()
            self._thread.wait()
        self._running.clear()

    @Slot(object, str, object)
    def _on_report(self, job: Job, what: str, payload: Any) -> None:
        if self._is_closed:  # a late result: who asked for it is gone
            return
        if what == "progressed":
            job.progressed.emit(*payload)
            return
        if job in self._running:
            self._running.remove(job)
        job.ended.emit()
        if what == "done":
            job.done.emit(payload)
        elif what == "failed":
            job.failed.emit(payload)
        else:
            job.cancelled.emit()


def _raise(error: Exception) -> None:
    raise error
