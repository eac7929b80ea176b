"""All guides and the quick card as files: one folder a language, the pictures once, a page to begin with."""

from __future__ import annotations

from html import escape

from forms.texts import LANGUAGES
from ui.guide.book import DOCS, GUIDES, packed
from ui.guide.card import card
from ui.guide.paging import STYLE, page, title


def files() -> dict[str, bytes]:
    """Every file of the guides by its path, ``LANGUAGE/GUIDE.html``, ``pictures/..``; small ones first."""
    made: dict[str, bytes] = {"index.html": index().encode()}
    for language in LANGUAGES:
        for guide in GUIDES:
            made[f"{language}/{guide}.html"] = page(guide, language).encode()
        made[f"{language}/quick-card.pdf"] = card(language)
    folder = (packed() or DOCS) / "pictures"
    for path in sorted(folder.glob("*/*.png")):
        made[f"pictures/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return made


def index() -> str:
    """The page that leads to each guide in each language."""
    lists = "\n".join(
        "<ul>" + "".join(
            f'<li><a href="{language}/{guide}.html">{escape(title(guide, language))}</a></li>' for guide in GUIDES
        ) + f'<li><a href="{language}/quick-card.pdf">PDF</a></li></ul>'
        for language in LANGUAGES
    )  # fmt: skip
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Casebook</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>Casebook</h1>\n{lists}\n</body>\n</html>\n"
    )
