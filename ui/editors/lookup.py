"""A dictionary while typing: CTCAE terms, found by English, Chinese or pinyin initials."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QModelIndex, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget

from forms.study.definition import Item
from ui.editors.line import LineEditor


class TermSource(Protocol):
    """The dictionary behind a field: what it stores is a term's own name, what it shows is in the person's language."""

    def offered(self, typed: str) -> Sequence[tuple[str, str]]:
        """From what was typed to (text to store, text to show), best first."""

    def shown(self, stored: str) -> str:
        """How a stored text is shown; as it stands when it is no term."""

    def stored(self, shown: str) -> str:
        """The term that a text names in either language; the text itself when it names none."""


class TermEditor(LineEditor):
    """A line that offers terms. A text that names a term is the term; any other is kept as typed."""

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

    def text(self) -> str:
        """The term named, in the words that are stored."""
        return self.terms.stored(self.line.text())

    def show_text(self, text: str, hint: str = "") -> None:
        """Show a stored term in the language of the window."""
        super().show_text(self.terms.shown(text), hint)

    def _on_typed(self, typed: str) -> None:
        self.typed.emit(self.terms.stored(typed))

    def _offer(self, typed: str) -> None:
        if not typed.strip():
            self._close()
            return
        hits = self.terms.offered(typed)
        self.offered = {shown: stored for stored, shown in hits}
        self.model_.setStringList(list(self.offered))
        if self.offered:
            self.completer_.complete()
        else:
            self._close()

    def on_key(self, event: QKeyEvent) -> bool:
        """Enter takes the proposal that the arrows stand on, and moves on as in every field.

        A cursor left behind the term would put the next key there, and the term were none any more.
        """
        popup = self.completer_.popup()
        at = popup.currentIndex() if popup is not None and popup.isVisible() else QModelIndex()
        if at.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close()
            self._on_chosen(str(at.data()))
        return super().on_key(event)

    def _close(self) -> None:
        popup = self.completer_.popup()
        if popup is not None:
            popup.hide()

    def _on_chosen(self, shown: str) -> None:
        self.line.setText(shown)
        self.typed.emit(self.text())
