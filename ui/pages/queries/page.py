"""All queries: what was asked, where, by whom; answered and closed here, mended in the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from forms.errors import Told
from forms.record.dataset import Query
from forms.record.delegation import role_words
from forms.record.trail import question_words
from ui.hub import Hub
from ui.jobs import Jobs
from ui.models.plain import PlainModel
from ui.pages.queries.listing import ListingButton
from ui.parts.chips import StateChips
from ui.parts.empty import Empty
from ui.parts.moments import local_time
from ui.parts.pieces import across, button, card, down, label, show_note
from ui.parts.places import form_words, item_words, visit_words
from ui.parts.query_filter import QueryFilter, is_overdue
from ui.parts.tables import RowTable
from ui.parts.thread import ThreadView, thread_lines
from ui.settings import Settings
from ui.words import Words

STATE = {"open": "warn", "answered": "info", "closed": "quiet"}
HEADS = ("status", "subject", "visit", "field", "text", "since")
WIDTHS = (100, 90, 160, 180, 0, 176, 170)


class QueriesPage(QWidget):
    """List of queries; the chosen one stands below with its whole text."""

    open_place = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.hub, self.settings = casebook, hub, settings
        self.texts = Words(settings, self)
        self.title, self.count = label("title"), label("quiet")
        self.filter = QueryFilter(settings, casebook)
        self.filter.changed.connect(self.refresh)
        self.listing = ListingButton(casebook, jobs, settings, self)
        self.model = PlainModel(self, chips=(0,))
        self.table = RowTable(self.model, WIDTHS)
        self.table.setItemDelegateForColumn(0, StateChips(self.table))
        self.empty = Empty("queries")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.text, self.where, self.note = label(wrap=True), label("small", wrap=True), label("trouble", wrap=True)
        self.note.hide()
        self.told = label("notice", wrap=True)
        self.told.hide()
        self.story = ThreadView()
        self._make_reply()
        self.listing.told.connect(lambda words, kind: show_note(self.told, words, kind))
        box = down(self.text, self.where, self.story, self.note, spacing=6)
        box.addLayout(across(self.reply, self.answer, self.close_query, self.reopen, self.go))
        self.card = card(box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        head = across(self.title, self.count, self.filter, self.listing.button, spacing=12)
        head.setStretch(2, 1)
        layout.addLayout(head)
        layout.addWidget(self.told)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.card)
        self.table.opened.connect(lambda _: self._go())
        self.table.selectionModel().currentChanged.connect(self._on_moved)
        hub.changed.connect(lambda _: self.refresh() if self.isVisible() else None)
        self.texts.follow(self._tell)

    def _make_reply(self) -> None:
        self.reply = QLineEdit()
        self.replies: dict[str, str] = {}
        self.reply.textChanged.connect(self._on_typed)
        self.reply.returnPressed.connect(self._send)
        self.go = button(self._go, icon_name="subjects")
        self.answer = button(lambda: self._act(self.casebook.answer_query), kind="primary")
        self.close_query = button(lambda: self._act(self.casebook.close_query))
        self.reopen = button(lambda: self._act(self.casebook.reopen_query))

    def show_page(self) -> None:
        """The page comes to the front."""
        self.refresh()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.select_first()

    def refresh(self) -> None:
        """Read the queries and stay on the one that was chosen."""
        chosen = self.chosen
        every = self.casebook.queries()
        today = self.casebook.clock.today()
        rows = {query.id: self._row(query) for query in every}
        shown = [query for query in every if self.filter.takes(query, " ".join(rows[query.id]), today)]
        say = self.settings.say
        heads = [say(f"ui.queries.column.{name}") for name in HEADS]
        heads.append(say("access.listing.due"))
        self.model.show_rows(heads, [rows[query.id] for query in shown], shown)
        still = [query for query in every if query.is_open]
        answered = sum(1 for query in still if query.status == "answered")
        self.count.setText(say("ui.queries.count", count=len(still), answered=answered))
        self.stack.setCurrentWidget(self.table if shown else self.empty)
        row = next((at for at, query in enumerate(shown) if chosen and query.id == chosen.id), 0)
        if shown:
            self.table.setCurrentIndex(self.model.index(row, 0))
        self._show_chosen()

    @property
    def chosen(self) -> Query | None:
        """The query the cursor stands on."""
        key = self.model.key(self.table.currentIndex().row())
        return key if isinstance(key, Query) else None

    def _row(self, query: Query) -> tuple[str, ...]:
        study, language = self.casebook.study, self.settings.language
        overdue = is_overdue(query, self.casebook.clock.today())
        field = f"{form_words(study, query.place, language)} · {item_words(study, query.place, language)}"
        return (
            f"{STATE.get(query.status, 'quiet')}|{self.settings.say(f'ui.query_status.{query.status}')}",
            query.place.subject,
            visit_words(study, query.place, language),
            field,
            self._text(query),
            local_time(query.opened_at),
            f"{query.due} · {self.settings.say('access.listing.overdue')}" if overdue else query.due,
        )

    def _text(self, query: Query) -> str:
        return question_words(query, self.settings.language)

    def _on_typed(self, text: str) -> None:
        """What is half typed stays with its query while one looks at another."""
        if self.chosen is not None:
            self.replies[self.chosen.id] = text

    def _on_moved(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.note.hide()
        self._show_chosen()

    def _show_chosen(self) -> None:
        query = self.chosen
        self.card.setVisible(query is not None)
        if query is None:
            return
        if self.reply.text() != self.replies.get(query.id, ""):
            self.reply.setText(self.replies.get(query.id, ""))
        study, language, say = self.casebook.study, self.settings.language, self.settings.say
        who = say("ui.queries.rule") if query.rule else self.casebook.names().get(query.opened_by, query.opened_by)
        self.text.setText(self._text(query))
        parts = [query.place.subject, visit_words(study, query.place, language)]
        parts += [form_words(study, query.place, language), item_words(study, query.place, language)]
        asked = [who, local_time(query.opened_at)]
        if query.to:
            asked.append(say("access.listing.to", role=role_words(study, query.to, language)))
        self.where.setText(f"{' · '.join(part for part in parts if part)} — {', '.join(asked)}")
        self.story.show_lines(thread_lines(self.casebook, query, language))
        self.answer.setVisible(query.status == "open" and self.casebook.may("query.answer"))
        self.close_query.setVisible(query.is_open and self.casebook.may("query.close"))
        self.reopen.setVisible(query.status in ("answered", "closed") and self.casebook.may("query.open"))
        acts = (self.answer, self.close_query, self.reopen)
        self.reply.setVisible(any(each.isVisibleTo(self.card) for each in acts))

    def _act(self, verb: Callable[[str, str], Any]) -> None:
        query = self.chosen
        if query is None:
            return
        try:
            changes = verb(query.id, self.reply.text())
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            self.reply.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.replies.pop(query.id, None)
        self.reply.clear()
        self.note.hide()
        self.hub.changed.emit(changes)
        self.refresh()

    def _send(self) -> None:
        """Enter sends an answer; where words may close or open again it goes to the buttons: which is for a person."""
        acts = [each for each in (self.answer, self.close_query, self.reopen) if each.isVisibleTo(self.card)]
        if acts and (acts[0] is self.answer or len(acts) == 1):
            acts[0].click()
        elif acts:
            acts[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _go(self) -> None:
        query = self.chosen
        if query is not None:
            self.open_place.emit(query.place)

    def _tell(self) -> None:
        say = self.settings.say
        self.title.setText(say("ui.queries.title"))
        self.filter.tell()
        self.listing.tell()
        self.reopen.setText(say("access.listing.reopen"))
        self.table.setAccessibleName(say("ui.queries.title"))
        self.story.setAccessibleName(say("ui.queries.thread"))
        self.reply.setPlaceholderText(say("ui.queries.reply"))
        self.reply.setAccessibleName(say("ui.queries.reply"))
        self.answer.setText(say("ui.queries.answer"))
        self.close_query.setText(say("ui.queries.close"))
        self.go.setText(say("ui.queries.go"))
        self.empty.show_title(say("ui.queries.none"))
        self.empty.text.setText(say("ui.queries.none_text"))
        self.refresh()
