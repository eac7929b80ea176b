"""Questions and answers over a page: one module a dialog.

A dialog asks (`ask`, `reason`, `ask_query`, `passphrase`, `start_study`), shows (`history`, `working`, `guide`,
`shortcuts`, `rehearsal`, `recovery_sheet`) or waits for long work that has the store to itself (`work`, `restoring`,
`rekeying`).
None floats but the guide, which may be read beside the page: each belongs to the window and ends by Esc.

Data: what is known -> dialog -> what was answered, handed to the page that asked. Only dialogs of long work act on
the store themselves.
"""
