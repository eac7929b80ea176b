"""From what was typed to a value, and from a value to what is shown.

Nouns: a date known in part (`dates`, in a data file `file_dates`), a number beyond what an assay measures
(`censored`), the days a date can be (`spans`), ids that look alike (`likeness`), a unit and the analyte it measures
(`units`), the kind of an item (`kinds`: number, integer, date, code, text, ...), characters that mean the same
(`glyphs`), how many digits people are shown (`digits`), what operators do with all of these (`operators`).

Data: typed text -> `kinds` -> canonical text of a `forms.value.Value` -> Decimal, `Censored`, `PartialDate` for rules
-> words for people. Numbers are Decimal as typed; unknown is None and stays unknown; no function here raises for what
a person types, text that can't be read is a finding of the sheet.
"""
