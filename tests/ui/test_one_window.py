"""One window: no part of a page flashes up as a window of its own while the page is made, taking the cursor away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from forms.place import FormKey
from tests.ui.windows import FIRST, signed_in


class Watch(QObject):
    """Remembers what was shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_no_part_of_a_page_is_shown_as_a_window_while_the_page_is_made(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="pi")
    watch, application = Watch(), QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    try:
        for page in window.workspace.seen:
            window.workspace.go(page)
        window.workspace.open_subject(FIRST)
        window.workspace.open_form(FormKey(FIRST, "SCR", "1", "DM"))
        window.lock()
        QApplication.processEvents()
    finally:
        application.removeEventFilter(watch)
    assert watch.shown == []
    window.close()
