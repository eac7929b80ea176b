"""Making a store, opening one, signing in.

`vault`: the folder, keys, lock, schema steps, and who signs in. `second_factor`: six digits at sign-in.
`surroundings`: what is noticed then (where the folder lies, which key file, what the clock did). `key_acts`: a change
of the key file and the act that binds it, both or neither.

Data: path, name, passphrase -> key of the store -> database -> `db.casebook.Casebook` as that person.
"""
