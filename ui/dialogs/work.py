"""Long work that has the store to itself: what is done, how far it is, and a way to give it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QProgressBar, QWidget

from ui.jobs import Job, Jobs
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, button, down, label
from ui.retire import retire
from ui.settings import Settings


class WorkDialog(Bounded):
    """Lies over the window while one job runs in a worker of its own; closes when the job has ended.

    Texts are ``access.<key>.title`` and ``access.work.<step>`` for the step that the work names.
    """

    must_finish = True
    """Nobody else can take the window over meanwhile."""

    def __init__(self, settings: Settings, parent: QWidget, key: str) -> None:
        super().__init__(parent)
        self.settings, self.topic = settings, key
        self.jobs = Jobs(None, self)
        self.job: Job | None = None
        title = settings.say(f"access.{key}.title")
        self.setWindowTitle(title)
        self.step = label("quiet", settings.say("access.work.begin"), wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(settings.say("ui.jobs.progress"))
        self.stop = button(self.reject)
        self.stop.setText(settings.say("ui.dialog.cancel"))
        layout = down(spacing=12)
        layout.addWidget(label("title", title))
        layout.addWidget(self.step)
        layout.addWidget(self.bar)
        self.hold(layout, across(None, self.stop), QSize(460, 0))

    def start(
        self,
        work: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
        cancelled: Callable[[], object],
    ) -> None:
        """Run ``work(None, *args, tick=tick)``; one of the callbacks follows once the dialog is gone."""
        self.open()
        job = self.jobs.run(
            work, *args, done=self._after(done), failed=self._after(failed), cancelled=self._after(cancelled)
        )
        job.progressed.connect(self._show)
        self.job = job

    def reject(self) -> None:
        """Ask the work to stop at its next step; the dialog stays until it has."""
        if self.job is not None:
            self.job.cancel()
            self.stop.setEnabled(False)
            self.step.setText(self.settings.say("access.work.stopping"))

    def _after(self, verb: Callable[..., object]) -> Callable[..., None]:
        def after(*told: Any) -> None:
            self.jobs.close()
            self.accept()
            retire(self)
            verb(*told)

        return after

    def _show(self, at: int, of: int, step: str) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(at)
        if step and self.stop.isEnabled():
            self.step.setText(self.settings.say(f"access.work.{step}"))
