"""What may be known, and what follows from it: the definition of a study, values, rules and grades. Pure.

Nothing here knows the clock, the screen or the store; the disk is touched by the loader and for shipped resources
only. On top stand the words all rooms share: `place` (where a value lives), `value` (what it is), `findings` (what is
said about it), `errors`, `texts`, `shown` (values in words, with unit and sign), `progress` (how far long work is).

From the ground up: `study` (what a definition is), `values` (typed text to value), `grading` (CTCAE), `functions` and
`expressions` (the language of rules), `compiled` (a study made ready to run), `authoring` (what an author wrote,
every fault at once), `subject` (one subject, frozen), `sheet` (one form: check, derive, grade, follow), `course` (the
subject over time), `record` (what is handed on to reports), `amending` (a new version beside the one in force).

Data: YAML -> `Study`; ledger -> `Subject`; (`Subject`, form) -> `Sheet`; key stroke -> `Sheet.enter` -> `Sheet`.
"""
