"""The cohort report: everything the definition's analysis asks for.

`data` evaluates the study's expressions for each subject as of the cut-off; one module a chapter counts and estimates
by `reports.statistics` and hands on `reports.figure.Figure`s; `words` writes them. `report` puts the chapters
together.

Data: `Dataset` -> `data.Cohort` -> figures, each with method, n and the subjects behind it -> pages and the JSON of
every number. What the PDF prints and what the JSON holds are the same objects.
"""
