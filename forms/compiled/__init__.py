"""A study made ready to run: every expression parsed when first needed, every form laid out, every event in order.

Nouns: `study.CompiledStudy` with a plan for each form and item; `graph`: what depends on what, at the level of the
definition, found without running anything; `life`: where a study says who is alive and who is dead; `companions`:
which items are measured beside a graded one and decide with it.

Data: `Study` -> `compiled` (once for each definition) -> asked by `forms.subject` and `forms.sheet` at every key. The
graph is walked backwards from a changed place to everything that may follow from it.
"""
