"""One report a file or a folder: what it says, in which order.

`casebook`: one subject, everything as entered. `cohort`: everything the definition's analysis asks for. `crf`: the
forms of a definition on paper. Besides: `audit`, `queries`, `delegation`, the `recovery` sheet, the protocol of a
`rehearsal`, the `quick_card` of one page.

Data: `render(dataset, ...)` -> bytes. `reports.registry` lists those that the window and the command line offer;
modules are imported when first rendered.
"""
