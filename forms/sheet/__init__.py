"""One form being filled: check, derive, grade, follow.

Nouns: sheet (a frozen picture of one form: texts, values, derived values, grades, findings, hidden fields), cell,
finding. `checks`: what every study asks of a value; `derive`: results and grades of one spot; `follow`: what a change
causes elsewhere in the same subject; `held`: what a locked form keeps of it; `eligibility`: each criterion at its
answer and at the decision; `resolve`: dates known in part, read by the study's rule.

Data: (`Subject`, form) -> `sheet.open_sheet` -> `Sheet.enter(item, text)` -> a new sheet. The same function serves
typing, saving, importing and checking again, so nothing is judged twice in two ways. Findings are values, never
exceptions; a text that can't be read is kept and shown.
"""
