"""The language of rules: text -> tree -> a closure that answers in microseconds.

Nouns: token, node, read (what an expression looks at, known without running it), scope (where it stands), fault (what
can't be read, at which column). docs/expressions.md holds the grammar, the three-valued tables and the functions.

Data: `tokens` -> `parse` -> `nodes` -> `evaluate`; `expression` is the face of all four, `rule` an expression of a
study as it is run. When a study is checked, `names` asks whether what is named exists and `types` whether kinds can
go together; running an expression never asks.

An evaluation never raises and never writes. Unknown is neither true nor false.
"""
