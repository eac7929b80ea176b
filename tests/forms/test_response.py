"""Response of HLH feature by feature: what is open stays open, what is decided is told."""

from decimal import Decimal
from itertools import product

import pytest

from forms.functions.general import FUNCTIONS
from forms.functions.hlh import features_of

D = Decimal
STATES = ("NORMAL", "IMPROVED", "UNCHANGED", "WORSE", "UNKNOWN")
SEVERITY = ("REL", "PD", "NR", "IMP", "PR", "CR")


def call(name, *values):
    return FUNCTIONS[name].evaluate([D(value) if type(value) is int else value for value in values])


def emapalumab(*states, was="Y", deterioration="N", after_cr="N", normal=()):
    """Every feature abnormal at baseline unless it stands in ``normal``."""
    pairs = [part for at, state in enumerate(states) for part in ("N" if at in normal else was, state)]
    return call("emapalumab_class", 3, 3, 3, 3, deterioration, after_cr, *pairs)


def marsh(*states, fever="NORMAL", back="N", relapsed="N", others="Y", improved=("NORMAL", "IMPROVED")):
    """Markers whose state stands in ``improved`` have improved by their own rule."""
    better = {state: "Y" if state in improved else "N" for state in STATES} | {"UNKNOWN": None}
    pairs = [part for state in states for part in (better[state], state)]
    return call("marsh_class", 2, 2, fever, back, relapsed, others, *pairs)


@pytest.mark.parametrize(
    ("drug", "amount", "prednisone"),
    [
        ("PREDNISONE", "5", "5"),
        ("METHYLPREDNISOLONE", "4", "5"),
        ("DEXAMETHASONE", "0.75", "5"),
        ("HYDROCORTISONE", "20", "5"),
        ("METHYLPREDNISOLONE", "32", "40"),
        ("DEXAMETHASONE", "10", "66.66666666666666666666666667"),
    ],
)
def test_glucocorticoids_are_worth_their_prednisone(drug, amount, prednisone):
    assert call("prednisone_equivalent", drug, D(amount)) == D(prednisone)


def test_a_drug_that_is_no_glucocorticoid_has_no_prednisone_equivalent():
    assert call("prednisone_equivalent", "IVIG", D(5)) is None


def test_filtration_of_an_infant_uses_its_own_constant():
    assert call("schwartz_infant", D(55), D(30), D(0)) == D("72.93")
    assert call("schwartz_infant", D(55), D(30), D(2)) is None


@pytest.mark.parametrize(
    ("start", "now", "target", "percent"),
    [("20", "60", "100", 50), ("20", "100", "100", 100), ("20", "20", "100", 0), ("20", "4", "100", -20)],
)
def test_how_much_of_a_lack_was_made_up(start, now, target, percent):
    assert call("deficit_filled", D(start), D(now), D(target)) == percent


def test_nothing_is_made_up_where_nothing_lacked():
    assert call("deficit_filled", D(100), D(120), D(100)) is None


@pytest.mark.parametrize(
    ("start", "now", "improved"),
    [
        ("0.3", "0.6", True),
        ("0.3", "0.59", False),
        ("0.2", "0.5", False),
        ("0", "0.51", True),
        ("0.49", "0.98", True),
        ("0.5", "1.9", False),
        ("0.5", "2.01", True),
        ("1.5", "2.9", False),
        ("1.5", "3.0", True),
        ("2.0", "4.0", True),
        ("2.01", "9", False),
    ],
)
def test_neutrophils_improve_by_the_band_they_began_in(start, now, improved):
    assert call("marsh_neutrophils", D(start), D(now)) is improved


# --- one feature ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("normal", "improved", "worse", "state"),
    [
        (True, None, None, "NORMAL"),
        (True, False, True, "NORMAL"),
        (False, True, False, "IMPROVED"),
        (False, False, False, "UNCHANGED"),
        (False, True, True, "WORSE"),
        (False, None, True, "WORSE"),
        (False, True, None, "UNKNOWN"),
        (False, None, False, "UNKNOWN"),
        (None, True, False, "UNKNOWN"),
    ],
)
def test_a_feature_without_support(normal, improved, worse, state):
    assert call("feature_state", normal, improved, worse, False, "lower") == state


@pytest.mark.parametrize(
    ("policy", "supported", "of_normal", "of_improved"),
    [
        ("lower", True, "IMPROVED", "UNCHANGED"),
        ("counts", True, "NORMAL", "IMPROVED"),
        ("unknown", True, "UNKNOWN", "UNKNOWN"),
        ("lower", None, "UNKNOWN", "UNKNOWN"),
        ("counts", None, "NORMAL", "IMPROVED"),
    ],
)
def test_a_result_under_support_counts_by_the_policy_of_the_study(policy, supported, of_normal, of_improved):
    assert call("feature_state", True, None, None, supported, policy) == of_normal
    assert call("feature_state", False, True, False, supported, policy) == of_improved
    assert call("feature_state", False, False, True, supported, policy) == "WORSE"
    assert call("feature_state", False, False, False, supported, policy) == "UNCHANGED"


# --- classes in the manner of the emapalumab trial --------------------------------------------------------------------


def test_complete_response_needs_every_baseline_abnormality_normal():
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", "NORMAL") == "CR"
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", "IMPROVED") == "PR"


def test_what_was_normal_at_baseline_does_not_count():
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", "UNCHANGED", normal={3}) == "CR"
    assert emapalumab("NORMAL", "NORMAL", "UNCHANGED", "NORMAL", normal={3}) == "NR"


def test_three_by_half_are_improvement():
    assert emapalumab("IMPROVED", "IMPROVED", "NORMAL", "UNCHANGED") == "IMP"
    assert emapalumab("IMPROVED", "IMPROVED", "UNCHANGED", "UNCHANGED") == "NR"


def test_with_two_abnormalities_both_must_improve():
    assert emapalumab("IMPROVED", "NORMAL", "NORMAL", normal={2}) == "IMP"
    assert emapalumab("IMPROVED", "UNCHANGED", "NORMAL", normal={2}) == "NR"


def test_three_worse_or_a_clear_deterioration_are_progression():
    assert emapalumab("WORSE", "WORSE", "WORSE", "NORMAL") == "PD"
    assert emapalumab("WORSE", "WORSE", "NORMAL", "NORMAL", "NORMAL") == "PR"
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", deterioration="Y") == "PD"


def test_after_complete_response_three_abnormal_features_are_relapse():
    assert emapalumab("IMPROVED", "UNCHANGED", "WORSE", "NORMAL", after_cr="Y") == "REL"
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", after_cr="Y") == "CR"
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", after_cr="Y", deterioration="Y") == "REL"


def test_one_unknown_leaves_open_only_what_it_could_change():
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", "UNKNOWN") is None
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", "IMPROVED", "UNKNOWN") == "PR"
    assert emapalumab("UNCHANGED", "UNCHANGED", "UNCHANGED", "UNKNOWN") == "NR"
    assert emapalumab("WORSE", "WORSE", "UNKNOWN", "NORMAL") is None
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", deterioration=None) is None


def test_a_baseline_not_known_leaves_the_class_open():
    assert emapalumab("NORMAL", "NORMAL", was=None) is None


def test_without_an_abnormality_at_baseline_nothing_can_respond():
    assert emapalumab("NORMAL", "NORMAL", "NORMAL", was="N") == "NR"


def test_pairs_must_be_pairs():
    assert features_of(("Y", "NORMAL", "N")) is None
    assert features_of((True, "NORMAL", "N", None, None, "WORSE")) == (
        (True, "NORMAL"),
        (False, "UNKNOWN"),
        (None, "WORSE"),
    )
    assert call("emapalumab_class", 3, 3, 3, 3, "N", "N", "Y") is None
    assert call("marsh_class", 2, 2, "NORMAL", "N", "N", "Y", "Y") is None


@pytest.mark.parametrize("states", list(product(STATES, repeat=4)))
def test_what_is_told_with_unknowns_holds_whatever_they_turn_out_to_be(states):
    told = emapalumab(*states)
    if told is not None:
        choices = [STATES[:4] if state == "UNKNOWN" else (state,) for state in states]
        assert {emapalumab(*chosen) for chosen in product(*choices)} == {told}


@pytest.mark.parametrize("states", list(product(STATES[:3], repeat=4)))
def test_a_better_feature_never_makes_a_worse_class(states):
    told = emapalumab(*states)
    for at, state in enumerate(states):
        better = STATES[max(STATES.index(state) - 1, 0)]
        assert SEVERITY.index(emapalumab(*states[:at], better, *states[at + 1 :])) >= SEVERITY.index(told)


# --- Marsh's classes --------------------------------------------------------------------------------------------------


def test_partial_response_needs_two_improved_markers_and_no_fever():
    assert marsh("IMPROVED", "IMPROVED", "UNCHANGED") == "PR"
    assert marsh("IMPROVED", "UNCHANGED", "UNCHANGED") == "NR"
    assert marsh("IMPROVED", "IMPROVED", "UNCHANGED", fever="UNCHANGED") == "NR"


def test_complete_response_needs_everything_normal():
    assert marsh("NORMAL", "NORMAL", "NORMAL") == "CR"
    assert marsh("NORMAL", "NORMAL", "NORMAL", others="N") == "PR"
    assert marsh("NORMAL", "NORMAL", "NORMAL", others=None) is None


def test_a_marker_within_its_limits_that_did_not_improve_helps_no_partial_response():
    assert marsh("NORMAL", "NORMAL", improved=("IMPROVED",), others="N") == "NR"
    assert marsh("NORMAL", "NORMAL", improved=("IMPROVED",)) == "CR"


def test_fever_again_and_two_worse_markers_are_progression():
    assert marsh("WORSE", "WORSE", "NORMAL", fever="UNCHANGED", back="Y") == "PD"
    assert marsh("WORSE", "NORMAL", "UNCHANGED", fever="UNCHANGED", back="Y") == "NR"


def test_a_relapse_is_told_before_all_else():
    assert marsh("NORMAL", "NORMAL", relapsed="Y") == "REL"


def test_an_unknown_temperature_leaves_the_class_open():
    assert marsh("IMPROVED", "IMPROVED", fever="UNKNOWN") is None
    assert marsh("UNCHANGED", "UNCHANGED", fever="UNKNOWN") == "NR"


@pytest.mark.parametrize("states", list(product(STATES, repeat=3)))
def test_what_marsh_tells_with_unknowns_holds_whatever_they_turn_out_to_be(states):
    told = marsh(*states)
    if told is not None:
        choices = [STATES[:4] if state == "UNKNOWN" else (state,) for state in states]
        assert {marsh(*chosen) for chosen in product(*choices)} == {told}


# --- stratum ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "day", "stratum"),
    [
        ("CR", 2, "FAV"),
        ("PD", 1, "UNF"),
        ("REL", 40, "UNF"),
        ("NR", 2, "PEND"),
        ("NR", 3, "UNF"),
        ("IMP", 6, "PEND"),
        ("IMP", 7, "UNF"),
        ("PR", 28, "PEND"),
        ("NE", 14, None),
    ],
)
def test_the_stratum_follows_class_and_day(response, day, stratum):
    assert call("hlh_stratum", response, D(day), D(3), D(7)) == stratum


def test_what_is_still_to_be_tested_is_named_while_five_of_eight_are_open():
    assert call("hlh_2004_needed", "Y", "Y", "Y", "Y", "N", None, None, "N") == ("NK", "FERRITIN")
    assert call("hlh_2004_needed", "Y", "Y", "Y", "Y", "Y", None, None, None) is None
    assert call("hlh_2004_needed", "N", "N", "N", "N", "Y", None, None, None) is None
