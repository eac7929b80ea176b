"""What a definition is: the frozen dataclasses of a study, and their canonical JSON.

Nouns, ODM's and CDASH's where they exist: study, event, form, item group, item, code list, check, derivation, drug,
role, setting (`definition`); set, endpoint, division, comparison of the cohort report (`analysis`). `names` holds the
few CDASH names by which the program itself finds something in a definition; everything else is the author's.

`patterns`: ids of subjects, matched in linear time. `uses`: which fields use a setting. Data: an author's YAML
becomes a `Study` in `forms.authoring`; `canonical` writes it as JSON that is the same for the same study, whose
sha256 names it, and reads it back without pydantic. The store keeps that JSON and every entry names the definition it
was made under. To run a study, `forms.compiled` lays it out once.

Nothing here evaluates anything.
"""
