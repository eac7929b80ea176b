"""What was typed goes out and in again: the data file of a store, brought into a new one, gives the same data file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.casebook.casebook import Casebook
from db.incoming.data_file import import_csv
from forms.place import Place
from reports.data.data_file import render
from tests.db.stores import at, new_store

PLACES = (
    at("AN-001", "UNS", "UV", "UVNOTE"),
    at("AN-001", "UNS", "UV", "UVDAT"),
    at("AN-001", "LOG", "AE", "AETERM"),
    at("AN-001", "LOG", "AE", "AETERM", row="2"),
    at("AN-001", "SCR", "LB", "LBNAM"),
    at("AN-001", "SCR", "LB", "LBDAT"),
    at("AN-001", "SCR", "LB", "PLT"),
    at("AN-001", "SCR", "DM", "SEX"),
)
HOSTILE = (
    "\x00", "a\x00b", "\x1b[31m", "a\r\nb", "a\rb", "\r", "\n", "a\x85b", "a\u2028b", "\ufeffx", '"', '""', '"a',
    'a"b,c', ",", ";", "\t", " x ", "=1+1", "O'Neill", "🩸", "\u200fמרים", "\ud800", "\uffff", "\x7f", "𠮷",
    "e\u0301", "<0.5\x00", "ND",
)  # fmt: skip
TYPED = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), st.text(alphabet='",;\r\n\t\x00 aé', max_size=10))


def told(book: Casebook) -> bytes:
    return render(book.dataset())


def there_and_back(typed: dict[Place, str]) -> tuple[bytes, bytes]:
    """The data file of a store where this was typed, and that of a new store which took it in."""
    with tempfile.TemporaryDirectory() as folder:
        books = []
        for name in ("one", "two"):
            (Path(folder) / name).mkdir()
            books.append(new_store(Path(folder) / name))
        one, two = books
        one.add_subject("AN-001")
        for place, text in typed.items():
            one.enter(place, text)
        data = Path(folder) / "data.csv"
        data.write_bytes(told(one))
        result = import_csv(two, data, accept_unparsed=True)
        assert result.faults == ()
        pair = (told(one), told(two))
        one.close()
        two.close()
        return pair


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(PLACES), TYPED, max_size=len(PLACES)))
def test_whatever_was_typed_goes_out_and_in_again(typed: dict[Place, str]) -> None:
    before, after = there_and_back(typed)
    assert before == after


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_goes_out_and_in_again(text: str) -> None:
    before, after = there_and_back({PLACES[0]: text, PLACES[2]: f"x{text}x"})
    assert before == after


def test_control_characters_never_get_into_the_ledger(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    book.add_subject("AN-001")
    book.enter(PLACES[2], "fe\x00ver\x1b[0m\r\nand\tchills\ud800")
    book.enter(PLACES[2], "fever", why="slip\x07 of\x00 the pen\ud800")
    assert [(entry.value.text, entry.why) for entry in book.history(PLACES[2])] == [
        ("fever[0m\nand\tchills\ufffd", ""),
        ("fever", "slip of the pen\ufffd"),
    ]
    book.draft(PLACES[2], "half\x00 typed\ud800")
    assert [draft.text for draft in book.drafts()] == ["half typed\ufffd"]
    book.close()
