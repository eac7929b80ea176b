"""What may be known, and what follows from it: the definition of a study, values, rules and grades. Pure.

Nothing here knows the clock, the screen or the store; the disk is touched by the loader and for shipped resources only.

The nouns
- `place`, `value`, `findings`, `errors`, `texts`: where a value stands, what it is, what is said about it.
- `study`, `analysis`: a definition as plain dataclasses; `known`: the names in one that the program must understand;
  `dataset`: what a report reads.
- `delegation`: who had which role.

A definition
- `load` YAML -> Study with every fault at once, through `load_yaml`, `load_rules`, `load_check`, `load_analysis`.
- `study_json` Study <-> canonical JSON. `compiled`: the study made ready to run; `rule`: one
  expression of it; `graph`: what depends on what in it.

Values and expressions
- `dates`, `kinds`, `censored`, `units`, `glyphs`: typed text -> canonical value -> shown text.
- `expr*` the language: tokens, nodes, parsing, values, evaluation, names. `formula`, `functions` what it can call:
  `calculators`, `scores`, `response`, `ctcae_choices`.

A subject
- `subject`: the frozen picture of one subject; `filled`: one form of it; `scope`: where an expression stands in it;
  `memo`: what was worked out and still holds; `ranges`: which limits apply; `cut`: the subject as of a clinical day.
- `sheet`: one form being filled; `rules`: the checks every study has; `derive`: results and grades of one spot;
  `beside`: the second measurement of an occasion; `follow`: what a change causes elsewhere.
- `schedule`: planned, actual and due visits; `prospects`: what they want, whatever the day;
  `samples`: one sample that serves two visits.

CTCAE
- `ctcae_tables`, `terms`, `nci_workbook`: editions, their search, the official wording a site brings in.
- `grade` with `grade_*`: a measurement -> grades with their working; `episodes`: a series of them -> events;
  `ctcae_change`: what another edition would change.

Data flow: YAML -> `Study`; ledger -> `Subject`; (`Subject`, form) -> `Sheet`; key stroke -> `Sheet.enter` -> `Sheet`.
"""
