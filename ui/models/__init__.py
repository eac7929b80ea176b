"""Models hold keys, fetch rows when they are looked at, and go stale by what the hub names.

`subject_list`: searched and paged by the database. `schedule`: a row for each visit, a column for each form.
`identity_log`: typed and pasted into. `plain`: short lists.

Data: `hub.changed(changes)` -> rows named in it go stale -> fetched anew when next painted. No model sorts or filters
what the database can.
"""
