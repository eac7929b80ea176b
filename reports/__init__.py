"""Pages, figures and data files made of a frozen `forms.record.dataset.Dataset`. Pure: same dataset, same bytes.

- `style`: the one font family, sizes, colours; `printable` shows a character the font lacks by its code point.
- `page`: the A4 document with header, footer, bookmarks and contents. `tables` (`cells`, `lines`): tables that break
  well.
- `statistics/`: proportions, survival, tests, description. Pure Python; every result names its method.
- `figures/`: vector drawings. They take numbers that are already computed, and draw.
- `pdf/`: one file a report (`cohort`, `casebook`, `audit`); `data/`: one file an export format.
- `figures_json`: the `Figure` record, one for every number of the cohort report; PDF and JSON print the same objects.
- `registry`: what reports there are, for the window and the command line.

Data flow: `Dataset` -> expressions of the study evaluated for each subject -> statistics -> `Figure` -> page.
Nothing here knows the screen, the store or the wall clock. Report modules are imported when first used.
"""
