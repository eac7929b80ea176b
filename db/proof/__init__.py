"""The proof that nothing was altered.

`verify` looks at pages, chain, commitments, projections against the fold, definitions, signatures and a printed tip,
and says what it could not check. It reads around damage and names what it could not read.

Data: a store -> faults, each with its place in words, and a list of what was proved. Against somebody who holds the
key only a tip printed or kept elsewhere helps, and the result says so.
"""
