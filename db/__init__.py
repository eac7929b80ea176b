"""What is known and who said so: the encrypted store of one trial at one site, and its one history.

A store is a folder ``NAME.casebook/`` with `store.db` (SQLCipher), `keys.json` (the key of the store, wrapped for each
person by their passphrase), `tries.json` (failed sign-ins not yet in the ledger) and `lock` (who is writing).

- `clock`: the only reader of the clock. `_sqlite`: the only importer of SQLCipher and sqlite-utils.
- `keys`, `lock`, `tries`: the files beside the database. `key_acts`: what binds the key file into the ledger.
- `door`: what a sign-in page may know of a store; light. `vault`: making and opening a store.
- `schema`: numbered steps. `ledger`: append-only entries in strands, each bound to the one before by its hash.
- `projection`: what the ledger amounts to, as tables kept by triggers and as a fold that must agree with them.
- `casebook`: the one door for data. `entering`, `completing`, `queries`, `subjects`, `drafts`: what stands behind it.
- `accounts`: people, roles, passphrases. `boxes`: sealing for a person by public key. `rekey`: a new key for the store.
- `identity`: the local identification log under a key of its own; `identity_sheet` reads a hospital's rows into it.
- `second_factor`: six digits at sign-in (RFC 6238).
- `surroundings`: what is noticed at sign-in (folder, key file, clock). `backups_auto`: copies that make themselves.
- `dataset`: the frozen picture for reports. `exchange`: data files.
- `prospects`: what schedules want done, kept until something changes.
- `backup`, `verify`: copies that were opened before they count, and the proof that nothing was altered.

Data flow: ``Casebook.enter`` -> `forms.sheet.follow` -> one transaction of `ledger.append` -> triggers -> ``Changes``.
"""

VERSION = "0.1.0"
"""Version of the program, written into every entry."""
