"""The window on a study that shares nothing with the shipped ones."""

from pathlib import Path

from PySide6.QtCore import Qt

from db.clock import set_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store
from forms.authoring.load import read_study
from forms.place import FormKey, Place
from tests.ui.windows import PHRASE, TODAY, new_window, press, type_text, wait_for_jobs

FOLDER = Path(__file__).parents[1] / "studies" / "fourth"
TUBES = FormKey("K-001", "ENTRY", "1", "TUBES")
ANSWERS = (
    ("MEETING", "CALLDAY", TODAY),
    ("WHO", "GENDER", "F"),
    ("TUBES", "DRAWN", TODAY),
    ("TUBES", "READBY", "CLINIC"),
)


def test_its_list_band_and_forms_are_shown_and_a_result_typed_is_graded(tmp_path, qtbot):
    book = create_store(
        tmp_path / "itp", read_study(FOLDER), site="K", user="kim", name="Kim Roe", role="everyone", passphrase=PHRASE,
        clock=set_clock(TODAY), kdf=CHEAP,
    )  # fmt: skip
    book.add_subject("K-001")
    for form, item, text in ANSWERS:
        book.enter(Place("K-001", "ENTRY", "1", form, "1", "1", item), text)
    window = new_window(tmp_path, qtbot)
    window.enter(book)
    wait_for_jobs(window, qtbot)
    window.workspace.go("subjects")
    model = window.workspace.made["subjects"].model
    assert [model.data(model.index(0, column)) for column in range(3)] == ["K-001", "Waiting", "Woman"]
    window.workspace.open_place(TUBES.place("THROMBO"))
    page = window.workspace.made["subject"]
    qtbot.waitUntil(lambda: page.form.here == ("THROMBO", "1"))
    type_text("20")
    press(Qt.Key.Key_Return)
    assert "Gender: Woman" in page.band.accessibleName()
    assert "Platelet count decreased" in page.band.worst["result"][2].accessibleName()
    window.close()
