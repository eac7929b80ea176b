"""Data files, one format a file.

`data_file`: one value a row, as `import` takes it. `queries_csv`: the listing of queries as a table file.

Data: `Dataset` -> rows -> text. Columns and missing codes are a contract with scripts (docs/users.md).
"""
