"""The data file: its columns, said once for what writes and what reads it (docs/guide/en/users/70_reports.md)."""

COLUMNS = ("subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing")
