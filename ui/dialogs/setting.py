"""One setting of the definition: what it is, what is in force, where that comes from, and what hangs on it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFormLayout, QWidget

from forms.study.definition import Setting, Study
from forms.study.uses import uses_of
from forms.texts import said
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, button, down, label
from ui.settings import Settings


class SettingDialog(Bounded):
    """Shown by Enter on a line of Study; nothing is changed here."""

    def __init__(self, study: Study, setting: Setting, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.settings = settings
        say = settings.say
        self.setWindowTitle(say("ui.setting.title"))
        layout = down(spacing=12)
        layout.addWidget(label("heading", said(setting.label, settings.language), wrap=True))
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(8)
        for name, words in self.lines(study, setting):
            form.addRow(label("quiet", say(f"ui.setting.{name}")), label("", words, wrap=True))
        layout.addLayout(form)
        close = button(self.accept, kind="primary")
        close.setText(say("access.close"))
        self.hold(layout, across(None, close), QSize(560, 0))

    def lines(self, study: Study, setting: Setting) -> list[tuple[str, str]]:
        """Names and values."""
        say, language = self.settings.say, self.settings.language
        state = "confirmed" if setting.confirmed else "unconfirmed"
        places = [
            f"{said(form.label, language)} · {said(item.label, language)}" if item else said(form.label, language)
            for form, item in uses_of(study, setting.id)
        ]
        return [
            ("value", setting.value),
            ("source", say(f"ui.study.source.{setting.source}")),
            ("state", say(f"ui.setting.{state}")),
            ("used", "\n".join(places) or say("ui.setting.unused")),
            ("id", setting.id),
        ]
