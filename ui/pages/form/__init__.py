"""One form on the screen: the page holds a sheet, paints it, and gives what is typed to the casebook.

`filling`: the form in hand, without a widget; page, acts and saver hold it and need not know each other. `page`: head,
sections, body. `head`: where one is, what is saved, what stands before Complete. `standing`: signatures, and why
nothing can be entered. `acts`: missing codes, history, working, rows, Complete. `saving`: leaving a field, asking for a
reason, drafts.

Data: key -> `Sheet.enter` -> painted; field left -> `Casebook.enter` -> Saved, or a reason is asked once.
"""
