"""Hands: one editor for each kind of item. An editor shows text and says what was typed; it judges nothing.

`base`: the signals every editor has. `line`, `long`, `choice`, `lookup`: a line, a long text, codes, a searched term.
`canvas`: a form is one painted surface with one editor on it, laid out by `canvas_layout`, filled by `canvas_lines`,
painted by `canvas_paint`. `words`: texts beside fields.

Data: sheet -> canvas -> editor of the field with the cursor -> `typed(text)` -> the form page. To add a kind: one class
here, one line in `editor_for`, one class in `forms.values.kinds`.
"""

from PySide6.QtWidgets import QWidget

from forms.study.definition import CodeList, Item
from ui.editors.base import Editor
from ui.editors.choice import ChoiceEditor, ComboEditor, SeveralEditor
from ui.editors.line import LineEditor
from ui.editors.long import LongEditor
from ui.editors.lookup import TermEditor, TermSource

CHOICES_AT_MOST = 4
"""A code list up to this long is shown as buttons, a longer one as a list that opens."""


def editor_for(
    item: Item, codelist: CodeList | None, language: str, parent: QWidget, terms: TermSource | None = None
) -> Editor:
    """The editor of an item's kind, empty."""
    if item.lookup == "ctcae" and terms is not None:
        return TermEditor(item, language, parent, terms)
    if item.kind == "code" and codelist is not None:
        kind = ChoiceEditor if len(codelist.codes) <= CHOICES_AT_MOST else ComboEditor
        return kind(item, codelist, language, parent)
    if item.kind == "codes" and codelist is not None:
        return SeveralEditor(item, codelist, language, parent)
    if item.kind == "long":
        return LongEditor(item, language, parent)
    return LineEditor(item, language, parent)
