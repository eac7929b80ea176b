"""The case-report forms of a definition on paper: blank, or annotated for data managers.

`report` puts the pages together, `fields` typesets a question for filling in by hand, `notes` prints ids, CDASH
names, kinds, bounds and rules beside it, `words` says conditions in words.

Data: `Study` -> forms in the order of the visits -> pages. No subject is needed.
"""
