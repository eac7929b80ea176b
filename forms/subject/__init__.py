"""One subject, frozen: every value with its place, and what follows from it, found when it is asked for.

Nouns: `subject`, filled form (`filled`), what applies and counts (`applies`), who is alive (`life`), scope of an
expression (`scope`), reference limits that hold for a person on a day (`ranges`, `limits`), values that no two may
share (`unique`), the second measurement of an occasion (`beside`), what was worked out and still holds (`memo`), the
subject as of a clinical day (`cut`).

Data: the store hands over values and states -> `Subject` -> facts, visits and days -> `forms.sheet` and
`forms.course`, and in a `forms.record.Dataset` the reports. A change makes a new `Subject`; the memo keeps what the
change can't have touched.
"""
