"""All queries: what was asked, where, by whom; answered and closed here, mended in the form.

`page`: the list, the thread of the chosen one, the box for an answer. `listing`: the same as a file, PDF or CSV.

Data: `Casebook.queries` -> table and thread; an answer -> `Casebook.answer_query` -> `hub.changed`.
"""
