"""The definition one works by: what it is, what still has to be confirmed, its visits and forms, the people."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QGridLayout, QTabWidget, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from forms.record.delegation import role_words
from forms.study.definition import Setting
from forms.texts import said, say
from ui.dialogs.setting import SettingDialog
from ui.hub import Hub
from ui.jobs import Jobs
from ui.models.plain import PlainModel
from ui.parts.chips import StateChips
from ui.parts.moments import local_time
from ui.parts.pieces import across, card, down, label
from ui.parts.tables import RowTable
from ui.settings import Settings
from ui.words import Words

TABS = ("settings", "visits", "forms", "people")
WIDTHS = {
    "settings": (130, 0, 140, 180),
    "visits": (110, 240, 240, 100, 110, 0),
    "forms": (90, 0, 110, 110, 110),
    "people": (130, 170, 200, 190, 0),
}


class StudyPage(QWidget):
    """A summary above, tables below; nothing is changed here."""

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        self.words = Words(settings, self)
        self.title = label("title", wrap=True)
        self.synopsis = label("quiet", wrap=True)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(28)
        self.facts.setVerticalSpacing(0)
        self.models: dict[str, PlainModel] = {}
        self.tables: dict[str, RowTable] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for tab in TABS:
            self.models[tab] = PlainModel(self, chips=(0,) if tab == "settings" else ())
            self.tables[tab] = RowTable(self.models[tab], WIDTHS[tab], 28)
            if tab == "settings":
                self.tables[tab].setItemDelegateForColumn(0, StateChips(self.tables[tab]))
            self.tabs.addTab(self.tables[tab], "")
        self.tables["settings"].opened.connect(self._open_setting)
        box = down(self.title, self.synopsis, 4, spacing=6)
        facts = across()
        facts.addLayout(self.facts)
        facts.addStretch(1)
        box.addLayout(facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(14)
        layout.addWidget(card(box, 18))
        layout.addWidget(self.tabs, 1)
        hub.changed.connect(lambda _: self._tell() if self.isVisible() else None)
        self.words.follow(self._tell)

    def show_page(self) -> None:
        """The page comes to the front."""
        self._tell()
        self.tabs.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        study, language = self.casebook.study, self.settings.language
        self.title.setText(said(study.title, language))
        self.synopsis.setText(said(study.synopsis, language))
        told = (
            ("registry", study.registry),
            ("version", study.version),
            ("definition", self.casebook.definition[:12]),
            ("ctcae", study.ctcae),
            ("site", self.casebook.site),
            ("subjects", str(self.casebook.count_subjects())),
        )
        for column, (key, value) in enumerate(told):
            self._put_fact(column, say(language, f"ui.study.{key}"), value)
        rows = {
            "settings": self._settings(),
            "visits": self._visits(),
            "forms": self._forms(),
            "people": self._people(),
        }
        open_settings = sum(1 for each in study.settings if not each.confirmed)
        for at, tab in enumerate(TABS):
            name = say(language, f"ui.study.tab.{tab}")
            shown = open_settings if tab == "settings" else len(rows[tab])
            self.tabs.setTabText(at, f"{name} ({shown})")
            self.tables[tab].setAccessibleName(name)
            heads = [say(language, f"ui.study.{tab}.{key}") for key in HEADS[tab]]
            self.models[tab].show_rows(heads, rows[tab], self._by_state() if tab == "settings" else ())

    def _put_fact(self, column: int, name: str, value: str) -> None:
        for row, (kind, text) in enumerate((("small", name), ("heading", value or "–"))):
            item = self.facts.itemAtPosition(row, column)
            if item is None:
                self.facts.addWidget(label(kind, text), row, column)
            else:
                item.widget().setText(text)  # type: ignore[union-attr]

    def _by_state(self) -> list[Setting]:
        """What is still to be confirmed first."""
        return sorted(self.casebook.study.settings, key=lambda setting: setting.confirmed)

    def _open_setting(self, index: QModelIndex) -> None:
        chosen = self.models["settings"].key(index.row())
        if isinstance(chosen, Setting):
            SettingDialog(self.casebook.study, chosen, self.settings, self).open()

    def _settings(self) -> list[Sequence[str]]:
        language = self.settings.language
        rows: list[Sequence[str]] = []
        for each in self._by_state():
            state = "confirmed" if each.confirmed else "unconfirmed"
            chip = f"{'good' if each.confirmed else 'warn'}|{say(language, f'ui.study.{state}')}"
            rows.append((chip, said(each.label, language), each.value, say(language, f"ui.study.source.{each.source}")))
        return rows

    def _visits(self) -> list[Sequence[str]]:
        study, language = self.casebook.study, self.settings.language
        rows: list[Sequence[str]] = []
        for event in study.events:
            window = f"-{event.before} / +{event.after}" if event.planned else ""
            kind = say(language, f"ui.study.event.{event.kind}", cycles=event.cycles)
            names = ", ".join(said(study.form_by_id[each.form].label, language) for each in event.forms)
            day = said(event.protocol_day, language) if event.protocol_day else ""
            rows.append((event.id, said(event.label, language), day, window, kind, names))
        return rows

    def _forms(self) -> list[Sequence[str]]:
        study, language = self.casebook.study, self.settings.language
        return [
            (
                form.id,
                said(form.label, language),
                str(len(form.items)),
                str(sum(1 for item in form.items.values() if item.grade)),
                str(sum(len(item.checks) for item in form.items.values()) + len(form.checks)),
            )
            for form in study.forms
        ]

    def _people(self) -> list[Sequence[str]]:
        language = self.settings.language
        return [
            (
                account.user,
                account.name,
                role_words(self.casebook.study, account.role, language),
                local_time(account.since),
                local_time(account.until) or say(language, "ui.study.still_here"),
            )
            for account in self.casebook.accounts.values()
        ]


HEADS = {
    "settings": ("state", "name", "value", "source"),
    "visits": ("id", "name", "day", "window", "kind", "forms"),
    "forms": ("id", "name", "items", "graded", "checks"),
    "people": ("user", "name", "role", "since", "until"),
}
