"""Conditions of a definition in words for a page of paper: "only if Sex: Female"."""

from __future__ import annotations

from decimal import Decimal

from forms.expressions.expression import parse
from forms.expressions.nodes import (
    Comparison,
    Constant,
    FactOf,
    Here,
    Joined,
    Known,
    Membership,
    Name,
    Node,
    SettingOf,
    There,
)
from forms.expressions.tokens import ExpressionFault
from forms.study.definition import Form, Item, Study
from forms.texts import said, say

SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=", "!=": "≠"}


class Telling:
    """Tells conditions of one form in one language."""

    def __init__(self, study: Study, form: Form, language: str) -> None:
        self.study, self.form, self.language = study, form, language

    def condition(self, text: str) -> str:
        """The condition in words; a general phrase where it can't be put shortly; "" when there is none."""
        if text.strip() in ("", "true"):
            return ""
        try:
            words = self._tell(parse(text).node)
        except ExpressionFault:
            words = None
        if not words:
            return say(self.language, "crf.condition_other")
        return say(self.language, "crf.condition", condition=words)

    def _tell(self, node: Node) -> str | None:
        if isinstance(node, Joined):
            return self._joined(node)
        if isinstance(node, Comparison):
            return self._comparison(node)
        if isinstance(node, Membership):
            item = self._item(node.part)
            options = [self._constant(option, item) for option in node.options]
            if item is None or None in options:
                return None
            either = say(self.language, "crf.or").join(option for option in options if option)
            return self._answered(said(item.label, self.language), either)
        if isinstance(node, Known):
            name = self._name(node.part)
            return name and say(self.language, "crf.is_known" if node.known else "crf.is_unknown", what=name)
        return None

    def _joined(self, node: Joined) -> str | None:
        """Parts joined. On paper "unknown or ..." says nothing more than what follows."""
        parts = [part for part in node.parts if not (node.word == "or" and isinstance(part, Known) and not part.known)]
        told = [self._tell(part) for part in parts]
        if not told or None in told:
            return None
        return say(self.language, f"crf.{node.word}").join(words for words in told if words)

    def _comparison(self, node: Comparison) -> str | None:
        item, name = self._item(node.left), self._name(node.left)
        value = self._constant(node.right, item)
        if name is None or value is None:
            return None
        if node.sign == "=":
            return self._answered(name, value)
        if node.sign == "!=":
            return say(self.language, "crf.is_not", what=name, value=value)
        return f"{name} {SIGNS[node.sign]} {value}"

    def _answered(self, question: str, answer: str) -> str:
        mark = "" if question.endswith(("?", "？")) else say(self.language, "crf.colon")
        return f"{question}{mark} {answer}" if mark.isascii() else f"{question}{mark}{answer}"

    def _item(self, node: Node) -> Item | None:
        if isinstance(node, Here):
            return self.form.items.get(node.item)
        if isinstance(node, There):
            form = self.study.form_by_id.get(node.form)
            return form.items.get(node.item) if form else None
        if isinstance(node, FactOf):
            fact = self.study.fact_by_id.get(node.name)
            return Item(fact.id, fact.label, fact.kind, codelist=fact.codelist) if fact else None
        return None

    def _name(self, node: Node) -> str | None:
        if isinstance(node, Name) and node.name == "cycle":
            return say(self.language, "crf.cycle")
        item = self._item(node)
        return said(item.label, self.language) if item else None

    def _constant(self, node: Node, item: Item | None) -> str | None:
        if isinstance(node, SettingOf):
            setting = self.study.setting_by_id.get(node.name)
            return setting.value if setting else None
        if not isinstance(node, Constant) or not isinstance(node.value, str | Decimal):
            return None
        labels = self.study.codelist_by_id[item.codelist].labels if item is not None and item.codelist else {}
        text = str(node.value)
        return said(labels[text], self.language) if text in labels else text
