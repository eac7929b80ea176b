"""Data files as spreadsheets, pandas and R make them: each is read right, or refused with line and remedy."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.incoming.data_file import ImportResult, import_csv
from forms.errors import NeedsReason, Refusal
from forms.record.data_file import COLUMNS
from forms.value import Value
from reports.data.data_file import render
from tests.db.stores import at, new_store, site_study

HEAD = ",".join(COLUMNS)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    casebook = new_store(tmp_path)
    yield casebook
    casebook.close()


@pytest.fixture
def free(tmp_path: Path) -> Iterator[Casebook]:
    """A store of a study that takes any id."""
    casebook = new_store(tmp_path, study=replace(site_study(), subject_id_pattern=".+"))
    yield casebook
    casebook.close()


def bring_bytes(book: Casebook, content: bytes, **options: object) -> ImportResult:
    path = book.path.parent / "data.csv"
    path.write_bytes(content)
    return import_csv(book, path, **options)  # type: ignore[arg-type]


def bring(book: Casebook, *lines: str, **options: object) -> ImportResult:
    return bring_bytes(book, "\n".join([HEAD, *lines, ""]).encode(), **options)


def lab(item: str, value: str, unit: str = "", missing: str = "", subject: str = "AN-001") -> str:
    return f"{subject},SCR,,LB,,,{item},{value},{unit},{missing}"


def event(row: str, item: str, value: str, event_no: str = "", form_no: str = "") -> str:
    return f"AN-001,LOG,{event_no},AE,{form_no},{row},{item},{value},,"


def texts(result: ImportResult) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.text["en"]) for fault in result.faults]


def said(result: ImportResult) -> list[tuple[int, str, str]]:
    return [(each.line, each.finding.place.item, each.finding.rule) for each in result.findings]


def value(book: Casebook, item: str, form: str = "LB", event: str = "SCR", row: str = "1") -> Value:
    return book.subject("AN-001").values[at("AN-001", event, form, item, row=row)]


# --- what a number, a date, a word means ------------------------------------------------------------------------------


def test_a_raised_or_circled_digit_stays_as_typed_with_its_line(book: Casebook) -> None:
    lines = (lab("HGB", "91¹"), lab("PLT", "10⁹"), lab("ALT", "8⑤"))
    assert [(line, column) for line, column, _ in texts(bring(book, *lines))] == [(at, "value") for at in (2, 3, 4)]
    result = bring(book, *lines, accept_unparsed=True)
    assert {(2, "HGB", "import.unread"), (3, "PLT", "import.unread"), (4, "ALT", "import.unread")} <= set(said(result))
    assert [value(book, item).value for item in ("HGB", "PLT", "ALT")] == ["", "", ""]
    assert value(book, "PLT").text == "10⁹"


def test_a_full_width_number_is_read(book: Casebook) -> None:
    bring(book, lab("HGB", "９１．５"))
    assert value(book, "HGB").value == "91.5"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11/3/1961", "Write 1961-03-11 or 1961-11-03"),
        ("25.10.2024", "write 2024-10-25"),
        ("2024/10/25", "write 2024-10-25"),
        ("45590", "write 2024-10-25"),
        ("2024-10-25 00:00:00", "write 2024-10-25."),
        ("3/11", "year-month-day"),
        ("Mar-05", "year-month-day"),
        ("today", "year-month-day"),
        ("2024-10", "the day is missing"),
        ("2024-02-30", "no such day"),
    ],
)
def test_a_date_in_another_form_is_kept_as_typed_and_the_finding_says_how_to_write_it(
    book: Casebook, text: str, words: str
) -> None:
    refused = bring(book, lab("LBDAT", text))
    assert [(line, column) for line, column, _ in texts(refused)] == [(2, "value")]
    assert words in refused.faults[0].text["en"]
    result = bring(book, lab("LBDAT", text), accept_unparsed=True)
    assert said(result) == [(2, "LBDAT", "import.unread")]
    assert words in result.findings[0].finding.text["en"]
    assert value(book, "LBDAT") == Value(text)


def test_a_partial_iso_date_is_read_where_the_study_takes_one(book: Casebook) -> None:
    bring(book, "AN-001,SCR,,DM,,,BRTHDAT,1961-03,,")
    assert value(book, "BRTHDAT", "DM").value == "1961-03"


def test_only_the_column_missing_makes_a_missing_code(book: Casebook) -> None:
    lines = (
        lab("PLT", "NA"), lab("LBDAT", "NA"), "AN-001,SCR,,DM,,,SEX,NA,,", lab("HGB", "", "", "NA"), lab("ALT", "#N/A"),
    )  # fmt: skip
    result = bring(book, *lines, accept_unparsed=True)
    assert said(result) == [
        (at, item, "import.unread") for at, item in ((2, "PLT"), (3, "LBDAT"), (4, "SEX"), (6, "ALT"))
    ]
    assert "column missing" in result.findings[0].finding.text["en"]
    assert value(book, "PLT") == Value("NA", "", "10^9/L")
    assert value(book, "HGB").missing == "NA"


def test_a_word_for_missing_in_a_text_is_told(book: Casebook) -> None:
    result = bring(book, event("1", "AETERM", "NA"), event("2", "AETERM", "#VALUE!"), event("3", "AETERM", "nausea"))
    assert [told for told in said(result) if told[2] == "import.like_missing"] == [
        (2, "AETERM", "import.like_missing"), (3, "AETERM", "import.like_missing"),
    ]  # fmt: skip
    assert value(book, "AETERM", "AE", "LOG") == Value("NA", "NA")


def test_a_number_that_a_spreadsheet_shortened_is_told(book: Casebook) -> None:
    result = bring(book, event("1", "AETERM", "1.23E+06"), lab("PLT", "1.2E+02"), lab("HGB", "95"))
    assert {told for told in said(result) if told[2] == "import.power"} == {
        (2, "AETERM", "import.power"), (3, "PLT", "import.power"),
    }  # fmt: skip
    assert value(book, "PLT").value == "120"


@pytest.mark.parametrize(("unit", "kept"), [("/mm3", "/mm3"), ("cells/uL", "/mm3"), ("10^3/uL", "10^9/L")])
def test_counts_come_in_by_the_unit_their_laboratory_writes(book: Casebook, unit: str, kept: str) -> None:
    result = bring(book, lab("PLT", "80000" if kept == "/mm3" else "80", unit))
    assert (result.faults, result.findings) == ((), ())
    assert value(book, "PLT").unit == kept
    assert book.subject("AN-001").evaluate("SCR.LB.PLT = 80") is True


# --- rows, cells ------------------------------------------------------------------------------------------------------


def test_numbers_of_rows_and_visits_are_the_same_however_a_program_writes_them(book: Casebook) -> None:
    result = bring(book, event("", "AETERM", "nausea", "1.0"), event("1.0", "AESTDAT", "2025-02-01", "01", "1"),
                   event("02", "AETERM", "rash"), "AN-001,C_D1,2.0,LB,1.0,,PLT,80,,")  # fmt: skip
    assert result.faults == ()
    places = set(book.subject("AN-001").values)
    assert {(place.event_no, place.form_no, place.row) for place in places if place.form == "AE"} == {
        ("1", "1", "1"), ("1", "1", "2"),
    }  # fmt: skip
    assert {place.event_no for place in places if place.form == "LB"} == {"2"}


def test_one_row_written_in_three_ways_is_one_place_named_three_times(book: Casebook) -> None:
    result = bring(book, *(event(row, "AETERM", "nausea") for row in ("1", "1.0", "01")))
    assert [(line, column) for line, column, _ in texts(result)] == [(3, "item"), (4, "item")]
    assert "line 2" in result.faults[0].text["en"]


@pytest.mark.parametrize("row", ["1.5", "0", "-1", "1e3", "NA", "nan", "1,5", "①"])
def test_what_is_no_number_of_a_row_is_refused(book: Casebook, row: str) -> None:
    cell = f'"{row}"'
    told = texts(bring(book, event(cell, "AETERM", "nausea"), event("1", "AETERM", "x", event_no=cell),
                       event("1", "AETERM", "x", form_no=cell)))  # fmt: skip
    assert [(line, column) for line, column, _ in told] == [(2, "row"), (3, "event_no"), (4, "form_no")]
    assert "whole number from 1 on" in told[0][2]


def test_a_number_that_the_program_made_stays(book: Casebook) -> None:
    assert bring(book, event("kxqa-3", "AETERM", "nausea")).entered == 1


def test_an_empty_cell_leaves_the_value(book: Casebook) -> None:
    bring(book, lab("PLT", "80"), lab("HGB", "95"))
    result = bring(book, lab("PLT", ""), lab("HGB", "   "), lab("ALT", ""))
    assert (result.entered, result.left, result.findings) == (0, 2, ())
    assert (value(book, "PLT").value, value(book, "HGB").value) == ("80", "95")


def test_clearing_is_asked_for_and_needs_its_reason(book: Casebook) -> None:
    bring(book, lab("PLT", "80"), lab("HGB", "95"))
    with pytest.raises(NeedsReason) as told:
        bring(book, lab("PLT", ""), clear=True)
    assert "--reason" in str(told.value)
    assert value(book, "PLT").value == "80"
    result = bring(book, lab("PLT", ""), lab("ALT", ""), clear=True, reason="Sample of another patient")
    assert (result.entered, result.left) == (1, 0)
    assert value(book, "PLT").blank
    assert book.history(at("AN-001", "SCR", "LB", "PLT"))[-1].why == "Sample of another patient"


def test_a_computed_value_that_is_written_otherwise_or_left_empty_is_no_difference(book: Casebook) -> None:
    size = ("AN-001,SCR,,VS,,,HEIGHT,180,,", "AN-001,SCR,,VS,,,WEIGHT,80,,")
    assert bring(book, *size, "AN-001,SCR,,VS,,,BSA,2.0,m2,", "AN-001,SCR,,VS,,,WTCHANGE,,,").findings == ()
    assert said(bring(book, "AN-001,SCR,,VS,,,BSA,2.1,m2,")) == [(2, "BSA", "import.derived")]


# --- subjects ---------------------------------------------------------------------------------------------------------


def test_new_subjects_are_listed_by_the_dry_and_the_real_run(book: Casebook) -> None:
    lines = (lab("PLT", "80"), lab("PLT", "70", subject="AN-002"))
    assert bring(book, *lines, dry_run=True).new_subjects == ("AN-001", "AN-002")
    assert book.count_subjects() == 0
    assert bring(book, *lines).new_subjects == ("AN-001", "AN-002")
    assert bring(book, *lines).new_subjects == ()


def test_empty_lines_take_nobody_in_and_say_so(book: Casebook) -> None:
    result = bring(book, lab("PLT", ""), lab("PLT", "70", subject="AN-002"))
    assert [(each.line, each.column, each.finding.rule) for each in result.findings] == [
        (2, "subject", "import.nobody")
    ]
    assert [line.id for line in book.subjects()] == ["AN-002"]


def test_a_subject_with_the_prefix_of_another_site_is_told(book: Casebook) -> None:
    result = bring(book, lab("PLT", "70", subject="ZZ-001"), lab("PLT", "70"))
    assert [(each.line, each.column, each.finding.rule) for each in result.findings] == [
        (2, "subject", "import.other_site")
    ]


LOOKS = ("an-001", "ＡＮ-001", "AN–001", "AN‑001", "AN−001", "AN-OO1", "AN-00l", "AN-1", "AN-001.0", "AN -001")


@pytest.mark.parametrize("other", LOOKS[:9])
def test_an_id_that_looks_like_another_is_asked_about(free: Casebook, other: str) -> None:
    bring(free, lab("PLT", "80"))
    told = texts(bring(free, lab("PLT", "81", subject=other)))
    assert [(line, column) for line, column, _ in told] == [(2, "subject")]
    assert "AN-001" in told[0][2]
    assert "--new-subjects" in told[0][2]
    assert bring(free, lab("PLT", "81", subject=other), look_alikes=True).new_subjects == (other,)


def test_ids_that_look_alike_within_a_file_are_asked_about(free: Casebook) -> None:
    ids = ("00123", "123", "1E5", "100000", "José-1", "Jose\u0301-1", "AN 7", "AN  7", "b-2")
    told = texts(bring(free, *(lab("PLT", "80", subject=each) for each in ids)))
    assert [(line, column) for line, column, _ in told] == [(at, "subject") for at in (3, 5, 7, 9)]
    assert free.count_subjects() == 0


@pytest.mark.parametrize("unseen", ["AN-001\u200b", "\u202eAN-001", "AN-0\u00ad01", "AN-001\ufeff"])
def test_an_id_with_a_character_that_cannot_be_seen_is_refused(free: Casebook, unseen: str) -> None:
    told = texts(bring(free, lab("PLT", "80", subject=unseen), look_alikes=True))
    assert [(line, column) for line, column, _ in told] == [(2, "subject")]
    assert "can't be seen" in told[0][2]
    with pytest.raises(Refusal):
        free.add_subject(unseen.strip("\ufeff") + "\u200b")


def test_an_import_tells_what_no_longer_applies_on_forms_it_does_not_touch(tmp_path: Path) -> None:
    study = site_study()
    events = tuple(
        replace(event, forms=tuple(replace(each, when="SCR.DM.SEX = 'F'") if each.form == "LB" else each
                                   for each in event.forms)) for event in study.events
    )  # fmt: skip
    book = new_store(tmp_path, study=replace(study, events=events))
    person = ("AN-001,SCR,,DM,,,SEX,F,,", "AN-001,SCR,,DM,,,PREG,N,,")
    assert said(bring(book, *person, lab("PLT", "80"))) == []
    result = bring(book, "AN-001,SCR,,DM,,,SEX,M,,", dry_run=True)
    assert said(result) == [(2, "PREG", "hidden.kept"), (2, "PLT", "hidden.form")]
    assert said(bring(book, lab("HGB", "90"), "AN-001,SCR,,DM,,,SEX,M,,")) == [
        (2, "PLT", "hidden.form"), (3, "PREG", "hidden.kept"),
    ]  # fmt: skip
    assert (value(book, "PLT").value, value(book, "PREG", "DM").value) == ("80", "N")
    book.close()


# --- the file as a file -----------------------------------------------------------------------------------------------

ROWS = (lab("LBDAT", "2025-02-01"), lab("PLT", "80"), lab("PLT", "70", subject="AN-002"), lab("HGB", "95"))


def whole(*, mark: str = ",", end: str = "\n", tail: str = "", first: str = "") -> bytes:
    lines = [line.replace(",", mark) + tail for line in (HEAD, *ROWS)]
    return (first + end.join([*lines, ""])).encode()


@pytest.mark.parametrize(
    "content",
    [
        whole(tail=",,,"),
        whole(mark=";"),
        whole(mark=";", tail=";;"),
        whole(mark="\t"),
        whole(first="sep=,\r\n"),
        whole(first="sep=;\n", mark=";"),
        whole(first='"sep=,"\n'),
        b"\xef\xbb\xbf" + whole(),
        b"\xef\xbb\xbf\xef\xbb\xbf" + whole(),
        b"\xef\xbb\xbf" + whole(first="sep=,\n"),
        whole(end="\r\n"),
        whole(end="\r"),
        whole(end="\r\n").replace(b"\r\n", b"\n", 2).replace(b"\r\n", b"\r", 1),
        whole() + b"\n,,,,,,,,,\n  ,,,,,,,,,\n",
    ],
    ids=["trailing columns", "semicolons", "semicolons, trailing", "tabs", "sep=,", "sep=;", "quoted sep", "BOM",
         "two BOMs", "BOM and sep", "CRLF", "CR", "mixed ends", "empty lines"],
)  # fmt: skip
def test_a_file_as_a_spreadsheet_saves_it_is_read(book: Casebook, content: bytes) -> None:
    result = bring_bytes(book, content)
    assert texts(result) == []
    assert result.entered == 4
    assert {line.id for line in book.subjects()} == {"AN-001", "AN-002"}
    assert value(book, "HGB").value == "95"


@pytest.mark.parametrize("first", ["", "sep=,\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(book: Casebook, first: str, end: str) -> None:
    lines = [HEAD, lab("PLT", "80"), f'{event("1", "AETERM", "")[:-2]}"two{end}lines",,', lab("NOPE", "1")]
    told = texts(bring_bytes(book, (first + end.join([*lines, ""])).encode()))
    assert [line for line, *_ in told] == [5 + bool(first)]


def test_lines_of_a_subject_may_stand_anywhere_in_the_file(book: Casebook) -> None:
    pairs = [(item, subject) for item in ("PLT", "HGB", "ALT") for subject in ("AN-001", "AN-002", "AN-003")]
    result = bring(book, *(lab(item, str(60 + at), subject=subject) for at, (item, subject) in enumerate(pairs)))
    assert result.entered == 9
    found = book.subject("AN-003").values
    assert [found[at("AN-003", "SCR", "LB", item)].value for item in ("PLT", "HGB", "ALT")] == ["62", "65", "68"]
    assert [line for line, *_ in texts(bring(book, *(lab(item, "x", subject=s) for item, s in pairs)))] == list(
        range(2, 11)
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00" + bytes(200), "save it as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "save it as CSV UTF-8"),
        (gzip.compress(whole()), "compressed"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "PDF"),
        (whole().decode().encode("utf-16"), "UTF-16"),
        (whole().decode().encode("utf-16-le"), "UTF-16"),
        (whole().decode().encode("utf-16-be"), "UTF-16"),
        (f"{HEAD}\n{lab('LBNAM', '南京')}\n".encode("gbk"), "GBK"),
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"subject,visit,PLT,HGB,ALT,sex,age\nAN-001,SCR,80,95,30,F,40\n" * 3, "one row per subject"),
        (b"ID,WEIGHT,HEIGHT\n1,60,170\n", "one row per subject"),
        (b"name|city\nx|y\n", "first line doesn't name the columns"),
        (whole().split(b"\n", 1)[1], "first line doesn't name the columns"),
        (f"{HEAD}\n{event('1', 'AETERM', 'x' * 8_000_000)}\n".encode(), "far too long"),
        (f"{HEAD}\n{event('1', 'AETERM', chr(34) + 'x' * 300_000 + chr(34))}\n".encode(), "far too long"),
        (f'{HEAD}\n{event("1", "AETERM", chr(34) + "fever")}\n'.encode() + whole() * 50, "quotation mark"),
        (whole() + b"\x00\x01\x02", "not a CSV file"),
    ],
    ids=["xlsx", "xls", "gzip", "pdf", "utf-16", "utf-16-le", "utf-16-be", "gbk", "nothing", "line ends", "wide",
         "wide, no subject", "another table", "no head", "8 MB in a cell", "long quoted cell", "open quote", "binary"],
)  # fmt: skip
def test_a_file_that_is_no_data_file_is_refused_by_one_cause(book: Casebook, content: bytes, words: str) -> None:
    result = bring_bytes(book, content)
    assert len(result.faults) == 1
    assert words in result.faults[0].text["en"]
    assert result.faults[0].text["zh"]
    assert result.faults[0].line >= 1


def test_something_in_a_column_without_a_name_is_refused(book: Casebook) -> None:
    content = whole(tail=",,").replace(b"AN-002,SCR,,LB,,,PLT,70,,,,", b"AN-002,SCR,,LB,,,PLT,70,,,,x")
    assert [(line, column) for line, column, _ in texts(bring_bytes(book, content))] == [(4, "")]


def test_the_file_of_another_study_is_told_as_such(book: Casebook) -> None:
    told = texts(bring(book, *(f"AN-001,WEEK{at},,QS,,,Q{at},1,," for at in range(40))))
    assert [(line, column) for line, column, _ in told] == [(2, "")]
    assert "another study" in told[0][2]


def test_of_one_cause_ten_lines_are_named_and_the_others_counted(book: Casebook) -> None:
    lines = [f"AN-001,C_D1,{at},LB,,,PLT,80,furlong," for at in range(1, 7)]
    lines += [f"AN-002,C_D1,{at},LB,,,PLT,80,furlong," for at in range(1, 7)]
    told = texts(bring(book, *lines, lab("NOPE", "1")))
    assert [line for line, *_ in told] == [*range(2, 12), 14]
    assert "The same in 2 more line(s)" in told[9][2]
    assert not any("more line" in text for line, _, text in told if line != 11)


def test_what_came_in_unread_goes_out_and_comes_in_again_the_same(book: Casebook, tmp_path: Path) -> None:
    bring(book, lab("LBDAT", "3/11"), lab("PLT", "10⁹"), lab("HGB", "NA"), event("1", "AETERM", "#N/A"),
          lab("ALT", "", "", "NA"), "AN-001,SCR,,DM,,,SEX,x,,", accept_unparsed=True)  # fmt: skip
    (tmp_path / "two").mkdir()
    other = new_store(tmp_path / "two")
    first = render(book.dataset())
    assert bring_bytes(other, first, accept_unparsed=True).faults == ()
    assert render(other.dataset()) == first
    assert b",3/11," in first
    other.close()


def test_a_file_too_large_for_memory_is_refused_with_the_limit_named(book: Casebook) -> None:
    path = book.path.parent / "huge.csv"
    with path.open("wb") as file:
        file.truncate(500_000_000)
    ((line, _, words),) = texts(import_csv(book, path))
    assert line == 1
    assert "500 MB" in words
    assert "at most 128 MB" in words
    assert "Split it by subjects" in words
