"""Finding terms as people type, the grades they have, what each means, and where they go in the next edition."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypinyin import Style, pinyin

from forms.errors import Refusal, Trouble
from forms.grading import terms
from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.nci_workbook import import_wording, read_wording
from forms.grading.regrade import Recorded, map_term, plan_change
from forms.grading.result import stored
from forms.grading.tables import VERSIONS, chinese_names, edition
from forms.grading.terms import (
    as_term,
    canonical,
    check_choice,
    describe,
    described_terms,
    find_terms,
    needs_text,
    soc_label,
    term,
)
from forms.value import BLANK, Value
from tests.builders.damage import bitten

EXPECTED = ("Fever", "Anemia", "Platelet count decreased", "Hypokalemia")
MET_BY_THE_STUDIES = """Anemia;
Platelet count decreased;Neutrophil count decreased;White blood cell decreased;Lung infection;Urinary
tract infection;Shingles;Epstein-Barr virus infection reactivation;Cytomegalovirus infection
reactivation;Hepatitis B reactivation;Sepsis;Headache;Dizziness;Bruising;Weight
gain;Constipation;Hyperhidrosis;Fever;Allergic reaction;Anaphylaxis;Pancreatitis;Thromboembolic event;Portal
vein thrombosis;Stroke;Hepatic failure;Encephalopathy;Nausea;Vomiting;Flu like symptoms;Rash
maculo-papular;Pneumonitis;Capillary leak syndrome;Hemolytic uremic syndrome;Hypoalbuminemia;Reversible
posterior leukoencephalopathy syndrome;Edema limbs;Peripheral sensory
neuropathy;Paresthesia;Dysesthesia;Laryngopharyngeal dysesthesia;Infusion related reaction;Infusion site
extravasation;Diarrhea;Mucositis oral;Hypertension;Palmar-plantar erythrodysesthesia syndrome;Ejection
fraction decreased;Fibrinogen decreased;INR increased;Hyperglycemia;Hypertriglyceridemia;Serum amylase
increased;Lipase increased;Blood bilirubin increased;Creatinine increased;CPK increased;Febrile
neutropenia;Epistaxis;Upper gastrointestinal hemorrhage;Intracranial hemorrhage;Hematuria;Hypophosphatemia"""


def names(query: str, language: str = "en", version: str = "5.0", limit: int = 8) -> list[str]:
    return [hit.term.name for hit in find_terms(version, query, language, EXPECTED, limit)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("anemia", "Anemia"),
        ("ANEMIA", "Anemia"),
        ("plat", "Platelet count decreased"),
        ("count plat", "Platelet count decreased"),
        ("10035528", "Platelet count decreased"),
        ("mucositis oral", "Mucositis oral"),
        ("贫血", "Anemia"),
        ("中性粒", "Neutrophil count decreased"),
        ("低钾", "Hypokalemia"),
        ("djxz", "Hypokalemia"),
        ("zxlxb", "Neutrophil count decreased"),
        ("yixianyan", "Pancreatitis"),
        ("fare", "Fever"),
        ("plt", "Platelet count decreased"),
        ("alt", "Alanine aminotransferase increased"),
        ("neutrocytopenia", "Neutrophil count decreased"),
        ("sweating", "Hyperhidrosis"),
        ("粒缺", "Neutrophil count decreased"),
        ("带状疱疹", "Shingles"),
        ("ｆｅｖｅｒ", "Fever"),
    ],
)
def test_a_term_is_found_in_english_chinese_pinyin_and_the_words_of_the_ward(query: str, first: str) -> None:
    assert names(query)[0] == first


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("anemai", "Anemia"),
        ("hypokalmia", "Hypokalemia"),
        ("panceratitis", "Pancreatitis"),
        ("platlet count", "Platelet count decreased"),
        ("diarhea", "Diarrhea"),
        ("feber", "Fever"),
        ("trombocytopenia", "Thrombotic thrombocytopenic purpura"),
        ("高甘油三脂血症", "Hypertriglyceridemia"),
    ],
)
def test_slips_of_the_fingers_are_forgiven(slip: str, meant: str) -> None:
    assert meant in names(slip, limit=20)


def test_expected_terms_come_first_among_those_that_fit() -> None:
    found = names("hypo")
    assert found[0] == "Hypokalemia"
    assert set(found[1:]) & {"Hypocalcemia", "Hyponatremia", "Hypotension"}


def test_an_empty_query_offers_the_expected_terms_first() -> None:
    hits = find_terms("5.0", "  ", "zh", EXPECTED, 6)
    assert {hit.term.name for hit in hits[:4]} == set(EXPECTED)
    assert [hit.expected for hit in hits] == [True] * 4 + [False] * 2


def test_hits_carry_the_label_of_the_language() -> None:
    assert find_terms("5.0", "anemia", "zh")[0].label == "贫血"
    assert find_terms("5.0", "urostomy leak", "zh")[0].label == "尿路造口漏"
    assert find_terms("5.0", "尿路造口漏", "en")[0].label == "Urostomy leak"


def test_bleeding_is_found_by_the_pinyin_that_people_type() -> None:
    assert find_terms("5.0", "weichuxue", "zh")[0].label == "胃出血"


@given(st.text(max_size=15), st.sampled_from(VERSIONS), st.sampled_from(["en", "zh"]))
def test_any_text_may_be_searched_and_the_limit_holds(query: str, version: str, language: str) -> None:
    assert len(find_terms(version, query, language, EXPECTED, 5)) <= 5


@pytest.mark.parametrize("version", VERSIONS)
def test_every_term_is_found_by_its_own_name(version: str) -> None:
    for one in edition(version).terms[::7]:
        assert find_terms(version, one.name, "en", limit=3)[0].term == one


def test_letters_of_a_chinese_name_may_be_left_out() -> None:
    assert "Neutrophil count decreased" in names("中粒减", limit=20) + names("中粒降", limit=20)
    assert "Neutrophil count decreased" not in names("降粒中", limit=20)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_term_has_a_chinese_name(version: str) -> None:
    assert not set(edition(version).by_name) - set(chinese_names())


def test_chinese_names_are_one_for_each_term() -> None:
    shown: dict[str, str] = {}
    for name, (zh, initials, whole) in chinese_names().items():
        assert zh not in shown, (name, shown.get(zh))
        shown[zh] = name
        assert initials
        assert initials.isascii()
        assert whole.isascii()


def readings(name: str) -> list[list[tuple[str, str]]]:
    """How each sign of a Chinese name may be read, with its initials; words in Latin letters stand as they are."""
    found = []
    for word in re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", name.lower()):
        if word.isascii():
            found.append([(word, word), (word, word[0])])
        else:
            found.append([(syllable, syllable[0]) for syllable in pinyin(word, style=Style.NORMAL, heteronym=True)[0]])
    return found


def test_the_pinyin_of_every_name_is_a_reading_that_its_signs_have() -> None:
    apart = []
    for zh, initials, whole in chinese_names().values():
        begun = {("", "")}
        for ways in readings(zh):
            begun = {
                (said + syllable, letters + first)
                for said, letters in begun
                for syllable, first in ways
                if whole.startswith(said + syllable) and initials.startswith(letters + first)
            }
        if (whole, initials) not in begun:
            apart.append((zh, initials, whole))
    assert apart == []


def test_a_typed_term_is_stored_by_its_name_with_what_was_typed_beside_it() -> None:
    assert as_term("5.0", Value("贫血", "贫血", "", "")) == Value("贫血", "Anemia", "", "")
    assert as_term("5.0", Value("tired", "tired", "", "")).value == "tired"
    assert as_term("5.0", BLANK) == BLANK


def test_a_term_is_looked_up_by_code_or_name_in_either_language() -> None:
    assert term("5.0", "10002272") == term("5.0", "Anemia") == term("5.0", "贫血")
    assert term("5.0", "no such term") is None
    assert term("6.0", "Platelet count decreased") is None


def test_only_grades_the_term_has_may_be_chosen() -> None:
    assert check_choice("5.0", "Nausea", 3).name == "Nausea"
    for grade_lacked in (0, 4, 5):
        with pytest.raises(Refusal, match="no grade"):
            check_choice("5.0", "Nausea", grade_lacked)
    with pytest.raises(Refusal, match="no term"):
        check_choice("6.0", "CPK increased", 1)


def test_other_specify_demands_words() -> None:
    name = "Investigations - Other, specify"
    with pytest.raises(Refusal, match="say in words"):
        check_choice("5.0", name, 2, "  ")
    assert needs_text(check_choice("5.0", name, 2, "antithrombin 40 %"))


def test_organ_classes_have_chinese_names() -> None:
    for version in VERSIONS:
        for soc in {one.soc for one in edition(version).terms}:
            assert soc_label(version, soc, "en") == soc
            assert not soc_label(version, soc, "zh").isascii(), soc


def test_at_least_150_terms_are_described_in_own_words_in_both_languages() -> None:
    assert len(described_terms()) >= 150
    met = {name.strip() for name in MET_BY_THE_STUDIES.replace("\n", " ").split(";")}
    for name in met | (set(described_terms()) & set(edition("5.0").by_name)):
        one = term("5.0", name)
        assert one is not None
        for number in one.grades:
            for language in ("en", "zh"):
                found = describe("5.0", name, number, language)
                assert found is not None
                assert found.text


def test_descriptions_exist_only_for_grades_a_term_has() -> None:
    assert describe("5.0", "Nausea", 4, "en") is None
    assert describe("5.0", "no such term", 1, "en") is None
    for name in described_terms():
        own = terms._descriptions()["terms"][name]
        if isinstance(own, str):
            continue
        grades = {number for version in VERSIONS if (one := term(version, name)) for number in one.grades}
        assert {int(number) for number in own} <= grades, name


def test_numeric_grades_are_described_by_their_cuts_and_the_rest_by_the_scale() -> None:
    platelets = describe("5.0", "Platelet count decreased", 3, "en")
    assert platelets is not None
    assert (platelets.source, "25 ≤ x < 50 10^9/L" in platelets.text) == ("numbers", True)
    scale = describe("5.0", "Urostomy leak", 3, "zh")
    assert scale is not None
    assert scale.source == "scale"


def test_official_wording_is_shown_before_own_words() -> None:
    found = describe("5.0", "Nausea", 1, "en", {"10028813": {"1": "wording of a workbook"}})
    assert found is not None
    assert found == ("wording of a workbook", "official")


def workbook(path: Path, rows: list[list[object]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


HEADING = [
    "MedDRA Code",
    "MedDRA SOC",
    "CTCAE Term",
    "Grade 1  ",
    "Grade 2",
    "Grade 3",
    "Grade 4",
    "Grade 5",
    "Definition",
]


class TestWorkbook:
    def test_wording_is_read_from_the_named_file_and_kept_in_the_named_place(self, tmp_path: Path) -> None:
        rows = [
            ["CTCAE"],
            HEADING,
            [10028813, "GI", "Nausea", "one", "two", "three", "-", None, "what it is"],
            ["10002272", "Blood", "Anemia", "a", "b", "c", "d", "e", ""],
            ["99999999", "-", "Not a term", "a", "b", "c", "d", "e", ""],
        ]
        source, target = workbook(tmp_path / "nci.xlsx", rows), tmp_path / "wording.json"
        assert import_wording(source, target, "5.0") == 2
        kept = read_wording(target, "5.0")
        assert kept["10028813"] == {"1": "one", "2": "two", "3": "three", "definition": "what it is"}
        assert read_wording(target, "6.0") == {}
        assert sorted(path.name for path in tmp_path.iterdir()) == ["nci.xlsx", "wording.json"]

    def test_a_sheet_of_notes_without_a_heading_is_passed_over(self, tmp_path: Path) -> None:
        source = workbook(tmp_path / "nci.xlsx", [["note"]] * 40)
        book = load_workbook(source)
        sheet = book.create_sheet("Terms")
        for row in (HEADING, [10028813, "GI", "Nausea", "one", "", "", "", "", ""]):
            sheet.append(row)
        book.save(source)
        assert import_wording(source, tmp_path / "wording.json", "5.0") == 1

    def test_a_file_that_is_no_workbook_or_holds_no_terms_is_refused(self, tmp_path: Path) -> None:
        other = tmp_path / "other.xlsx"
        other.write_text("not a workbook")
        empty = workbook(tmp_path / "empty.xlsx", [["nothing"], ["here"]])
        for source in (other, empty):
            with pytest.raises(Refusal):
                import_wording(source, tmp_path / "wording.json", "5.0")
        assert not (tmp_path / "wording.json").exists()

    def test_a_small_file_that_would_unpack_to_gigabytes_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        source = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(workbook(source, [HEADING]), "a", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/more.xml", bytes(110 << 20))
        assert source.stat().st_size < 1 << 20
        with pytest.raises(Refusal) as told:
            import_wording(source, tmp_path / "wording.json", "5.0")
        assert told.value.key == "grade.workbook.too_large"

    def test_a_workbook_damaged_at_random_is_told_in_words(self, tmp_path: Path) -> None:
        chance, rows = random.Random(13), [HEADING, [10028813, "GI", "Nausea", "one", "two", "three", "", "", ""]]
        whole = workbook(tmp_path / "nci.xlsx", rows)
        parts = {name: zipfile.ZipFile(whole).read(name) for name in zipfile.ZipFile(whole).namelist()}
        refused = 0
        for turn in range(60):
            source = tmp_path / "damaged.xlsx"
            if turn % 3:
                chosen = chance.choice(sorted(parts))
                with zipfile.ZipFile(source, "w") as packed:
                    for name, content in parts.items():
                        packed.writestr(name, bitten(content, chance) if name == chosen else content)
            else:
                source.write_bytes(bitten(whole.read_bytes(), chance))
            try:
                import_wording(source, tmp_path / "wording.json", "5.0")
            except (Refusal, Trouble):
                refused += 1
        assert 20 < refused < 60

    @pytest.mark.parametrize(
        "content", ["[]", "null", '{"terms": 1, "version": "5.0"}', '{"version": "5.0"}', "[" * 9999]
    )
    def test_kept_wording_of_another_shape_is_trouble(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "wording.json").write_text(content)
        with pytest.raises(Trouble):
            read_wording(tmp_path / "wording.json", "5.0")

    def test_a_place_that_cannot_be_written_is_trouble(self, tmp_path: Path) -> None:
        source = workbook(tmp_path / "nci.xlsx", [HEADING, [10028813, "GI", "Nausea", "one", "", "", "", "", ""]])
        with pytest.raises(Trouble):
            import_wording(source, tmp_path / "none" / "wording.json", "5.0")

    def test_a_missing_or_damaged_file_is_trouble(self, tmp_path: Path) -> None:
        with pytest.raises(Trouble):
            import_wording(tmp_path / "none.xlsx", tmp_path / "wording.json", "5.0")
        damaged = tmp_path / "wording.json"
        damaged.write_text("{")
        with pytest.raises(Trouble):
            read_wording(damaged, "5.0")
        assert read_wording(tmp_path / "never.json", "5.0") == {}


class TestChangeOfEdition:
    def test_every_term_of_5_goes_somewhere_in_6(self) -> None:
        for one in edition("5.0").terms:
            targets = map_term(one.code, "5.0", "6.0")
            assert targets, one.name
            for target in targets:
                assert bool(target.other) <= needs_text(target.term)

    def test_what_a_change_would_do_is_told_and_nothing_is_changed(self) -> None:
        anc = Measurement("NEUT", "0.4", "10^9/L", "1.8")
        records = [
            Recorded("a", anc, stored(grade(anc, "5.0"))),
            Recorded("b", Measurement("HGB", "79", "g/L", "115", "150"), "Anemia=3;Hemoglobin increased=0"),
            Recorded("c", term="Platelet count decreased", grade=4),
            Recorded("d", term="Cardiac troponin I increased", grade=1),
            Recorded("e", term="Nausea", grade=2),
            Recorded("f", term="no such term", grade=2),
            Recorded("g", term="Conduction disorder", grade=2),
        ]
        counts: list[int] = []
        changes = {change.key: change for change in plan_change(records, "5.0", "6.0", counts.append)}
        assert counts == [1, 2, 3, 4, 5, 6, 7]
        assert (changes["a"].kind, changes["a"].after) == ("regraded", ("Neutrophil count decreased=3",))
        assert changes["b"].kind == "same"
        assert (changes["c"].kind, changes["c"].after) == ("renamed", ("Thrombocytopenia=4",))
        assert changes["c"].reworded
        assert changes["d"].kind == "choose"
        assert len(changes["d"].after) == 2
        assert changes["e"].kind == "same"
        assert (changes["f"].kind, changes["f"].after) == ("lost", ())
        assert changes["g"].after == ("Cardiac disorders - Other, specify: Conduction disorder=2",)

    def test_a_grade_the_new_term_lacks_is_told(self) -> None:
        (change,) = plan_change([Recorded("a", term="Lymphocyte count decreased", grade=4)], "5.0", "6.0")
        assert change.kind in {"grade_lacking", "choose"}

    def test_other_changes_of_edition_go_by_code_or_name(self) -> None:
        (change,) = plan_change([Recorded("a", term="Anemia", grade=2)], "4.03", "5.0")
        assert (change.kind, change.after) == ("same", ("Anemia=2",))
        assert map_term("0", "4.03", "5.0") == ()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Diarrhoea", "Diarrhea"),
        ("ANAEMIA", "Anemia"),
        ("oedema limbs", "Edema limbs"),
        ("Tumour lysis syndrome", "Tumor lysis syndrome"),
        (" nausea ", "Nausea"),
        ("ｎａｕｓｅａ", "Nausea"),
        ("10028813", "Nausea"),
        ("恶心", "Nausea"),
        ("infections and infestations – other (specify)", "Infections and infestations - Other, specify"),
        ("bad stomach", "bad stomach"),
        ("", ""),
    ],
)
def test_a_term_is_known_by_any_of_its_names_and_spellings(typed: str, name: str) -> None:
    assert canonical("5.0", typed) == name


@pytest.mark.parametrize("version", VERSIONS)
def test_no_spelling_means_two_terms(version: str) -> None:
    for one in edition(version).terms:
        for name in (one.name, one.name.upper(), one.code):
            assert canonical(version, name) == one.name
        found = term(version, one.zh) if one.zh else one
        assert found is not None
        assert found.zh == one.zh
