"""Start a study: definition, site, name, passphrase; then the recovery code, once."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from forms.errors import Refusal, Told
from forms.texts import said
from ui.dialogs.recovery_sheet import SheetPart
from ui.parts.bounded import Bounded
from ui.parts.drop_list import DropList
from ui.parts.pieces import across, button, down, held, label, set_kind, show_note
from ui.passphrases import LEAST, STRENGTHS, passphrase_strength
from ui.settings import Settings

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook
    from db.clock import Clock
    from forms.study.definition import Study

WIDTH = 600
"""Points of the dialog at least, where the screen has them."""
MOST_FAULTS = 8
"""Faults of a definition named here; `study check` names all."""

NO_NAME = re.compile(r"""[\x00-\x1f<>:"/\\|?*]""")
"""Signs that no file name has on Windows; a slash leads into another folder everywhere."""


def read_studies() -> dict[str, Study]:
    """The shipped definitions by id; one with faults is not offered (``study check`` tells them)."""
    from forms.authoring.load import StudyFaults, read_study, study_ids

    found: dict[str, Study] = {}
    for study_id in study_ids():
        with suppress(StudyFaults):
            found[study_id] = read_study(study_id)
    return found


class StartStudyDialog(Bounded):
    """Two steps in one dialog. ``casebook`` is open and signed in when it was accepted."""

    def __init__(self, settings: Settings, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self.settings, self.clock = settings, clock
        self.casebook: Casebook | None = None
        self.studies = read_studies()
        self.folder = Path.home()
        self.setWindowTitle(settings.say("ui.start.title"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self._make_form())
        self.hold(down(self.stack), self._make_buttons(), QSize(WIDTH, 0))
        self._show_roles()
        self._show_strength()

    def _make_form(self) -> QWidget:
        say = self.settings.say
        self.study, self.role = DropList(), DropList()
        for study_id, study in self.studies.items():
            self.study.addItem(said(study.short_title, self.settings.language), study_id)
        self.study.currentIndexChanged.connect(lambda _: self._show_roles())
        self.own = button(self._browse_definition)
        self.own.setText(say("access.start.own"))
        self.site, self.name, self.user, self.path = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.site.setMaxLength(20)
        self.passphrase, self.again = QLineEdit(), QLineEdit()
        for field in (self.passphrase, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.textChanged.connect(lambda _: self._show_strength())
        self.site.textChanged.connect(lambda _: self._show_path())
        self._make_folder_note()
        self.strength = QProgressBar()
        self.strength.setRange(0, 4)
        self.strength_words = label("small")
        self.trained = QCheckBox(say("access.field.trained"))
        self.note = label("trouble", wrap=True)
        self.note.hide()
        browse = button(self._browse)
        browse.setText(say("ui.start.browse"))
        form = self._make_rows(held(across(self.path, browse)))
        box = down(label("title", say("ui.start.title")), label("quiet", say("ui.start.text"), wrap=True), 6)
        box.addLayout(form)
        box.addWidget(self.trained)
        box.addWidget(self.where_note)
        box.addWidget(self.note)
        box.addStretch(1)
        return held(box)

    def _make_buttons(self) -> QHBoxLayout:
        """Of both steps; the second shows its own alone."""
        say = self.settings.say
        self.make, self.cancel = button(self.make_store, kind="primary"), button(self.reject)
        self.make.setText(say("ui.start.make"))
        self.make.setDefault(True)
        self.cancel.setText(say("ui.dialog.cancel"))
        self.go: QPushButton = button(self.accept, kind="primary")
        self.go.setText(say("ui.start.go"))
        self.go.setEnabled(False)
        self.go.hide()
        return across(None, self.cancel, self.make, self.go)

    def _make_rows(self, where: QWidget) -> QFormLayout:
        say = self.settings.say
        rows: tuple[tuple[str, QWidget, QWidget], ...] = (
            ("study", self.study, held(across(self.study, self.own))),
            ("site", self.site, self.site),
            ("name", self.name, self.name),
            ("role", self.role, self.role),
            ("user", self.user, self.user),
            ("passphrase", self.passphrase, self.passphrase),
            ("strength", self.strength, held(down(self.strength, self.strength_words, spacing=2))),
            ("again", self.again, self.again),
            ("path", self.path, where),
        )
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(9)
        for key, named, shown in rows:
            words = say(f"ui.start.{key}")
            named.setAccessibleName(words)
            form.addRow(label("quiet", words if key != "strength" else ""), shown)
        return form

    def make_store(self) -> None:
        """Make the store; what won't do is said here."""
        from db.opening.vault import create_store
        from db.people.accounts import note_training

        self.note.hide()
        try:
            if self.passphrase.text() != self.again.text():
                raise Refusal("ui.start.differ")
            if passphrase_strength(self.passphrase.text()) == 0:
                raise Refusal("ui.start.too_weak", least=LEAST)
            if not self.trained.isChecked():
                raise Refusal("db.training_missing")
            self.make.setEnabled(False)
            self.make.repaint()
            self.casebook = create_store(
                self.path.text().strip(), self.studies[self.study.currentData()], site=self.site.text().strip(),
                user=self.user.text().strip(), name=self.name.text().strip(), role=self.role.currentData(),
                passphrase=self.passphrase.text(), clock=self.clock,
            )  # fmt: skip
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            self.bring(self.note)
            return
        finally:
            self.make.setEnabled(True)
        note_training(self.casebook)
        self.show_recovery(self.casebook.recovery_code)

    def show_recovery(self, code: str) -> None:
        """The second step: the code that opens the store when the passphrase is lost."""
        self.stack.addWidget(self._make_recovery(code))
        self.stack.setCurrentIndex(1)
        self.stack.widget(0).setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # type: ignore[union-attr]
        for made in (self.make, self.cancel):
            made.hide()
        self.go.show()
        self.fit()

    def reject(self) -> None:
        """Once the store is made there is no way back, only on."""
        if self.casebook is None:
            super().reject()

    def _make_recovery(self, code: str) -> QWidget:
        say = self.settings.say
        assert self.casebook is not None
        self.sheet = SheetPart(self.casebook, code, self.settings)
        self.code, self.kept = self.sheet.code, self.sheet.kept
        self.kept.toggled.connect(self.go.setEnabled)
        box = down(
            label("title", say("ui.start.recovery")),
            label("", say("ui.start.recovery_text"), wrap=True),
            6,
            self.sheet,
            None,
        )
        return held(box)

    def _show_roles(self) -> None:
        study = self.studies[self.study.currentData()]
        self.role.clear()
        for role in study.roles:
            self.role.addItem(said(role.label, self.settings.language), role.id)
        self._show_path()

    def _show_path(self) -> None:
        site = NO_NAME.sub("-", self.site.text().strip())
        self.path.setText(str(self.folder / f"{self.study.currentData()}{'-' + site if site else ''}.casebook"))

    def _on_path_typed(self, text: str) -> None:
        self.folder = Path(text).parent

    def _show_strength(self) -> None:
        typed = self.passphrase.text()
        measure = passphrase_strength(typed)
        self.strength.setValue(measure + 1 if typed else 0)
        told = STRENGTHS[measure] if typed else "least"
        self.strength_words.setText(self.settings.say(f"ui.start.strength.{told}", least=LEAST))
        set_kind(self.strength_words, "bad" if typed and not measure else "small")

    def _browse_definition(self) -> None:
        words = self.settings.say("access.start.own_file")
        path, _ = QFileDialog.getOpenFileName(self, words, str(Path.home()), "YAML (*.yaml *.yml)")
        if path:
            self.add_definition(path)

    def add_definition(self, path: str) -> None:
        """Offer a definition of one's own; its faults, if any, are all named with their lines."""
        from forms.authoring.load import StudyFaults, check_study, read_study

        source = Path(path).parent if Path(path).name == "study.yaml" else Path(path)
        try:
            faults = check_study(source)
            if faults:
                raise StudyFaults(faults)
            study = read_study(source)
        except StudyFaults as error:
            told = error.in_language(self.settings.language).splitlines()
            show_note(self.note, "\n".join(told[: MOST_FAULTS + 1]))
            self.bring(self.note)
            return
        self.note.hide()
        self.studies[study.id] = study
        if self.study.findData(study.id) < 0:
            self.study.addItem(said(study.short_title, self.settings.language), study.id)
        self.study.setCurrentIndex(self.study.findData(study.id))
        self._show_roles()

    def _make_folder_note(self) -> None:
        self.where_note = label("notice", wrap=True)
        self.where_note.hide()
        self.path.textChanged.connect(lambda _: self._warn_of_folder())
        self.path.textEdited.connect(self._on_path_typed)

    def _warn_of_folder(self) -> None:
        from db.folder.whereabouts import check_folder

        path = self.path.text().strip()
        told = [said(text, self.settings.language) for text in check_folder(Path(path))] if path else []
        show_note(self.where_note, "\n".join(told), "notice")

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.settings.say("ui.start.path"), str(Path.home()))
        if folder:
            self.folder = Path(folder)
            self.path.setText(str(self.folder / Path(self.path.text()).name))
