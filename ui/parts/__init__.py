"""Small pieces that several pages share.

`band`: whose data one looks at. `marks`, `tones`, `chips`: state, severity and grade by shape first and colour
second. `pieces`, `flow`, `choice`, `drop_list`, `empty`, `tables`: the few kinds of labels, rows, buttons and lists
there are. `facts`, `places`, `moments`, `plain`: data in words, shown as it stands.

Data: given words and values -> widgets. A piece knows no page and asks no store.
"""
