"""What people and studies write is shown as it stands, whatever it looks like, in the window and in print."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QLabel

from db.folder.keys import CHEAP
from db.people.accounts import add_account
from forms.place import FormKey, Place
from reports.data import queries_csv
from reports.pdf import audit, delegation, queries
from reports.pdf.casebook import report as casebook
from tests.ui.windows import FIRST, signed_in, wait_for_jobs
from ui.dialogs.reason import ReasonDialog
from ui.pages.reports import file_words
from ui.parts.plain import menu_words, plain_tip

HOSTILE = ("<img src=x>", "<b>bold</b>", "a &amp; b", "5 < 6 & 7 > 2", "</para><font size=40>")
EVERY = " ".join(HOSTILE)
PLACE = Place(FIRST, "SCR", "1", "VS", "1", "1", "EXAMTX")
LOG = FormKey(FIRST, "LOG", "1", "AE")


def drawn(tip: str) -> str:
    """What Qt draws of a tooltip."""
    if not Qt.mightBeRichText(tip):
        return tip
    made = QTextDocument()
    made.setHtml(tip)
    return made.toPlainText()


@pytest.mark.parametrize("text", [*HOSTILE, "two\nlines <b>", "two  blanks & more", "plain"])
def test_a_tip_draws_what_was_written(text):
    assert drawn(plain_tip(text)) == text


def test_a_button_keeps_its_ampersand():
    assert menu_words("Tom & Jerry") == "Tom && Jerry"


@pytest.fixture
def window(tmp_path, qtbot):
    """A site where a name, a value, a query, an answer and a row of a log look like markup."""
    made = signed_in(tmp_path, qtbot, role="pi")
    book = made.casebook
    add_account(book, "hu", "Hu <b>&amp;</b> Jing", "monitor", "nine old ducks swim", kdf=CHEAP, temporary=False)
    book.enter(PLACE, EVERY)
    row = book.new_row(LOG, "AE")
    book.enter(LOG.place("AETERM", row), EVERY)
    book.open_query(PLACE, EVERY)
    book.answer_query(book.queries(FIRST)[0].id, EVERY)
    yield made
    made.close()


def test_the_window_shows_them_as_they_stand(window, qtbot):
    space = window.workspace
    for page in ("today", "queries", "study", "administration"):
        space.go(page)
        wait_for_jobs(window, qtbot)
    for key in (PLACE.form_key, LOG):
        space.open_form(key)
        qtbot.wait(1)
    labels = window.findChildren(QLabel)
    assert len(labels) > 50
    for each in labels:
        assert each.textFormat() == Qt.TextFormat.PlainText or not Qt.mightBeRichText(each.text()), each.text()
    for each in window.findChildren(object):
        tip = each.toolTip() if hasattr(each, "toolTip") and callable(each.toolTip) else ""
        assert "<img" not in tip or EVERY in drawn(tip)
    page = space.made["queries"]
    assert EVERY in page.story.toPlainText()
    model = page.model
    told = [model.index(0, at).data(Qt.ItemDataRole.ToolTipRole) for at in range(model.columnCount())]
    assert EVERY in [drawn(tip) for tip in told]


def test_the_reason_for_a_change_is_asked_in_plain_text(window):
    dialog = ReasonDialog(HOSTILE[0], HOSTILE[1], HOSTILE[2], "en", window)
    for each in dialog.findChildren(QLabel):
        assert each.textFormat() == Qt.TextFormat.PlainText
    dialog.reject()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_print_has_them_as_they_stand(window, language):
    dataset = window.casebook.dataset()
    prints = {
        "casebook": casebook.render(dataset, FIRST, language),
        "audit": audit.render(dataset, language),
        "queries": queries.render(dataset, language),
    }
    for name, made in prints.items():
        words = re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))
        for text in HOSTILE:
            assert text.replace(" ", "") in words, (name, text)
    people = "".join(page.extract_text() for page in PdfReader(io.BytesIO(delegation.render(dataset, language))).pages)
    assert "<b>&amp;</b>" in re.sub(r"\s+", "", people)
    assert EVERY in queries_csv.render(dataset, language).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("AN-001", "AN-001"),
        ("../../etc/x", "_.._etc_x"),
        ("a\\b:c", "a_b_c"),
        ("患者01", "患者01"),
        ("x\x1b[2J", "x__2J"),
    ],
)
def test_a_subjects_number_leads_no_file_into_another_folder(subject, name):
    assert file_words(subject) == name


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"])
def test_no_cell_of_the_listing_of_queries_begins_a_formula(begin):
    assert queries_csv.safe(begin) == f"'{begin}"
    assert queries_csv.safe(f"a{begin}") == f"a{begin}"
