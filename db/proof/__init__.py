"""The proof that nothing was altered.

`verify` looks at pages as they are read (`pages`), at the structure of the database (`blueprint`), the chain,
projections against the fold (`projections`), what lies beside the entries (`kept`), definitions, signatures (`signed`),
key file, what the clock did (`clockwork`) and a printed tip, and says what it could not check. It reads around damage
and names what it could not read.

`authors`: who said it, each entry against the seal of its author while the chain is walked. `rights`: whether the
author might do it then. `timeline`: what was in force when.

`copying`: copies that were opened and compared with the store before they count.

Data: a store -> faults, each with its place in words, and a list of what was proved. What somebody
who holds the key can still do is said with the result.
"""
