"""Hands and eyes: the window (Qt) and, in `commands`, the command line (no Qt).

`window`: the one window and what is always in it. `pages`: what one works on; `dialogs`: questions over a page;
`editors`: one for each kind of item; `models`: lists that fetch when they are looked at; `parts`: small pieces that
several pages share; `guide`: the guides as pages, and which section tells about what (no Qt).

`hub`: the only signal about data. `settings`: the only one about appearance. `actions`: every shortcut, once. `jobs`:
long work in one thread. `messages`: errors in words. `diagnostics`: what may be sent after one. `release`: new versions
from a stick. `text_size`: how large everything is. `stores`, `backups`: the verbs of the store that several pages use.

Nothing here knows SQL, a table name or a data frame. Heavy libraries are imported where they are first used.
"""
