"""What expressions can call: general functions, clinical calculators, scores, response of HLH, CTCAE terms.

`calculators`, `scores`, `hlh`, `ctcae_terms` hold the clinical ones. A function is declared with `formula`: arguments
with kinds, units and limits, and its published reference. Importing `general` brings all of them into `FUNCTIONS`,
from which docs/expressions.md is written and the parser knows names.

Data: expression -> evaluated arguments, each read as its kind -> result. An argument that is unknown, of another kind
or outside the limits a formula was made for makes the result unknown, unless the argument welcomes unknown.

To add one: a function with its reference in the module of its subject, nothing else.
"""
