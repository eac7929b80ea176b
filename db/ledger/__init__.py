"""The history: append-only entries in strands, and what they amount to.

Nouns: entry (who, when, place, value, what it replaces, why, under which definition), strand (one for each device),
tip (the hash of the last entry), projection (tables kept by triggers), fold (the same, worked out from the entries).

`schema`: numbered steps, never edited. `ledger`: appending. `chain`: walking entries against their hashes.
`seals`: who said it, the signature under each transaction. `binding`: what hashes and seals are made of.
`projection`: tables and fold that must agree. `definitions` and `roles`: the study, ranges, people and rights as the
entries tell them. `signatures`: what an electronic signature binds. `marks`: what it keeps of rows that lie beside its
entries. `counted`: how many were acknowledged.

Data: `append` -> one entry, bound to the one before by its hash -> triggers -> current value, state, query, subject
line. The audit trail is not beside the data; it is the data.
"""
