"""The way back: copies that were opened before they count.

`restoring`: taking a copy back without losing what stands there. `automatic`: when a copy is due, which old ones go,
how old the last one is, and rehearsing the way back with a protocol. A copy itself is made and proved in
`db.proof.copying`.

Data: copy -> proved -> brought up to date -> the store's place, the old one kept aside; a strand of its own begins.
"""
