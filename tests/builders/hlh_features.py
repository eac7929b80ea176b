"""What examination and laboratory say at a visit whose response is known: each feature by its state.

The states follow the response: complete response has every feature normal, partial response most of them, improvement
some by half, no response none; progression and relapse have fever and markers up again.
"""

from __future__ import annotations

import random

NORMAL = {
    "FEV": 36.7, "SPL": 0.0, "NEUT": 2.6, "PLT": 210, "HGB": 114, "WBC": 6.4, "FERRITIN": 190, "SCD25": 3100,
    "FIBRINO": 2.5, "DDIMER": 0.3, "TRIG": 1.5, "ALT": 24, "AST": 28, "BILI": 8, "ALB": 41, "CREAT": 27,
    "AMYLASE": 62, "LIPASE": 35, "INR": 1.0, "SODIUM": 139, "IFNG": 5.0,
}  # fmt: skip
DECIMALS = {
    "FEV": 1, "SPL": 1, "NEUT": 2, "WBC": 2, "FIBRINO": 2, "DDIMER": 2, "TRIG": 2, "BILI": 1, "ALB": 1, "INR": 2,
    "IFNG": 1,
}  # fmt: skip
LIMIT = {
    "NEUT": 1.0,
    "PLT": 100.0,
    "HGB": 90.0,
    "FIBRINO": 1.5,
    "FERRITIN": 500,
    "SCD25": 6400,
    "DDIMER": 0.5,
    "TRIG": 3.0,
}
LOW = ("NEUT", "PLT", "HGB", "FIBRINO")
HIGH = ("FERRITIN", "SCD25", "DDIMER", "TRIG")
ACTIVITY = {"CR": 0.0, "PR": 0.3, "IMP": 0.6, "NR": 1.0, "NE": 0.9, "PD": 1.0, "REL": 0.8}
FORMS = {
    "HEM": ("WBC", "HGB", "PLT", "NEUT"),
    "CHEM": ("ALT", "AST", "BILI", "ALB", "CREAT", "SODIUM", "TRIG", "AMYLASE", "LIPASE"),
    "COAG": ("INR", "FIBRINO", "DDIMER"),
    "INFL": ("FERRITIN", "SCD25"),
    "CYT": ("IFNG",),
}


class Features:
    """The features of one patient, visit after visit. Repeatable: the scatter comes from the patient's name."""

    def __init__(self, name: str, active: dict[str, float]) -> None:
        self.scatter = random.Random(name)
        self.active = active
        self.best: dict[str, float] = dict(active)

    def at(self, response: str) -> dict[str, float]:
        """All values at a visit with that response."""
        found = {name: self._between(name, ACTIVITY[response]) for name in NORMAL if name in self.active}
        for name in (*LOW, *HIGH):
            if name in self.active:
                found[name] = self._feature(name, self._state(name, response))
        back = response in ("NR", "PD", "REL")
        found["FEV"] = round(38.7 + 0.4 * self.scatter.random(), 1) if back else self._normal("FEV")
        found["SPL"] = {"CR": 0.0, "PR": 0.4, "IMP": 0.8}.get(response, 1.0) * self.active.get("SPL", 0.0)
        if "NEUT" in found:
            found["WBC"] = max(found["WBC"], 1.3 * found["NEUT"])
        rounded = {name: round(value, DECIMALS.get(name, 0)) for name, value in found.items()}
        for name, value in rounded.items():
            lower = name in HIGH
            self.best[name] = (
                min(self.best.get(name, value), value) if lower else max(self.best.get(name, value), value)
            )
        return rounded

    def _state(self, name: str, response: str) -> str:
        if response == "CR" or not self._abnormal(name):
            return "normal"
        if response == "PR":
            return "normal" if name in ("TRIG", "NEUT", "FIBRINO", "PLT", "FERRITIN") else "improved"
        if response == "IMP":
            return "improved" if name in ("FERRITIN", "SCD25", "DDIMER") else "same"
        return "worse" if response in ("PD", "REL") and name in ("FERRITIN", "SCD25", "DDIMER", "PLT") else "same"

    def _abnormal(self, name: str) -> bool:
        value = self.active[name]
        return value <= LIMIT[name] if name in LOW else value >= LIMIT[name]

    def _feature(self, name: str, state: str) -> float:
        active, limit = self.active[name], LIMIT[name]
        if state == "normal":
            return (
                self._normal(name)
                if self._abnormal(name)
                else active * self.scatter.uniform(1.0, 1.08 if name in LOW else 1.0)
            )
        if state == "improved":
            return active + 0.7 * (limit - active) if name in LOW else max(0.4 * active, 1.15 * limit)
        if state == "worse":
            best = self.best[name]
            return 0.4 * best if name in LOW else max(1.9 * best, 1.3 * limit)
        return active * self.scatter.uniform(0.95, 1.05)

    def _normal(self, name: str) -> float:
        spread = {"SPL": 0.0, "FEV": 0.005, "SODIUM": 0.01}.get(name, 0.12)
        return NORMAL[name] * self.scatter.uniform(1 - spread, 1 + spread)

    def _between(self, name: str, activity: float) -> float:
        normal, active = self._normal(name), self.active[name]
        return float(normal * (active / normal) ** activity) if normal > 0 and active > 0 else active
