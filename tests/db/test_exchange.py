"""A data file comes in whole or not at all; every fault is named with line and column at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.incoming.data_file import ImportResult, import_csv
from db.proof.verify import verify
from forms.errors import Cancelled, NeedsReason, Refusal
from forms.record.data_file import COLUMNS
from forms.value import Value
from tests.db.stores import at, fill_screening, new_store

HEAD = ",".join(COLUMNS)
PLT = at("AN-001", "SCR", "LB", "PLT")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    casebook = new_store(tmp_path)
    yield casebook
    casebook.close()


def bring(book: Casebook, *lines: str, head: str = HEAD, encoding: str = "utf-8", **options: object) -> ImportResult:
    path = book.path.parent / "data.csv"
    path.write_bytes("\n".join([head, *lines, ""]).encode(encoding))
    return import_csv(book, path, **options)  # type: ignore[arg-type]


def lab(item: str, value: str, unit: str = "", missing: str = "", subject: str = "AN-001") -> str:
    return f"{subject},SCR,,LB,,,{item},{value},{unit},{missing}"


GOOD = (lab("LBDAT", "2025-02-01"), lab("LBNAM", "HOSP"), lab("PLT", "80", "10^9/L"), lab("HGB", "", "", "ND"))


def test_values_come_in_with_all_that_follows_and_new_subjects_are_taken_in(book: Casebook) -> None:
    result = bring(book, *GOOD, lab("PLT", "33", "10^9/L", subject="AN-002"))
    assert result.faults == ()
    assert result.entered == 5
    assert [line.id for line in book.subjects()] == ["AN-001", "AN-002"]
    assert book.subject("AN-001").values[PLT] == Value("80", "80", "10^9/L")
    assert book.subject("AN-001").values[at("AN-001", "SCR", "LB", "HGB")] == Value("", "", "", "ND")
    assert book.record(PLT.grade_place).entry.value.value == "Platelet count decreased=1"
    assert verify(book).faults == ()


def test_every_value_names_the_import_as_its_cause_and_the_import_its_file(book: Casebook) -> None:
    bring(book, *GOOD)
    act = book.acts("import")[0]
    assert book.record(PLT).entry.cause == act.address
    assert '"file": "data.csv"' in act.value.value
    assert '"sha256": "' in act.value.value


def test_typing_and_importing_give_the_same_picture(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = new_store(tmp_path / "a"), new_store(tmp_path / "b")
    fill_screening(one)
    lines = [
        f"{place.subject},{place.event},1,{place.form},1,1,{place.item},{value.value},{value.unit},"
        for place, value in one.subject("AN-001").values.items()
        if one.record(place).entry.act == "value"
    ]
    assert bring(two, *lines).faults == ()
    assert dict(one.subject("AN-001").values) == dict(two.subject("AN-001").values)
    one.close()
    two.close()


def test_all_faults_are_named_at_once_with_line_and_column(book: Casebook) -> None:
    before = book.position()
    result = bring(
        book,
        lab("LBDAT", "2025-02-31"),
        lab("XYZ", "1"),
        lab("PLT", "80", "furlong"),
        lab("PLT", "81", "10^9/L"),
        "AN-001,NOPE,,LB,,,PLT,1,,",
        "AN-001,SCR,,AE,,,AETERM,x,,",
        "AN-001,C_D1,9,LB,,,PLT,1,,",
        lab("HGB", "12", "g/L", "ND"),
        lab("ALT", "", "", "XX"),
        lab("NEUT", "high", "10^9/L"),
        "AN-001,SCR,,LB,,2,CREAT,60,,",
        "an one,SCR,,LB,,,PLT,1,,",
        "AN-001,SCR,,LB",
        "AN-001,C_D1,1,LB,,a b,PLT,1,,",
    )
    assert [[str(fault.line), fault.column] for fault in result.faults] == [
        ["2", "value"],
        ["3", "item"],
        ["4", "unit"],
        ["5", "item"],
        ["6", "event"],
        ["7", "form"],
        ["8", "event_no"],
        ["9", "value"],
        ["10", "missing"],
        ["11", "value"],
        ["12", "row"],
        ["13", "subject"],
        ["14", ""],
        ["15", "row"],
    ]
    assert all(fault.text["zh"] for fault in result.faults)
    assert result.entered == 0
    assert book.position() == before
    assert book.subjects() == []


def test_a_file_of_another_study_names_each_of_its_items(book: Casebook) -> None:
    result = bring(book, "AN-001,V1,,QS,,,QSTEST,1,,", "AN-001,SCR,,LB,,,GLUCAGON,1,,")
    assert [(fault.line, fault.column) for fault in result.faults] == [(2, "event"), (3, "item")]


def test_the_second_line_of_the_same_place_names_the_first(book: Casebook) -> None:
    result = bring(book, lab("PLT", "80"), lab("HGB", "90"), lab("PLT", "80"))
    assert [(fault.line, fault.column) for fault in result.faults] == [(4, "item")]
    assert "line 2" in result.faults[0].text["en"]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(book: Casebook, column: str) -> None:
    result = bring(book, head=",".join(each for each in COLUMNS if each != column))
    assert [(fault.line, fault.column) for fault in result.faults] == [(1, column)]


def test_an_unknown_and_a_doubled_column_are_named(book: Casebook) -> None:
    result = bring(book, head=f"{HEAD},comment,unit")
    assert [(fault.line, fault.column) for fault in result.faults] == [(1, "comment"), (1, "unit")]


def test_gbk_is_named_with_the_line_where_it_begins(book: Casebook) -> None:
    result = bring(book, lab("LBDAT", "2025-02-01"), "AN-001,LOG,,AE,,,AETERM,发热,,", encoding="gbk")
    assert [(fault.line, fault.column) for fault in result.faults] == [(3, "")]
    assert "GBK" in result.faults[0].text["zh"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_refused_in_words(book: Casebook, encoding: str) -> None:
    assert len(bring(book, *GOOD, encoding=encoding).faults) >= 1


def test_an_encoding_that_is_not_known_is_not_guessed_at(book: Casebook) -> None:
    path = book.path.parent / "data.csv"
    path.write_bytes(f"{HEAD}\n{lab('LBNAM', 'x')}\n".encode() + b"\xff\xff\n")
    told = import_csv(book, path).faults
    assert [(fault.line, "UTF-8" in fault.text["en"], "looks like" in fault.text["en"]) for fault in told] == [
        (3, True, False)
    ]


@pytest.mark.parametrize("tail", ["发".encode()[:-1], "发热\n".encode() + b"\xb7\xa2\n"])
def test_a_damaged_utf_8_file_is_not_taken_for_another_encoding(book: Casebook, tail: bytes) -> None:
    path = book.path.parent / "data.csv"
    path.write_bytes(f"{HEAD}\nAN-001,LOG,,AE,,,AETERM,".encode() + tail)
    told = import_csv(book, path).faults
    assert ["GBK" in fault.text["en"] for fault in told] == [False]


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        ('AN-001,LOG,,AE,,,AETERM,"fever,,', 3),
        ('AN-001,LOG,,AE,,,AETERM,"fever"s,,', 3),
        ('AN-001,LOG,,AE,,,AETERM,"two\nlines","x,', 4),
        ('"AN-001,LOG,,AE,,,AETERM,fever,,', 3),
        ('AN-001,LOG,,AE,,,AETERM,"x"",,', 3),
    ],
)
@pytest.mark.parametrize("after", [(), (lab("LBNAM", '"HOSP, east"'),), (lab("LBNAM", "x" * 90),) * 3000])
def test_a_quotation_mark_that_is_not_closed_is_named_where_it_opens(
    book: Casebook, bad: str, line: int, after: tuple[str, ...]
) -> None:
    result = bring(book, lab("LBDAT", "2025-02-01"), bad, *after)
    assert [(fault.line, fault.column) for fault in result.faults] == [(line, "")]
    assert "quotation mark" in result.faults[0].text["en"]


def test_a_line_over_several_lines_of_the_file_is_named_by_its_first(book: Casebook) -> None:
    result = bring(book, 'AN-001,LOG,,AE,,,AETERM,"a\nb\nc",,,', lab("NOPE", "1"))
    assert [(fault.line, fault.column) for fault in result.faults] == [(2, ""), (5, "item")]


def test_a_byte_order_mark_and_semicolons_are_accepted(book: Casebook) -> None:
    lines = [line.replace(",", ";") for line in GOOD]
    assert bring(book, *lines, head=HEAD.replace(",", ";"), encoding="utf-8-sig").entered == 4


def test_columns_may_stand_in_any_order_and_capitals_do_not_matter(book: Casebook) -> None:
    order = ("ITEM", "Value", "unit", "missing", "subject", "event", "event_no", "form", "form_no", "row")
    assert bring(book, "PLT,80,10^9/L,,AN-001,SCR,,LB,,", head=",".join(order)).entered == 1


@pytest.mark.parametrize(
    "garbage", [b"", b"\x00\x01\x02", b'"never closed\n' * 3, b"a,b\n" + b"x" * 200_000, b"\xff" * 50]
)
def test_garbage_is_refused_and_never_a_traceback(book: Casebook, garbage: bytes) -> None:
    path = book.path.parent / "garbage.csv"
    path.write_bytes(garbage)
    assert import_csv(book, path).faults


def test_a_huge_cell_is_refused(book: Casebook) -> None:
    assert bring(book, f"AN-001,LOG,,AE,,,AETERM,{'x' * 200_000},,").faults
    assert bring(book, f"AN-001,LOG,,AE,,,AETERM,{'x' * 110_000},,").faults[0].column == "value"


def test_a_file_that_is_not_there_is_refused(book: Casebook) -> None:
    with pytest.raises(Refusal) as told:
        import_csv(book, book.path / "nothing.csv")
    assert told.value.key == "db.file_unreadable"


def test_text_that_cannot_be_read_comes_in_only_when_accepted_and_then_with_its_finding(book: Casebook) -> None:
    line = lab("PLT", "about 80", "10^9/L")
    assert bring(book, line).faults
    result = bring(book, line, accept_unparsed=True)
    assert result.entered == 1
    assert [(noted.line, noted.finding.rule) for noted in result.findings] == [(2, "import.unread")]
    assert book.subject("AN-001").values[PLT].text == "about 80"


def test_a_date_that_could_be_read_in_two_ways_is_not_guessed_from_a_file(book: Casebook) -> None:
    for text in ("3/4", "-2", "today", "01.02.2025"):
        assert bring(book, lab("LBDAT", text)).faults[0].column == "value", text


def test_findings_of_checks_never_refuse_but_are_listed(book: Casebook) -> None:
    result = bring(book, lab("LBDAT", "2031-01-01"), lab("PLT", "80"))
    assert result.faults == ()
    assert (2, "LB.future") in {(noted.line, noted.finding.rule) for noted in result.findings}


def test_a_dry_run_lists_changes_and_findings_and_changes_nothing(book: Casebook) -> None:
    bring(book, *GOOD)
    before, tip = book.position(), book.tip()
    result = bring(book, lab("PLT", "81", "10^9/L"), lab("LBDAT", "2031-01-01"), dry_run=True, reason="mended slip")
    assert [(change.place, change.old, change.new.value) for change in result.changes] == [
        (PLT, Value("80", "80", "10^9/L"), "81"),
        (at("AN-001", "SCR", "LB", "LBDAT"), Value("2025-02-01", "2025-02-01"), "2031-01-01"),
    ]
    assert result.entered == 2
    assert (3, "LB.future") in {(noted.line, noted.finding.rule) for noted in result.findings}
    assert (book.position(), book.tip()) == (before, tip)
    assert book.subject("AN-001").values[PLT].value == "80"
    assert book.enter(PLT, "82").entered == 1


def test_the_same_file_again_changes_nothing(book: Casebook) -> None:
    bring(book, *GOOD)
    assert bring(book, *GOOD).entered == 0


def test_a_correction_by_file_needs_its_reason_like_any_other(book: Casebook) -> None:
    bring(book, *GOOD)
    book.complete(at("AN-001", "SCR", "LB", "PLT").form_key)
    with pytest.raises(NeedsReason):
        bring(book, lab("PLT", "81", "10^9/L"))
    assert book.subject("AN-001").values[PLT].value == "80"
    assert bring(book, lab("PLT", "81", "10^9/L"), reason="new print-out").entered == 1
    assert book.history(PLT)[-1].why == "new print-out"


def test_computed_values_in_a_file_are_compared_and_not_entered(book: Casebook) -> None:
    vitals = [f"AN-001,SCR,,VS,,,{item},{value},," for item, value in (("HEIGHT", "165"), ("WEIGHT", "60.5"))]
    result = bring(book, *vitals, "AN-001,SCR,,VS,,,BSA,9.9,m2,")
    assert result.entered == 2
    assert [(noted.line, noted.finding.rule) for noted in result.findings] == [(4, "import.derived")]
    assert book.subject("AN-001").values[at("AN-001", "SCR", "VS", "BSA")].value != "9.9"


def test_other_spellings_of_a_unit_count_as_the_same(book: Casebook) -> None:
    result = bring(book, lab("CREAT", "60", "μmol/L"))
    assert result.faults == ()
    assert book.subject("AN-001").values[at("AN-001", "SCR", "LB", "CREAT")].unit == "umol/L"


def test_an_import_that_is_cancelled_leaves_nothing(book: Casebook) -> None:
    before = book.position()

    def tick(done: int, of: int, text: str) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        bring(book, *GOOD, lab("PLT", "1", "10^9/L", subject="AN-002"), tick=tick)
    assert book.position() == before
    assert book.subjects() == []
    bring(book, *GOOD)
    assert verify(book).faults == ()
