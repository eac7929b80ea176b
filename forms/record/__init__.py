"""What is handed on: the frozen picture for reports, and what acts say in words.

`dataset`: subjects, entries, queries and versions of one store at one instant; `db` fills it, `reports` reads it, and
neither knows the other. `stream`: every value of it with its place, unit, missing code, label and code, which each
export format writes thinly. `data_file`: the columns of the data file. `trail`: what the ledger's entries say to
people. `signatures`: what may be signed, and what stands over a form. `delegation`: who had which role from when to
when.

Data: ledger -> `Dataset` -> pages, figures and data files. Two instants are never mixed: as of (what was recorded by
then) and cut-off (the clinical day after which events don't count).
"""
