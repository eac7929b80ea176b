"""One CTCAE term counts once, whichever of its names a site typed."""

from tests.reports.test_dates import event, figures

NAMES = ("Nausea", "10028813", "恶心", "NAUSEA")


def test_one_term_by_four_names_is_one_row_of_the_safety_table():
    found = figures(*(event(1, "2025-02-01", grade="3", term=name) for name in NAMES), event(1, "2025-02-01"))
    rows = [name for name in found if name.startswith("ae.term.") and name.endswith(".any")]
    assert rows == ["ae.term.gastrointestinal_disorders.nausea.any"]
    assert (found[rows[0]].n, found[rows[0]].denominator) == (5, 5)
    assert found["ae.term.gastrointestinal_disorders.nausea.grade3"].n == 4
    assert found["ae.soc.gastrointestinal_disorders.any"].n == 5


def test_a_patient_with_one_term_under_two_names_counts_once_at_the_worse_grade():
    twice = (*event(1, "2025-02-01", grade="2", term="Diarrhoea"), *event(2, "2025-03-01", grade="3", term="腹泻"))
    found = figures(twice, event(1, "2025-02-01", term="Diarrhea"))
    assert found["ae.term.gastrointestinal_disorders.diarrhea.any"].n == 2
    assert found["ae.term.gastrointestinal_disorders.diarrhea.grade3"].subjects == ("S01-001",)
    assert found["ae.soc.gastrointestinal_disorders.any"].n == 2


def test_words_that_name_no_term_stay_not_coded():
    found = figures(event(1, "2025-02-01", term="queasy"), event(1, "2025-02-01"))
    assert [name for name in found if name.startswith("ae.term.none.") and name.endswith(".any")] == [
        "ae.term.none.queasy.any"
    ]
    assert found["ae.soc.gastrointestinal_disorders.any"].n == 1
