"""One subject's casebook: cover, schedule, every form as entered, grades with their working, queries, audit trail.

`report` puts it together, `forms` draws one form with unit, reference range, grade and change mark, `signed` who
signed it and what broke a signature, `annex` what stands behind the forms.

Data: `Dataset` of one subject -> sheets opened as the window opens them -> pages.
"""
