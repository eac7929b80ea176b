"""Why this grade? The working of a CTCAE grade, as the engine gives it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QFrame, QLabel, QWidget

from forms.grading.grade import term_label
from forms.grading.result import Grade
from forms.grading.signs import pretty
from forms.grading.terms import describe
from forms.grading.words import explain
from forms.texts import say
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, down
from ui.wording import official_wording

WIDTH = 640
"""Points of the dialog at least, where the screen has them."""


def _label(words: str, parent: QWidget, *, bold: bool = False) -> QLabel:
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    if bold:
        label.setStyleSheet("font-weight: 700")
    return label


def grade_words(grade: Grade, language: str) -> str:
    """``Grade 3``, ``no grade``, ``grade 1 or 2: a person decides``, ``not gradable``.

    Why there is none is told below: a value above its limits has none either where the baseline was no better.
    """
    if grade.grade:
        return say(language, "ui_form.working.grade", grade=grade.grade)
    if grade.grade == 0:
        return say(language, "ui_form.working.none")
    if grade.candidates:
        choices = say(language, "ui_form.working.or").join(str(c) for c in grade.candidates)
        return say(language, "ui_form.working.undecided", grades=choices)
    return say(language, "ui_form.working.not_gradable")


class WorkingDialog(Bounded):
    """One block for each CTCAE term the value can speak of."""

    def __init__(self, what: str, grades: Sequence[Grade], language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.language = language
        self.setWindowTitle(say(language, "ui_form.working.title"))
        blocks = down(_label(what, self, bold=True), spacing=14)
        for grade in sorted(grades, key=lambda g: (g.grade is None, -(g.grade or 0))):
            blocks.addWidget(self._block(grade, self))
        blocks.addStretch(1)
        buttons = QDialogButtonBox(self)
        buttons.addButton(say(language, "ui_form.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.hold(blocks, across(buttons), QSize(WIDTH, 0))

    def _block(self, grade: Grade, parent: QWidget) -> QWidget:
        block = QFrame(parent)
        block.setProperty("kind", "card")
        rows = QFormLayout(block)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        rows.setHorizontalSpacing(16)
        rows.setVerticalSpacing(6)
        name = term_label(grade.version, grade.term, self.language)
        rows.addRow(_label(f"{name} — {grade_words(grade, self.language)}", block, bold=True))
        rows.addRow(_label(explain(grade, self.language).text, block))
        for key, words in self._details(grade):
            rows.addRow(say(self.language, f"ui_form.working.{key}"), _label(words, block))
        return block

    def _details(self, grade: Grade) -> list[tuple[str, str]]:
        language = self.language
        details = [("version", f"CTCAE {grade.version} · {grade.code}")]
        told = describe(grade.version, grade.code, grade.grade or 0, language, official_wording(grade.version))
        if told is not None:
            details.append(("meaning", told.text))
        working = explain(grade, language)
        if working.bound:
            details.append(("bound", pretty(working.bound, language)))
        if working.reason:
            details.append(("reason", working.reason))
        details += [("asks", ask) for ask in working.asks]
        details += [("caveat", caveat) for caveat in working.caveats]
        return details
