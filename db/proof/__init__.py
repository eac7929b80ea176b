"""The proof that nothing was altered.

`verify` looks at pages as they are read (`pages`), at the structure of the database (`blueprint`), the chain,
projections against the fold (`projections`), what lies beside the entries (`kept`), definitions, signatures, what the
clock did (`clockwork`) and a printed tip, and says what it could not check. It reads around damage and names what it
could not read.

`copying`: copies that were opened and compared with the store before they count.

Data: a store -> faults, each with its place in words, and a list of what was proved. Against somebody who holds the
key only a tip printed or kept elsewhere helps, and the result says so.
"""
