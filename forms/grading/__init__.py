"""CTCAE: one measurement in, the grade of every term it can speak of out, with its working.

Nouns: the editions as data (`tables`, their criteria read by `bounds`), what surrounds a measurement (`frame`),
whether value, unit and limits can all be right (`scale`), the measurement made ready (`inputs`), a grade and a
person's ruling (`result`), terms as people search them (`terms`), the official wording a site
brings in (`nci_workbook`), another edition put in force (`regrade`).

Data: `Measurement` -> `inputs` -> `decide` -> `grade` -> `result.Grade`; `notes`, `signs` and `words` say afterwards
which limits, assumptions and gaps were met, and what would change it; `result.stored` is the text kept in the ledger.

Nothing is assumed in silence, a missing limit is never grade 0, and a grade that only a person can decide stays open.
Source of all criteria: NCI CTCAE 4.03, 5.0, 6.0.
"""
