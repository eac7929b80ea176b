"""People of the store: who has which role from when to when, and what an administrator does about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.clock import milliseconds
from db.folder.tries import minutes_locked
from db.ledger.roles import ACCOUNT_ACTS
from db.people.accounts import add_account, change_role, remove_account, reset_passphrase, unlock_account
from forms.errors import Refusal
from forms.record.delegation import Period, check_duties, read_periods, role_words
from forms.texts import said
from ui.dialogs.ask import AskDialog, role_field, secret_field
from ui.dialogs.passphrase import check_new
from ui.models.plain import PlainModel
from ui.parts.chips import StateChips
from ui.parts.moments import local_time
from ui.parts.pieces import across, button, label, show_note
from ui.parts.tables import RowTable
from ui.settings import Settings

HEADS = ("state", "name", "user", "role", "since", "until", "trained", "by")
WIDTHS = (110, 120, 104, 150, 176, 176, 176, 0)
KINDS = {"active": "good", "waiting": "info", "locked": "warn", "over": "warn", "past": "quiet"}


class PeoplePart(QWidget):
    """The list and its buttons. ``left`` says that somebody was taken away: a new key of the store is due."""

    left = Signal(str)
    list_wanted = Signal()

    def __init__(self, casebook: Casebook, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        self.note = label("notice", wrap=True)
        self.note.hide()
        self.model = PlainModel(self, chips=(0,))
        self.table = RowTable(self.model, WIDTHS, 28)
        self.table.setItemDelegateForColumn(0, StateChips(self.table))
        self.buttons: dict[str, QPushButton] = {}
        verbs: tuple[tuple[str, Callable[[], object]], ...] = (
            ("add", self.add),
            ("role", self.change),
            ("reset", self.reset),
            ("unlock", self.unlock),
            ("remove", self.remove),
            ("list", self.list_wanted.emit),
        )
        for name, verb in verbs:
            self.buttons[name] = button(verb, kind="primary" if name == "add" else "")
        row = across(*(self.buttons[name] for name in ("add", "role", "reset", "unlock", "remove")), None)
        row.addWidget(self.buttons["list"])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self.note)
        layout.addWidget(self.table, 1)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_buttons())

    # --- showing --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the people anew and say everything in the window's language."""
        say = self.settings.say
        periods = read_periods(self.casebook.acts(*ACCOUNT_ACTS))
        order = sorted(periods, key=lambda period: (bool(period.until), period.name.casefold()))
        chosen = self.chosen
        heads = [say(f"access.people.{head}") for head in HEADS]
        self.model.show_rows(heads, [self._row(period) for period in order], order)
        at = next((row for row, each in enumerate(order) if chosen and each.account == chosen.account), 0)
        self.table.setCurrentIndex(self.model.index(at, 0))
        found = check_duties(self.casebook.study, periods)
        show_note(self.note, "\n".join(said(text, self.settings.language) for text in found), "notice")
        self.table.setAccessibleName(say("access.tab.people"))
        for name, made in self.buttons.items():
            made.setText(say(f"access.people.do.{name}"))
        self._show_buttons()

    @property
    def chosen(self) -> Period | None:
        """The period the cursor stands on."""
        key = self.model.key(self.table.currentIndex().row())
        return key if isinstance(key, Period) else None

    def _row(self, period: Period) -> tuple[str, ...]:
        say, state = self.settings.say, self.state_of(period)
        until = local_time(period.until) if period.until else say("access.delegation.still")
        if period.last_day and not period.until:
            until = say("access.delegation.last_day", day=period.last_day)
        by = self.casebook.names().get(period.by, period.by)
        by = say("access.made_store") if period.by == period.account else by
        keeper = say("access.delegation.keeper") if period.keeper else ""
        return (
            f"{KINDS[state]}|{say(f'access.state.{state}')}",
            period.name,
            period.user,
            self._role(period.role),
            local_time(period.since),
            until,
            local_time(period.trained) if period.trained else keeper or say("access.delegation.not_yet"),
            f"{by}: {period.why}" if period.why else by,
        )

    def state_of(self, period: Period) -> str:
        """Active, waiting to be taken over, locked by failed tries, past its last day, or past."""
        if period.until:
            return "past"
        now = self.casebook.clock()
        if minutes_locked(self.casebook.path, period.user, milliseconds(now)):
            return "locked"
        if period.last_day and now.date().isoformat() > period.last_day:
            return "over"
        account = self.casebook.accounts.get(period.account)
        return "waiting" if account is not None and account.waiting else "active"

    def _role(self, role: str) -> str:
        return role_words(self.casebook.study, role, self.settings.language)

    def _roles(self) -> list[tuple[str, str]]:
        return [(said(role.label, self.settings.language), role.id) for role in self.casebook.study.roles]

    def _show_buttons(self) -> None:
        may = self.casebook.may("accounts")
        chosen = self.chosen
        here = chosen is not None and not chosen.until
        other = here and chosen is not None and chosen.account != self.casebook.account.id
        self.buttons["add"].setVisible(may)
        self.buttons["list"].setVisible(may)
        for name in ("role", "reset", "remove"):
            self.buttons[name].setVisible(may)
            self.buttons[name].setEnabled(other)
        locked = here and chosen is not None and self.state_of(chosen) == "locked"
        self.buttons["unlock"].setVisible(may)
        self.buttons["unlock"].setEnabled(locked)

    # --- doing ----------------------------------------------------------------------------------------------------

    def add(self) -> AskDialog:
        """A new person with a temporary first passphrase."""
        name, user, until, why = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        role, first, again = role_field(self._roles()), secret_field(), secret_field()
        until.setPlaceholderText(self.settings.say("access.field.last_day_hint"))

        def verb() -> None:
            phrase = check_new(first, again)
            add_account(self.casebook, user.text().strip(), name.text(), role.currentData(), phrase, why.text(),
                        last_day=until.text())  # fmt: skip

        fields = [("name", name), ("user", user), ("role", role), ("last_day", until), ("first", first),
                  ("again", again), ("note", why)]  # fmt: skip
        return self._open(AskDialog(self.settings, self, "add", fields, verb))

    def change(self) -> AskDialog | None:
        """Another role, or another last day."""
        period = self.chosen
        if period is None:
            return None
        role, until, why = role_field(self._roles(), period.role), QLineEdit(period.last_day), QLineEdit()
        until.setPlaceholderText(self.settings.say("access.field.last_day_hint"))

        def verb() -> object:
            return change_role(self.casebook, period.account, role.currentData(), why.text(), until.text())

        fields = [("role", role), ("last_day", until), ("why", why)]
        return self._open(AskDialog(self.settings, self, "role", fields, verb, name=period.name))

    def reset(self) -> AskDialog | None:
        """A temporary passphrase for somebody who forgot theirs."""
        period = self.chosen
        if period is None:
            return None
        first, again, why = secret_field(), secret_field(), QLineEdit()

        def verb() -> object:
            return reset_passphrase(self.casebook, period.account, check_new(first, again), _given(why))

        fields = [("first", first), ("again", again), ("why", why)]
        return self._open(AskDialog(self.settings, self, "reset", fields, verb, name=period.name))

    def unlock(self) -> AskDialog | None:
        """Let somebody try again."""
        period = self.chosen
        if period is None:
            return None
        why = QLineEdit()
        return self._open(
            AskDialog(
                self.settings,
                self,
                "unlock",
                [("why", why)],
                lambda: unlock_account(self.casebook, period.account, _given(why)),
                name=period.name,
            )
        )

    def remove(self) -> AskDialog | None:
        """Take somebody's access away; then a new key is offered."""
        period = self.chosen
        if period is None:
            return None
        why = QLineEdit()

        def verb() -> None:
            remove_account(self.casebook, period.account, _given(why))

        made = AskDialog(self.settings, self, "remove", [("why", why)], verb, name=period.name)
        made.accepted.connect(lambda: self.left.emit(period.name))
        return self._open(made)

    def _open(self, dialog: AskDialog) -> AskDialog:
        dialog.accepted.connect(self.refresh)
        dialog.open()
        return dialog


def _given(why: QLineEdit) -> str:
    if not why.text().strip():
        raise Refusal("db.why_missing")
    return why.text().strip()
