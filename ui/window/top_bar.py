"""Above everything: study, site, who, lock, language, appearance."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton

from db.casebook.casebook import Casebook
from forms.record.delegation import role_words
from forms.texts import said
from ui.actions import hint
from ui.icons import pixmap
from ui.parts.chips import Chip
from ui.parts.pieces import label, tint, tool
from ui.parts.plain import plain_tip
from ui.parts.switches import Switches
from ui.settings import TEXT_SIZES, Settings
from ui.words import Words

HEIGHT = 46
APART, CLOSE = 10, 5
"""Points between two things on the bar, and where the window is narrow."""
SQUEEZED = 1000
"""Width in points below which the bar says less."""

TIGHT = 720
"""Width in points below which the person stands as a sign alone, the name in its tip."""


class TopBar(QFrame):
    """One line; ``lock`` and ``sign_out`` are wishes, the window acts on them."""

    lock = Signal()
    sign_out = Signal()
    help = Signal()
    shortcuts = Signal()
    card = Signal()

    def __init__(self, casebook: Casebook, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        self.words = Words(settings, self)
        self.squeezed = self.tight = False
        self.setProperty("kind", "bar")
        self.setFixedHeight(HEIGHT)
        mark = QLabel()
        mark.setPixmap(pixmap("casebook", "#1f5fa8", 24, 2.0))
        self.study = label("heading")
        self.study.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.site = Chip()
        self.demonstration = Chip()
        self.who = tool(self.open_menu)
        self.who.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        tint(self.who, "user")
        self.lock_button = tool(self.lock.emit, "lock")
        self.help_button = tool(self.open_help, "help")
        self.switches = Switches(settings)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        self.row = row
        row.addWidget(mark)
        row.addWidget(self.study, 1)
        row.addWidget(self.demonstration)
        row.addWidget(self.site)
        row.addSpacing(4)
        row.addWidget(self.switches)
        row.addWidget(self.help_button)
        row.addWidget(self.who)
        row.addWidget(self.lock_button)
        self.words.follow(self._tell)

    def squeeze(self, width: int) -> None:
        """In a narrow window the study's name comes first: site and role stand in the tips."""
        before = (self.squeezed, self.tight)
        self.squeezed, self.tight = width < SQUEEZED, width < TIGHT
        if before != (self.squeezed, self.tight):
            self._tell()

    def open_menu(self) -> None:
        """What a person can do about being signed in."""
        menu = QMenu(self)
        for key, signal, action_id in (("lock", self.lock, "lock"), ("sign_out", self.sign_out, "sign_out")):
            action = menu.addAction(hint(self.settings.say(f"ui.action.{key}"), action_id))
            action.triggered.connect(lambda _checked=False, chosen=signal: chosen.emit())
        own = menu.addAction(self.settings.say("access.passphrase.title") + "…")
        own.triggered.connect(lambda _checked=False: self.change_passphrase())
        pin = menu.addAction(self._pin_words())
        pin.triggered.connect(lambda _checked=False: self.turn_pin())
        factor = menu.addAction(self._factor_words())
        factor.triggered.connect(lambda _checked=False: self.turn_factor())
        menu.addMenu(self.text_sizes(menu))
        menu.setActiveAction(menu.actions()[0])
        menu.popup(self.who.mapToGlobal(self.who.rect().bottomLeft()))

    def open_help(self) -> None:
        """The guide, the keys, the card of one page."""
        say, menu = self.settings.say, QMenu(self)
        for action_id, signal in (("help", self.help), ("shortcuts", self.shortcuts)):
            action = menu.addAction(hint(say(f"ui.action.{action_id}"), action_id))
            action.triggered.connect(lambda _checked=False, chosen=signal: chosen.emit())
        card = menu.addAction(say("guide.card.save"))
        card.triggered.connect(lambda _checked=False: self.card.emit())
        menu.setActiveAction(menu.actions()[0])
        menu.popup(self.help_button.mapToGlobal(self.help_button.rect().bottomLeft()))

    def text_sizes(self, parent: QMenu) -> QMenu:
        """How large everything is, from the next start on: as the computer was told, or a size of one's own."""
        say = self.settings.say
        menu = QMenu(say("program.text_size.title"), parent)
        for size in ("", *TEXT_SIZES):
            action = menu.addAction(f"{size} %" if size else say("program.text_size.system"))
            action.setCheckable(True)
            action.setChecked(size == self.settings.get("text_size"))
            action.triggered.connect(lambda _checked=False, chosen=size: self.settings.put("text_size", chosen))
        return menu

    def _pin_words(self) -> str:
        from db.people.pin import has_pin

        say = self.settings.say
        return say("ui.lock.end_pin") if has_pin(self.casebook) else say("access.pin.title") + "…"

    def turn_pin(self) -> None:
        """Everybody may set a PIN for this sitting and end it."""
        from db.people.pin import end_pin, has_pin
        from ui.dialogs.passphrase import ask_pin

        if has_pin(self.casebook):
            end_pin(self.casebook)
        else:
            ask_pin(self.casebook, self.settings, self.window()).open()

    def _factor_words(self) -> str:
        from db.opening.second_factor import is_on

        key = "access.keys.do.factor_off" if is_on(self.casebook) else "access.keys.do.factor"
        return f"{self.settings.say('access.keys.factor')}: {self.settings.say(key)}"

    def turn_factor(self) -> None:
        """Everybody may turn the own second factor on and off."""
        from db.opening.second_factor import is_on
        from ui.dialogs.second_factor import ask_factor, ask_factor_off

        ask = ask_factor_off if is_on(self.casebook) else ask_factor
        ask(self.casebook, self.settings, self.window()).open()

    def change_passphrase(self) -> None:
        """Everybody may change the own passphrase."""
        from ui.dialogs.passphrase import ask_passphrase

        ask_passphrase(self.casebook, self.settings, self.window()).open()

    def _tell(self) -> None:
        say, language, casebook = self.settings.say, self.settings.language, self.casebook
        study = casebook.study
        self.study.setText(said(study.short_title, language))
        self.row.setSpacing(CLOSE if self.squeezed else APART)
        site = say("ui.bar.site", site=casebook.site)
        self.study.setToolTip(plain_tip(f"{said(study.title, language)} · {site}"))
        self.site.show_state(site, "quiet")
        self.site.setHidden(self.squeezed)
        self.demonstration.setVisible(bool(casebook.set_clock))
        if casebook.set_clock:
            self.demonstration.show_state(say("ui.bar.demonstration"), "warn")
            self.demonstration.setToolTip(plain_tip(say("ui.bar.demonstration_why", day=casebook.set_clock)))
        role = role_words(study, casebook.role, language)
        who = f"{casebook.account.name} · {role}"
        self.who.setText("" if self.tight else casebook.account.name if self.squeezed else who)
        self.who.setToolTip(plain_tip(who))
        self.who.setAccessibleName(say("ui.bar.who", name=casebook.account.name, role=role))
        _name(self.lock_button, say("ui.action.lock"), "lock")
        _name(self.help_button, say("ui.action.help"), "help")


def _name(button: QToolButton, words: str, action_id: str) -> None:
    button.setToolTip(plain_tip(hint(words, action_id)))
    button.setAccessibleName(words)
