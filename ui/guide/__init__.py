"""The guides: what they are made of, how they become pages, and which section belongs to which page of the window.

`book`: which guides there are, their chapters in order, where pictures lie. `paging`: Markdown of a guide to one page
of plain HTML with contents and anchors. `anchors`: page or dialog to guide and section. `bound`: all of it as files, as
the packed program carries it and the command `guide` writes it. `card`: the quick card from the table of shortcuts.

Data: docs/guide/{en,zh}/{users,operators}, docs/*.md, docs/pictures -> one HTML page a guide and language -> the
window's reader (F1), or a folder of files. The packed program holds the finished pages and no Markdown. Nothing here
knows Qt.
"""
