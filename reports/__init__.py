"""Pages, figures and data files made of a frozen `forms.record.dataset.Dataset`. Pure: same dataset, same bytes.

`paper`: what every printed page is made of. `figures`: vector drawings of numbers already computed. `statistics`:
proportions, survival, tests, description; every result names its method. `pdf`: the reports. `data`: data files.
`figure`: the record of one number, which PDF and JSON both print. `registry`: which reports there are, for the window
and the command line.

Data: `Dataset` -> expressions of the study evaluated for each subject -> statistics -> `Figure` -> page. Nothing here
knows the screen, the store or the wall clock. Report modules are imported when first used.
"""
