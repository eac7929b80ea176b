"""The schedule of a subject: visits down, forms across, each cell a mark.

`view`: running records, grid, legend. `grid`: arrows move, Enter opens, Space folds a cycle. `frozen`: the columns
that stay while the forms are scrolled.

Data: `Subject` -> `ui.models.schedule` -> grid; Enter -> the form's key to the subject page.
"""
