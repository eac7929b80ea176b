"""The statistics of the reports. Pure Python on exact counts; every result names its method.

- `numbers`: rounding half away from zero on Decimal, percentages. `special`: the distribution functions.
- `proportions`: exact limits of a proportion. `survival`: Kaplan-Meier, limits, median, landmarks, log-rank.
- `comparisons`: Fisher, Pearson, rank-sum, signed rank; `freeman_halton`: Fisher's test of larger tables. `describe`:
  median and range, with the sign of results given as a limit.

What cannot be estimated is None, printed "NE".
"""
