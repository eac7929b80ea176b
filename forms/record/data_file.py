"""The data file: its columns, said once for what writes it and what reads it (docs/users.md is the contract)."""

COLUMNS = ("subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing")
