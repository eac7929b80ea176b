"""The one door for data: whatever is typed, imported or decided goes in here, and every picture comes out of here.

Nouns: `session` (an open store and the person in front of it), open store (`reading`: what one may look at), `casebook`
(what one may do). Behind it: `entering` (place, right, reason), `following` (the one place that writes what follows
from a change), `completing`, `flagging` (verified, frozen, locked), `prelock` (what is lacking before the database is
locked, and locking it), `queries`, `redacting` (a text removed by two people), `waiting` (for a signature), `drafts`,
`broken_off` (where a session ended that was not signed out of), `subjects`, `newcomers` (before a subject is added),
`serious` (events not yet reported), `outline` and `outlooks` (what schedules want done), `worklist` (what is due across
all subjects), `versions` (which version of the study judges which visit), `dataset` (the frozen picture for reports).

Data: `Casebook.enter` -> `following` -> `forms.sheet.follow` -> one transaction: the entry, the derived values and
grades it causes, the queries it opens or closes -> `Changes`, which the window shows. Whatever is not allowed is a
`Refusal` before anything is written.
"""
