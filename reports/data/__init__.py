"""Data files, one format a file.

`data_file`: one value a row, as `import` takes it. `queries_csv`: the listing of queries as a table file.

Data: `Dataset` -> `forms.record.stream` -> rows -> text: a format says how a value is written, never which.
Columns and missing codes are a contract with scripts (docs/guide/en/users/70_reports.md).
"""
