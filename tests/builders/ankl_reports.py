"""The log of adverse events of a demonstration patient, and the report of each serious one."""

from datetime import timedelta

from tests.builders.ankl_visits import log

DRUGS = {
    "AERELRUX": ("RUX", "10 mg by mouth twice daily", "AEACNRUX"),
    "AERELPEG": ("PEG", "2500 IU/m2 intramuscular, day 2", "AEACNPEG"),
    "AERELGEM": ("GEM", "1000 mg/m2 intravenous, days 1 and 8", "AEACNGEM"),
    "AERELOXA": ("OXA", "100 mg/m2 intravenous, day 1", "AEACNOXA"),
}
RELATED = ("DEFINITE", "PROBABLE", "POSSIBLE")


def adverse_events(chart, rows):
    """The log, and for its serious event (a patient has one at most) the first report and the drugs."""
    log(chart, "AE", "AEYN", rows)
    for row in rows:
        if row["AESER"] == "Y":
            report(chart, row)
            log(chart, "SD", "SDYN", [drug(chart, row, item) for item in DRUGS])


def report(chart, row):
    """The first report, sent when the log says so."""
    related = any(row[item] in RELATED for item in DRUGS)
    fatal, stayed = row["AESDTH"] == "Y", row["AESHOSP"] == "Y"
    known = row["AETX"].rpartition("; ")[0] if fatal and ";" in row["AETX"] else row["AETX"]
    chart.put(
        "LOG", 1, "SAE", SAENO=row["AESNO"], SAETYPE="INITIAL", SAEREP=row["AEREPDAT"],
        SAEEC=row["AESTDAT"] + timedelta(days=3), SAEADM=row["AESTDAT"] if stayed else None,
        SAEDISC=row["AEENDAT"] if stayed and not fatal else None, SAEEXP="EXPECTED" if related else None,
        SAENARR=known, SAEAUT="N" if fatal else None, SAEWHO="Investigator ZW",
    )  # fmt: skip


def drug(chart, row, item):
    """One study drug of the report."""
    name, dose, action = DRUGS[item]
    begun = chart.first_dose + timedelta(days=1 if name == "PEG" else 0)
    role = "SUSPECT" if row[item] in RELATED else "CONCOMITANT"
    return {
        "SDNO": row["AESNO"], "SDDRUG": name, "SDROLE": role, "SDDOSE": dose, "SDSTDAT": begun,
        "SDACN": row[action],
    }  # fmt: skip
