"""A dictionary while typing: CTCAE terms, found by English, Chinese or pinyin initials."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QWidget

from forms.study import Item
from ui.editors.line import LineEditor

TermSource = Callable[[str], Sequence[tuple[str, str]]]
"""From what was typed to (text to store, text to show), best first."""


class TermEditor(LineEditor):
    """A line that offers terms. What is typed is kept as typed; choosing a proposal puts the term in."""

    def __init__(self, item: Item, language: str, parent: QWidget, terms: TermSource) -> None:
        super().__init__(item, language, parent)
        self.terms = terms
        self.offered: dict[str, str] = {}
        self.model_ = QStringListModel(self)
        self.completer_ = QCompleter(self.model_, self)
        self.completer_.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer_.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer_.setMaxVisibleItems(12)
        self.completer_.setWidget(self.line)
        self.completer_.activated[str].connect(self._on_chosen)  # type: ignore[index]
        self.line.textEdited.connect(self._offer)

    def _offer(self, typed: str) -> None:
        if not typed.strip():
            self._close()
            return
        hits = self.terms(typed)
        self.offered = {shown: stored for stored, shown in hits}
        self.model_.setStringList(list(self.offered))
        if self.offered:
            self.completer_.complete()
        else:
            self._close()

    def _close(self) -> None:
        popup = self.completer_.popup()
        if popup is not None:
            popup.hide()

    def _on_chosen(self, shown: str) -> None:
        self.line.setText(self.offered.get(shown, shown))
        self.typed.emit(self.line.text())
