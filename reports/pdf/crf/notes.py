"""Annotations of a case-report form: ids, CDASH names, kinds, bounds, rules, conditions, in small coloured print."""

from __future__ import annotations

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from forms.shown import unit_words
from forms.study.definition import Bounds, Check, EventForm, Form, Item, ItemGroup, Study
from forms.texts import said, say
from forms.values.digits import range_words
from reports.paper.style import ALARM, SIZE_SMALL, marked, paragraph_style
from reports.pdf.crf.fields import NOTE

BLOCKED = f"#{ALARM.hexval()[2:]}"
NAMED = f"#{NOTE.hexval()[2:]}"


class _Whole(Paragraph):  # type: ignore[misc]
    """A note that goes to the next page rather than being torn, unless it is very long."""

    LONGEST = 200.0

    def split(self, available_width: float, available_height: float) -> list[Paragraph]:
        """The parts; none when it should move on whole."""
        if self.wrap(available_width, available_height)[1] <= self.LONGEST:
            return []
        return list(super().split(available_width, available_height))


def item_notes(item: Item, language: str) -> list[Paragraph]:
    """Everything the definition says of a question."""
    lines = [_first_line(item, language)]
    lines += _rule_lines(item, language)
    lines += [_check_line(check, language) for check in item.checks]
    return _paragraphs(lines, language)


def group_notes(group: ItemGroup, language: str) -> list[Paragraph]:
    """Id of a group and when it is shown."""
    words = [group.id, say(language, "crf.note.repeat") if group.repeat else ""]
    lines = [_named(" · ".join(filter(None, words)))]
    if group.show:
        lines.append(_pair("crf.note.show", group.show, language))
    return _paragraphs(lines, language)


def form_notes(study: Study, form: Form, language: str) -> list[Paragraph]:
    """Id, domain, date, drug of a form, and in which events it stands."""
    words = [
        form.id,
        say(language, "crf.note.domain", domain=form.domain) if form.domain else "",
        say(language, "crf.note.date_item", item=form.date_item) if form.date_item else "",
        say(language, "crf.note.drug", drug=form.drug) if form.drug else "",
        say(language, "crf.note.form_repeat") if form.repeat else "",
    ]
    lines = [_named(" · ".join(filter(None, words)))]
    lines += [
        _pair("crf.note.when", f"{event.id}: {entry.when}", language)
        for event in study.events
        for entry in event.forms
        if entry.form == form.id and entry.when
    ]
    return _paragraphs(lines, language)


def form_checks(form: Form, language: str) -> list[Paragraph]:
    """Checks that concern several questions of a form."""
    return _paragraphs([_check_line(check, language) for check in form.checks], language)


def entry_mark(entry: EventForm) -> str:
    """● required, ○ when indicated, ◐ under a condition."""
    return "◐" if entry.when else "●" if entry.required else "○"


def _first_line(item: Item, language: str) -> str:
    units = ", ".join(told for unit in item.units if (told := unit_words(unit, language)))
    words = [
        item.id,
        say(language, "crf.note.cdash", name=item.cdash) if item.cdash else "",
        say(language, f"crf.kind.{item.kind}"),
        say(language, "crf.note.decimals", count=item.decimals) if item.decimals is not None else "",
        units,
        say(language, "crf.note.codelist", name=item.codelist) if item.codelist else "",
        say(language, "crf.note.analyte", name=item.analyte) if item.analyte else "",
        say(language, "crf.note.graded") if item.grade else "",
        say(language, "crf.note.lookup") if item.lookup else "",
    ]
    return _named(" · ".join(filter(None, words)))


def _rule_lines(item: Item, language: str) -> list[str]:
    lines = []
    if item.show:
        lines.append(_pair("crf.note.show", item.show, language))
    if item.required == "true":
        lines.append(_pair("crf.note.always", "", language))
    elif item.required not in ("", "false"):
        lines.append(_pair("crf.note.required", item.required, language))
    if item.derive:
        lines.append(_pair("crf.note.derive", item.derive, language))
    limits = [
        f"{say(language, key)} {bounds_words(bounds)}"
        for key, bounds in (("crf.note.hard", item.hard), ("crf.note.soft", item.soft))
        if bounds is not None
    ]
    return [*lines, _plain(" · ".join(limits))] if limits else lines


def bounds_words(bounds: Bounds) -> str:
    """``0–100``, ``≥ 0``, ``≤ 100``."""
    return range_words(bounds.low, bounds.high)


def _check_line(check: Check, language: str) -> str:
    severity = say(language, f"crf.severity.{check.severity}")
    words = marked(f"{check.id} [{severity}] {check.holds} → {said(check.text, language)}")
    return f'<font color="{BLOCKED}">{words}</font>'


def _pair(key: str, text: str, language: str) -> str:
    return _plain(f"{say(language, key)} {text}".strip())


def _plain(text: str) -> str:
    return f'<font color="{NAMED}">{marked(text)}</font>'


def _named(text: str) -> str:
    return f'<font color="{NAMED}"><b>{marked(text)}</b></font>'


def _paragraphs(lines: list[str], language: str) -> list[Paragraph]:
    small = paragraph_style("small", language)
    style = ParagraphStyle(
        f"annotation-{language}", parent=small, leftIndent=14, spaceAfter=0.5, leading=SIZE_SMALL * 1.28
    )
    return [_Whole(line, style) for line in lines]
