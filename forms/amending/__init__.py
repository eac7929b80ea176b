"""A new version of a study beside the one in force: what differs, and what that does to a subject.

`difference`: the two definitions compared, each change said in words.
`effects`: what putting the new one in force would do to the data of one subject, before anything is written.
`listed`: those effects as a list, what weighs most first, in words and as CSV.

Data: two `Study` -> changes in words; a `Subject` by the old version and by the new one -> effects, some of which bar
the amendment and some of which a person has to accept.
"""
