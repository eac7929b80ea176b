"""The files beside the database, and nothing of what is in it.

A store is a folder: `store.db`, the key file (`keys`: the store's key wrapped for each person by their passphrase),
failed sign-ins (`tries`), who is writing (`lock`), how far entries were acknowledged (`counter`). `presence` tells
whether the files of an open store are still the ones it was opened with, `whereabouts` whether the folder lies on
another computer or where a program copies it to a server. `shapes` reads what is not sealed as if it came from an
enemy. `paths` says where they lie and writes them so that a power cut leaves the old one or the new one;
`unfinished` clears what a sudden end left, or finishes it; `copying` copies a database whole; `boxes` seals for a
person by public key; `door` is all a sign-in page may know.

Data: passphrase -> `door` -> the keys behind it -> `db.opening`. Nothing here reads the database: `door` only sees
which of two key files fits it.
"""
