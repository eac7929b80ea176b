"""Who works here, and who the subjects are.

`accounts`: people added, given a role, taken away, passphrases changed and recovered, all as acts in the ledger.
`pin`: six digits that take the cover off after an inactivity lock, in memory alone.
`signing`: forms, visits and casebooks signed with the own passphrase.
`rekey`: a new key for the whole store. `identity`: the local identification log under a key of its own, in nothing
that leaves the store; `identity_sheet` reads a hospital's rows into it.

Data: an act of an administrator -> ledger and key file together -> rights asked at every act.
"""
