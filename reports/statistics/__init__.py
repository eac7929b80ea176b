"""The statistics of the reports. Pure Python on exact counts; every result names its method.

- `numbers`: rounding half away from zero on Decimal, percentages. `special`: the distribution functions.
- `proportions`: exact limits of a proportion. `survival`: Kaplan-Meier, limits, median, landmarks, log-rank.
- `comparisons`: Fisher, Fisher-Freeman-Halton, Pearson, rank-sum, signed rank. `describe`: median, range, quartiles.

What cannot be estimated is None, printed "NE".
"""
