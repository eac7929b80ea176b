"""The table of what an insider can do names every finding about authors, and only findings there are."""

from __future__ import annotations

import re
from pathlib import Path

from forms.texts import both

ROOT = Path(__file__).resolve().parents[3]
SAYS = re.compile(r"db\.verify\.(\w+)")


def test_the_table_of_insiders_names_each_finding_about_authors_and_no_other():
    told = (ROOT / "docs" / "decisions" / "ledger.md").read_text(encoding="utf-8")
    table = told[told.index("## What each kind of insider") : told.index("Without the key nothing")]
    named = {word for line in table.splitlines() if line.startswith("|") for word in re.findall(r"`([a-z_]+)`", line)}
    sources = [ROOT / "db" / "proof" / f"{name}.py" for name in ("authors", "rights")]
    found = {word for path in sources for word in SAYS.findall(path.read_text(encoding="utf-8"))}
    assert found <= named
    for word in found:
        assert set(both(f"db.verify.{word}", where="x:1")) == {"en", "zh"}
