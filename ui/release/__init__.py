"""New versions of the program from a stick, and the way back to the one before.

`manifest`: what a release folder holds and whether its maker signed it. `installing`: copies it beside the present
program, switches to it, goes back. `pointer`: which version is to run, read first of all at each start. `notes`: what a
version brings, to be read once. `known`: which stores a version must be able to open. No Qt, no network.

Data: folder on a stick -> signature and hashes -> ``versions/VERSION`` -> ``current.json`` -> the next start.
"""
