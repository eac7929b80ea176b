"""Administration: people, keys, copies. Each tab shows only what the person may do.

`page` holds the tabs; `people`: who has which role from when to when; `keys`: passphrase, recovery sheet, a new key;
`backups`: the second place, copies, rehearsing the way back; `lock`: what is lacking, and the database lock;
`amend`: another version of the study, tried dry and put in force.

Data: an act -> `db.people` or `db.copies` -> an entry in the ledger -> the list anew.
"""
