"""What every printed page is made of.

`style`: the one font family, sizes, colours. `page`: the A4 document with header, footer, bookmarks and contents.
`tables`, `cells`, `lines`: tables that break well, laid out as plain lines so that a long trail costs little.
`places`: where something lies, in words. `threads`: a query with its answers.

Data: words and numbers of a report -> flowables -> bytes. No wall clock: the same dataset gives the same bytes.
"""
