"""What may be known, and what follows from it: the definition of a study, values, rules and grades. Pure.

Nothing here knows the clock, the screen or the store; the disk is touched by the loader and for shipped resources only.

- `place`, `value`, `findings`, `study`, `dataset`, `errors`: the nouns.
- `load` YAML -> Study with every fault at once; `study_json` Study <-> canonical JSON.
- `dates`, `kinds`: typed text -> canonical value -> shown text. `expr`, `functions`: the expression language.
- `subject`: the frozen picture of one subject. `sheet`: one form of it being filled. `follow`: what a change causes.
- `schedule`: planned, actual and due visits. `grade`: CTCAE by tables, with its working.

Data flow: YAML -> `Study`; ledger -> `Subject`; (`Subject`, form) -> `Sheet`; key stroke -> `Sheet.enter` -> `Sheet`.
"""
