"""Response of hemophagocytic lymphohistiocytosis, feature by feature, and what the classes of it decide.

A feature is one of ``NORMAL IMPROVED UNCHANGED WORSE UNKNOWN``. Its numbers and limits stand in the study definition;
here is only how truths become a state and states become a class. Every question may be unknown: a class is told only
when no answer still open could change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from forms.functions.formula import formula, take
from forms.functions.scores import HLH_CRITERIA, reached
from forms.values.censored import EXACT

NORMAL, IMPROVED, UNCHANGED, WORSE, UNKNOWN = "NORMAL", "IMPROVED", "UNCHANGED", "WORSE", "UNKNOWN"

PREDNISONE_MG = {
    "PREDNISONE": Decimal(5),
    "PREDNISOLONE": Decimal(5),
    "METHYLPREDNISOLONE": Decimal(4),
    "DEXAMETHASONE": Decimal("0.75"),
    "HYDROCORTISONE": Decimal(20),
}
"""Amounts in mg that are worth 5 mg of prednisone."""

_LOCATELLI = "Locatelli et al., N Engl J Med 2020;382:1811"
_MARSH = "Marsh et al., Pediatr Blood Cancer 2013;60:101"


@formula(
    take("drug", "text"),
    take("amount", unit="mg", limits=("0", "100000")),
    unit="mg",
    reference="Equal doses: prednisone 5, methylprednisolone 4, dexamethasone 0.75, hydrocortisone 20 mg",
)
def prednisone_equivalent(drug: str, amount: Decimal) -> Decimal | None:
    """A glucocorticoid as prednisone; unknown for a drug that is none of those in the table."""
    worth = PREDNISONE_MG.get(drug)
    return None if worth is None else EXACT.divide(amount * 5, worth)


@formula(
    *(take(name, "yes", unknown_welcome=True) for name in HLH_CRITERIA),
    reference="Henter et al., Pediatr Blood Cancer 2007;48:124: 5 of 8",
)
def hlh_2004_needed(*criteria: bool | None) -> tuple[str, ...] | None:
    """Criteria still to be tested while HLH-2004 is undetermined (codes as FEVER, TG_OR_FIB); unknown is welcome."""
    if reached(5, criteria) is not None:
        return None
    return tuple(name.upper() for name, met in zip(HLH_CRITERIA, criteria, strict=True) if met is None)


@formula(
    take("from"),
    take("to"),
    take("target"),
    unit="%",
    reference="(to - from) / (target - from) x 100",
)
def deficit_filled(start: Decimal, now: Decimal, target: Decimal) -> Decimal | None:
    """How much of what lacked to the target was made up, in percent; unknown when nothing lacked."""
    return EXACT.divide((now - start) * 100, target - start) if start < target else None


@formula(
    take("from", unit="10^9/L", limits=("0", "500")),
    take("to", unit="10^9/L", limits=("0", "500")),
    reference=f"{_MARSH}: below 0.5 a rise of 100 % to above 0.5; 0.5 to 2.0 a rise of 100 % to above 2.0",
)
def marsh_neutrophils(start: Decimal, now: Decimal) -> bool:
    """Whether neutrophils improved in Marsh's sense; above 2.0 at baseline they never count."""
    if start > 2:
        return False
    goal = Decimal("0.5") if start < Decimal("0.5") else Decimal(2)
    return now >= 2 * start and now > goal


@formula(
    take("normal", "yes", unknown_welcome=True),
    take("improved", "yes", unknown_welcome=True),
    take("worse", "yes", unknown_welcome=True),
    take("supported", "yes", unknown_welcome=True),
    take("policy", "text"),
    reference=f"{_LOCATELLI}, supported results held lower",
)
def feature_state(
    normal: bool | None, improved: bool | None, worse: bool | None, supported: bool | None, policy: str
) -> str:
    """NORMAL, IMPROVED, UNCHANGED, WORSE or UNKNOWN of one feature; unknown is welcome.

    A result reached under support (transfusion, growth factor, fibrinogen, antipyretic) counts by the study's policy:
    ``lower`` one step less, ``counts`` as it is, ``unknown`` not at all. Worse and unchanged stay what they are.
    """
    state = _plain_state(normal, improved, worse)
    if state not in (NORMAL, IMPROVED) or policy == "counts" or supported is False:
        return state
    if supported is None or policy == "unknown":
        return UNKNOWN
    return IMPROVED if state == NORMAL else UNCHANGED


def _plain_state(normal: bool | None, improved: bool | None, worse: bool | None) -> str:
    if normal is None:
        return UNKNOWN
    if normal:
        return NORMAL
    if worse:
        return WORSE
    if worse is None or improved is None:
        return UNKNOWN
    return IMPROVED if improved else UNCHANGED


Feature = tuple[bool | None, str]
"""Abnormal at baseline? and the state now."""


def features_of(flat: Sequence[object | None]) -> tuple[Feature, ...] | None:
    """Pairs of (abnormal at baseline, state) from a flat list; None when it is not one."""
    if not flat or len(flat) % 2:
        return None
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return tuple((_truth(was), state if isinstance(state, str) else UNKNOWN) for was, state in pairs)


def _truth(answer: object | None) -> bool | None:
    if isinstance(answer, bool):
        return answer
    return {"Y": True, "N": False}.get(answer) if isinstance(answer, str) else None


def _is(state: str, *wanted: str) -> bool | None:
    return None if state == UNKNOWN else state in wanted


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _was_and_is(features: Sequence[Feature], *wanted: str) -> list[bool | None]:
    return [_both(was, _is(state, *wanted)) for was, state in features]


def _complete(features: Sequence[Feature]) -> bool | None:
    """Every abnormality of the baseline is normal now, and there was one."""
    still = [_both(was, None if (now := _is(state, NORMAL)) is None else not now) for was, state in features]
    left = _either(any(still_so is True for still_so in still), None if None in still else False)
    had = reached(1, [was for was, _ in features])
    return _both(had, None if left is None else not left)


def _at_baseline(needed: Decimal, features: Sequence[Feature], *wanted: str) -> bool | None:
    """Whether so many abnormalities of the baseline are in a wanted state, or all when there were fewer."""
    least = sum(was is True for was, _ in features)
    most = sum(was is not False for was, _ in features)
    met = _was_and_is(features, *wanted)
    answers = {reached(min(int(needed), had), met) if had else False for had in range(least, most + 1)}
    return answers.pop() if len(answers) == 1 else None


def _first(*choices: tuple[bool | None, str], otherwise: str) -> str | None:
    """The first class whose condition is true; None when one before it is open."""
    for condition, name in choices:
        if condition is None:
            return None
        if condition:
            return name
    return otherwise


_MANY = take("feature", "any", unknown_welcome=True, many=True)


@formula(
    take("normalised", limits=("1", "20")),
    take("improved", limits=("1", "20")),
    take("worse", limits=("1", "20")),
    take("relapsed", limits=("1", "20")),
    take("deterioration", "yes", unknown_welcome=True),
    take("after_cr", "yes", unknown_welcome=True),
    _MANY,
    reference=f"{_LOCATELLI}: CR all normal, PR at least 3 normal, improvement at least 3 by half",
)
def emapalumab_class(
    normalised: Decimal,
    improved: Decimal,
    worse: Decimal,
    relapsed: Decimal,
    deterioration: bool | None,
    after_cr: bool | None,
    *flat: object | None,
) -> str | None:
    """REL, PD, CR, PR, IMP or NR from pairs of (abnormal at baseline, state); unknown is welcome.

    The first four arguments say how many features are needed. ``deterioration``: new CNS disease, organ failure, or
    treatment of HLH had to be changed. Relapse is asked only after CR; it needs abnormal features of any kind.
    """
    features = features_of(flat)
    if features is None:
        return None
    states = [state for _, state in features]
    abnormal = reached(int(relapsed), [_is(state, IMPROVED, UNCHANGED, WORSE) for state in states])
    back = _both(after_cr, _either(abnormal, deterioration))
    progress = _either(deterioration, reached(int(worse), [_is(state, WORSE) for state in states]))
    return _first(
        (back, "REL"),
        (progress, "PD"),
        (_complete(features), "CR"),
        (_at_baseline(normalised, features, NORMAL), "PR"),
        (_at_baseline(improved, features, NORMAL, IMPROVED), "IMP"),
        otherwise="NR",
    )


@formula(
    take("improved", limits=("1", "20")),
    take("worse", limits=("1", "20")),
    take("fever", "text"),
    take("fever_back", "yes", unknown_welcome=True),
    take("relapsed", "yes", unknown_welcome=True),
    take("others_normal", "yes", unknown_welcome=True),
    _MANY,
    reference=f"{_MARSH}: CR all normal; PR no fever and at least 2 markers improved",
)
def marsh_class(
    improved: Decimal,
    worse: Decimal,
    fever: str,
    fever_back: bool | None,
    relapsed: bool | None,
    others_normal: bool | None,
    *flat: object | None,
) -> str | None:
    """REL, PD, CR, PR or NR from pairs of (improved by its own rule, state) of the markers; unknown is welcome.

    CR needs every marker normal now, also one that was so at baseline, no fever and ``others_normal`` (lines that are
    asked for CR but never count for PR). A marker within its limits has not improved unless its own rule says so.
    """
    features = features_of(flat)
    if features is None:
        return None
    states = [state for _, state in features]
    afebrile = _is(fever, NORMAL)
    markers = reached(len(states), [_is(state, NORMAL) for state in states])
    return _first(
        (relapsed, "REL"),
        (_both(fever_back, reached(int(worse), [_is(state, WORSE) for state in states])), "PD"),
        (_both(_both(afebrile, others_normal), markers), "CR"),
        (_both(afebrile, reached(int(improved), [better for better, _ in features])), "PR"),
        otherwise="NR",
    )


@formula(
    take("class", "text"),
    take("day", unit="study day"),
    take("no_response_day", unit="study day"),
    take("improvement_day", unit="study day"),
    reference="Zhang et al., Blood 2022;139:3493: treatment by response to ruxolitinib",
)
def hlh_stratum(response: str, day: Decimal, no_response_day: Decimal, improvement_day: Decimal) -> str | None:
    """FAV, UNF or PEND by the class reached on a study day; partial response stays pending until CR or progression."""
    if response == "CR":
        return "FAV"
    if response in ("PD", "REL"):
        return "UNF"
    limits = {"NR": no_response_day, "IMP": improvement_day}
    if response in limits:
        return "UNF" if day >= limits[response] else "PEND"
    return "PEND" if response == "PR" else None
