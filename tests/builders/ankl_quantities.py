"""What is measured in study A, in health and at presentation, and how the drugs move it."""

from dataclasses import replace

from tests.builders.curves import Quantity, chance

USUAL = {
    "NEUT": Quantity(3.2, 1.3, 2, marrow=-0.76, scatter=0.08),
    "LYM": Quantity(1.5, 1.7, 2, marrow=-0.45, scatter=0.08),
    "MONO": Quantity(0.34, 0.24, 2, marrow=-0.5, scatter=0.1),
    "EOS": Quantity(0.09, 0.02, 2, scatter=0.2),
    "BASO": Quantity(0.02, 0.01, 2, scatter=0.1),
    "HGB": Quantity(114, 79, 0, marrow=-0.17, scatter=0.015),
    "PLT": Quantity(204, 41, 0, marrow=-0.69, scatter=0.06, lowest=6),
    "RETI": Quantity(52, 30, 1, marrow=-0.4),
    "ALT": Quantity(25, 178, 0, peg=0.7, scatter=0.07),
    "AST": Quantity(23, 232, 0, peg=0.6, scatter=0.07),
    "ALP": Quantity(74, 205, 0, peg=0.15),
    "GGT": Quantity(29, 218, 0, peg=0.5),
    "BILI": Quantity(10.5, 44, 1, peg=0.95),
    "TP": Quantity(66, 55, 1, peg=-0.12, scatter=0.01),
    "ALB": Quantity(40, 27.5, 1, peg=-0.18, scatter=0.015),
    "LDH": Quantity(192, 1480, 0),
    "CREAT": Quantity(52, 57, 0, scatter=0.06),
    "UREA": Quantity(4.5, 6.3, 1, scatter=0.08),
    "URATE": Quantity(252, 318, 0, scatter=0.06),
    "SODIUM": Quantity(140, 133, 0, scatter=0.008),
    "K": Quantity(4.0, 3.62, 2, scatter=0.035),
    "CL": Quantity(103, 98, 0, scatter=0.008),
    "CA": Quantity(2.26, 1.98, 2, peg=-0.05, scatter=0.012),
    "PHOS": Quantity(1.16, 0.84, 2),
    "MG": Quantity(0.86, 0.77, 2, scatter=0.03),
    "GLUC": Quantity(5.2, 6.4, 1, peg=0.3, scatter=0.06),
    "TRIG": Quantity(1.22, 3.7, 2, peg=1.7, scatter=0.06),
    "CHOL": Quantity(4.2, 3.1, 2, peg=0.2),
    "AMYLASE": Quantity(61, 68, 0, peg=0.3, scatter=0.08),
    "LIPASE": Quantity(36, 44, 0, peg=0.8, scatter=0.08),
    "CK": Quantity(66, 88, 0, scatter=0.12),
    "NH3": Quantity(24, 37, 0, peg=1.0, scatter=0.08),
    "PT": Quantity(12.1, 15.2, 1, peg=0.13, scatter=0.02),
    "APTT": Quantity(30, 43, 1, peg=0.25, scatter=0.03),
    "FIBRINO": Quantity(2.85, 1.22, 2, peg=-0.66),
    "TT": Quantity(16.8, 20.5, 1, peg=0.2, scatter=0.03),
    "DDIMER": Quantity(0.42, 6.4, 2, scatter=0.1),
    "AT": Quantity(101, 71, 0, peg=-0.42, scatter=0.03),
    "FERRITIN": Quantity(310, 14600, 0, scatter=0.08),
    "SCD25": Quantity(2050, 33400, 0, scatter=0.06),
    "NKACT": Quantity(18.6, 9.1, 2),
    "CRP": Quantity(3.6, 71, 1, scatter=0.12),
    "PCT": Quantity(0.05, 0.92, 2, scatter=0.1),
    "ESR": Quantity(13, 38, 0, scatter=0.1),
    "EBVPL": Quantity(60, 182000, 0, scatter=0.15),
    "EBVWB": Quantity(390, 940000, 0, scatter=0.15),
    "IFNG": Quantity(3.8, 96, 1, scatter=0.1),
    "IL6": Quantity(4.9, 66, 1, scatter=0.12),
    "IL10": Quantity(4.7, 318, 1, scatter=0.12),
    "IL18": Quantity(205, 1860, 1, scatter=0.08),
    "IP10": Quantity(158, 2940, 1, scatter=0.08),
    "TEMP": Quantity(36.6, 38.9, 1, scatter=0.004),
    "PULSE": Quantity(76, 112, 0, scatter=0.04),
    "RESP": Quantity(18, 22, 0, scatter=0.04),
    "SYSBP": Quantity(116, 104, 0, scatter=0.04),
    "DIABP": Quantity(74, 64, 0, scatter=0.04),
    "SPO2": Quantity(98, 96, 0, scatter=0.006, highest=100),
}
"""A woman's; `of_patient` says what differs."""

MAN = {"HGB": 1.13, "CREAT": 1.37, "URATE": 1.27}
"""How much more a man has."""


def of_patient(number, sex, **active):
    """This patient's quantities: the usual ones, a little different in everyone, with what is given at presentation."""
    quantities = {}
    for name, usual in USUAL.items():
        share = min(0.18, 3 * usual.scatter)
        ill, well = (chance(f"{number} {name} {state}") for state in ("ill", "well"))
        quantities[name] = replace(
            usual, active=usual.active * (1 + share * ill), normal=usual.normal * (1 + share * well / 3)
        )
    if sex == "M":
        for name, factor in MAN.items():
            usual = quantities[name]
            quantities[name] = replace(usual, normal=usual.normal * factor, active=usual.active * factor)
    for name, value in active.items():
        quantities[name] = replace(quantities[name], active=value)
    return quantities
