"""One subject, frozen: every value with its place, and what follows from it, found when it is asked for.

Nouns, from the ground up: filled form (`filled`), how far a form has come and what that allows to be written on it
(`states`), values that no two may share (`unique`), which version of the study judges which visit (`versions`), what
was worked out and still holds (`memo`), values with their order and days (`picture`); what applies and counts
(`applies`), reference limits that hold for a person on a day (`ranges`, `limits`), who is alive (`life`), values in the
order of time (`series`), the second measurement of an occasion (`beside`); a picture with what follows from it, and how
an expression sees it (`subject`); from when a version applies to it (`in_force`); the subject as of a clinical day
(`cut`).

Data: the store hands over values and states -> `Subject` -> facts, visits and days -> `forms.sheet` and
`forms.course`, and in a `forms.record.Dataset` the reports. A change makes a new `Subject`; the memo keeps what the
change can't have touched.
"""
