"""What is known and who said so: the encrypted store of one trial at one site, and its one history.

A store is a folder NAME.casebook with the database (SQLCipher), the key file (the store's key, wrapped for each
person by their passphrase), failed sign-ins not yet in the ledger, and who is writing. On top stand `clock`, the only
reader of the clock, and `sqlite`, the only importer of SQLCipher and sqlite-utils.

Rooms: `folder` (the files beside the database), `ledger` (the history and what it amounts to), `casebook` (the one
door for data), `proof` (shown to be unaltered), `opening` (making, opening, signing in), `people` (who works here,
who the subjects are), `copies` (the way back), `incoming` (what comes from outside).

Data: `Casebook.enter` -> `forms.sheet.follow` -> one transaction of the ledger -> triggers -> `Changes`.
"""

VERSION = "0.1.0"
"""Version of the program, written into every entry."""
