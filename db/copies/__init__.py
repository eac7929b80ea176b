"""The way back: copies that were opened before they count.

`restoring`: making a copy, comparing it, taking one back without losing what stands there. `automatic`: when a copy
is due, which old ones go, how old the last one is, and rehearsing the way back with a protocol.

Data: store -> copy -> opened and compared -> counted; backup -> verified -> the store's place, the old one kept
aside.
"""
