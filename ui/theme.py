"""The look: Fusion, an own light and an own dark palette, one small style sheet, one bundled font.

Sizes are in device-independent pixels on a grid of 4. Text colours stand at 4.5:1 or more on every ground they are
used on (WCAG 2.1, success criterion 1.4.3), and what bounds a control, shows the focus or carries meaning without words
at 3:1 (criterion 1.4.11); a test measures both. `line` only divides and carries no meaning.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from resources import folder

TEXT_SIZE = 13
SMALL_SIZE = 12

STYLED = "styled"
"""Property of an application that already has the style Fusion. Qt takes it from `STYLE` as well; asking for it by
`setStyle` gives back a QStyle, whose many enumerations cost a twentieth of the start."""

STYLE = ("-style", "fusion")
"""Arguments for a new QApplication."""


class Look(NamedTuple):
    """Named colours of one appearance."""

    window: str
    base: str
    raised: str
    rail: str
    hover: str
    chosen: str
    line: str
    strong_line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    accent_hover: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info: str
    info_soft: str


LIGHT = Look(
    window="#f6f8fa",
    base="#ffffff",
    raised="#ffffff",
    rail="#eef2f5",
    hover="#e6ecf1",
    chosen="#dbe8f5",
    line="#dde3e9",
    strong_line="#7a8896",
    text="#1b2530",
    quiet="#566370",
    accent="#1f5fa8",
    on_accent="#ffffff",
    accent_hover="#194f8c",
    good="#1e6b43",
    good_soft="#e0f1e7",
    warn="#855000",
    warn_soft="#fbeed3",
    bad="#b3261e",
    bad_soft="#fbe4e1",
    info="#1f5fa8",
    info_soft="#e2edf8",
)

DARK = Look(
    window="#171c21",
    base="#1e242b",
    raised="#222a32",
    rail="#14191d",
    hover="#29323b",
    chosen="#243a52",
    line="#333d47",
    strong_line="#768593",
    text="#e3e8ed",
    quiet="#a3afbb",
    accent="#7db4f0",
    on_accent="#0e1a26",
    accent_hover="#9cc7f5",
    good="#7fd0a2",
    good_soft="#1d3a2b",
    warn="#f0b35a",
    warn_soft="#40311a",
    bad="#ff8a80",
    bad_soft="#46221f",
    info="#7db4f0",
    info_soft="#1f3347",
)


def look(palette: QPalette | None = None) -> Look:
    """The colours that fit a palette's ground, the program's palette when none is given."""
    ground = (palette or QApplication.palette()).color(QPalette.ColorRole.Window)
    return DARK if ground.lightness() < 128 else LIGHT


@cache
def palette(dark: bool) -> QPalette:
    """The whole palette, disabled roles included."""
    c = DARK if dark else LIGHT
    role = QPalette.ColorRole
    made = QPalette()
    for where, colour in (
        (role.Window, c.window),
        (role.WindowText, c.text),
        (role.Base, c.base),
        (role.AlternateBase, c.window),
        (role.Text, c.text),
        (role.Button, c.raised),
        (role.ButtonText, c.text),
        (role.BrightText, c.bad),
        (role.ToolTipBase, c.raised),
        (role.ToolTipText, c.text),
        (role.PlaceholderText, c.quiet),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.on_accent),
        (role.Link, c.accent),
        (role.LinkVisited, c.accent),
        (role.Accent, c.accent),
        (role.Light, c.raised),
        (role.Midlight, c.hover),
        (role.Mid, c.strong_line),
        (role.Dark, c.strong_line),
        (role.Shadow, c.strong_line),
    ):
        made.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(c.quiet))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(c.hover))
    made.setColor(QPalette.ColorGroup.Disabled, role.HighlightedText, QColor(c.quiet))
    return made


def load_font() -> str:
    """Make the bundled family known to Qt and return the family to use; the system's own when the files are absent."""
    families: list[str] = []
    for file in ("CasebookSans-Regular.ttf", "CasebookSans-Bold.ttf"):
        path = folder("fonts", file)
        if path.exists():
            number = QFontDatabase.addApplicationFont(str(path))
            families += QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else QApplication.font().family()


def font(size: int = TEXT_SIZE, bold: bool = False) -> QFont:
    """The window's font at a size in pixels."""
    made = QFont(QApplication.font())
    made.setPixelSize(size)
    made.setBold(bold)
    return made


def show_theme(app: QApplication, dark: bool) -> None:
    """Dress the whole program; may be called again at any time."""
    show_colours(app, dark)
    show_sheet(app, dark)


def show_sheet(app: QApplication, dark: bool) -> None:
    """Put the style sheet on. Widgets that are made before it cost half as much as those made under it."""
    app.setStyleSheet(style_sheet(DARK if dark else LIGHT))


def show_colours(app: QApplication, dark: bool) -> None:
    """Style, font and palette, which widgets are made by."""
    if app.property(STYLED) is None:
        app.setStyle("Fusion")
        app.setProperty(STYLED, True)
    base = QFont(load_font_once())
    base.setPixelSize(TEXT_SIZE)
    base.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(base)
    app.setPalette(palette(dark))


@cache
def load_font_once() -> str:
    """As `load_font`, once in a program."""
    return load_font()


def style_sheet(c: Look) -> str:
    """The one style sheet; widgets choose by the property ``kind``."""
    arrow = folder("icons", "ready", "arrow.png").as_posix()
    tick = folder("icons", "tick_dark.svg" if c is DARK else "tick_light.svg").as_posix()
    return _SHEET.replace("\n", " ").format(arrow=arrow, tick=tick, **c._asdict())


_SHEET = """
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {strong_line}; padding: 4px 6px; }}
QLabel[kind="title"] {{ font-size: 20px; font-weight: bold; }}
QLabel[kind="heading"] {{ font-size: 14px; font-weight: bold; }}
QLabel[kind="quiet"] {{ color: {quiet}; }}
QLabel[kind="small"] {{ color: {quiet}; font-size: 12px; }}
QLabel[kind="bad"] {{ color: {bad}; }}
QLabel[kind="number"] {{ font-size: 24px; font-weight: bold; }}
QLabel[kind="notice"] {{ background: {warn_soft}; color: {warn}; border-radius: 6px; padding: 8px 12px; }}
QLabel[kind="trouble"] {{ background: {bad_soft}; color: {bad}; border-radius: 6px; padding: 8px 12px; }}
QLabel[kind="good"] {{ background: {good_soft}; color: {good}; border-radius: 6px; padding: 8px 12px; }}
QLabel[kind="code"] {{ background: {hover}; border-radius: 6px; padding: 12px; font-size: 16px; font-weight: bold; }}
QFrame[kind="card"] {{ background: {raised}; border: 1px solid {line}; border-radius: 8px; }}
QFrame[kind="bar"] {{ background: {base}; border: 0; border-bottom: 1px solid {line}; }}
QFrame[kind="rail"] {{ background: {rail}; border: 0; border-right: 1px solid {line}; }}
QFrame[kind="line"] {{ background: {line}; border: 0; max-height: 1px; min-height: 1px; }}
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {strong_line}; border-radius: 6px;
  padding: 5px 14px; min-height: 20px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 4px 13px; }}
QPushButton:disabled {{ color: {quiet}; border-color: {line}; background: {window}; }}
QPushButton[kind="primary"] {{ background: {accent}; color: {on_accent}; border: 1px solid {accent};
  font-weight: bold; }}
QPushButton[kind="primary"]:hover {{ background: {accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 3px double {on_accent}; padding: 3px 12px; }}
QPushButton[kind="primary"]:disabled {{ background: {hover}; color: {quiet}; border-color: {hover}; }}
QPushButton[kind="step"] {{ padding: 5px 4px; }}
QPushButton[kind="step"]:focus {{ padding: 4px 3px; }}
QPushButton[kind="link"] {{ background: transparent; border: 2px solid transparent; color: {accent};
  padding: 2px 4px; text-align: left; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border-color: {accent}; border-radius: 4px; }}
QPushButton[kind="choice"] {{ text-align: left; padding: 10px 14px; }}
QRadioButton::indicator, QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {quiet};
  background: {base}; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator:checked {{ border: 5px solid {accent}; width: 6px; height: 6px; background: {on_accent}; }}
QCheckBox::indicator:checked {{ border: 1px solid {accent}; background: {accent}; image: url({tick}); }}
QRadioButton, QCheckBox {{ border: 2px solid transparent; border-radius: 4px; }}
QRadioButton:focus, QCheckBox:focus {{ border-color: {accent}; }}
QPushButton[kind="logrow"] {{ text-align: left; padding: 5px 12px; border: 1px solid {line}; }}
QPushButton[kind="logrow"]:checked {{ background: {chosen}; font-weight: bold; border-color: {chosen}; }}
QPushButton[kind="logrow"]:focus {{ border: 2px solid {accent}; padding: 4px 11px; }}
QLineEdit[derived="true"] {{ background: {hover}; border: 1px solid {hover}; font-weight: bold; }}
QLineEdit[finding="query"], QPlainTextEdit[finding="query"], QComboBox[finding="query"] {{ border: 1px solid {warn}; }}
QLineEdit[finding="block"], QPlainTextEdit[finding="block"], QComboBox[finding="block"] {{ border: 1px solid {bad}; }}
QLineEdit[finding="query"]:focus {{ border: 2px solid {warn}; }}
QLineEdit[finding="block"]:focus {{ border: 2px solid {bad}; }}
QListWidget[kind="sections"] {{ background: {rail}; border: 1px solid transparent;
  border-right: 1px solid {line}; border-radius: 0; padding: 10px 6px; }}
QListWidget[kind="sections"]:focus {{ border-color: {accent}; }}
QListWidget[kind="sections"]::item {{ padding: 6px 10px 6px 7px; border-radius: 6px; color: {text};
  border-left: 3px solid transparent; }}
QListWidget[kind="sections"]::item:hover {{ background: {hover}; }}
QListWidget[kind="sections"]::item:selected {{ background: {chosen}; color: {text}; border-left-color: {accent}; }}
QToolButton {{ background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 3px 6px; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton:checked {{ background: {chosen}; color: {text}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolButton[kind="rail"] {{ text-align: left; padding: 6px 10px; border-radius: 6px; }}
QToolButton[kind="rail"]:checked {{ background: {chosen}; font-weight: bold; color: {text}; }}
QToolButton[kind="tile"] {{ background: {raised}; border: 1px solid {line}; border-radius: 8px; padding: 0; }}
QToolButton[kind="tile"]:hover {{ background: {hover}; }}
QToolButton[kind="tile"]:checked {{ background: {chosen}; border-color: {accent}; }}
QToolButton[kind="tile"]:focus {{ border: 2px solid {accent}; }}
QToolButton[kind="record"] {{ background: {raised}; border: 1px solid {line}; padding: 0; }}
QToolButton[kind="record"]:hover {{ background: {hover}; }}
QToolButton[kind="record"]:focus {{ border: 2px solid {accent}; }}
QToolButton[kind="segment"] {{ border: 1px solid {strong_line}; border-radius: 0; padding: 3px 8px; }}
QToolButton[kind="segment"]:checked {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QToolButton[kind="segment"]:focus {{ border: 2px solid {accent}; padding: 2px 7px; }}
QToolButton[kind="segment"]:checked:focus {{ border: 3px double {on_accent}; padding: 1px 6px; }}
QLineEdit, QComboBox, QDateEdit, QPlainTextEdit, QTextEdit {{ background: {base}; color: {text};
  border: 1px solid {strong_line}; border-radius: 6px; padding: 4px 8px; min-height: 20px;
  selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{
  border: 2px solid {accent}; padding: 3px 7px; }}
QLineEdit:disabled, QComboBox:disabled {{ background: {window}; color: {quiet}; border-color: {line}; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox[kind="unit"] {{ padding: 4px 2px 4px 6px; }}
QComboBox[kind="unit"]::drop-down {{ width: 20px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {raised}; color: {text}; border: 1px solid {strong_line};
  selection-background-color: {chosen}; selection-color: {text}; outline: 0; }}
QMenu {{ background: {raised}; color: {text}; border: 1px solid {strong_line}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {chosen}; color: {text}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QTableView, QListView, QTreeView {{ background: {base}; color: {text}; border: 1px solid {line};
  border-radius: 8px; gridline-color: {line}; outline: 0; selection-background-color: {chosen};
  selection-color: {text}; alternate-background-color: {window}; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border-color: {accent}; }}
QTableView[kind="frozen"] {{ border: 0; border-right: 1px solid {strong_line}; border-radius: 0; }}
QTableView::item {{ padding: 0 8px; border: 0; }}
QTableView::item:selected {{ background: {chosen}; color: {text}; }}
QListWidget[kind="menu"]::item {{ padding: 8px 12px 8px 9px; border-radius: 6px; margin: 2px 4px; color: {text};
  border-left: 3px solid transparent; }}
QListWidget[kind="menu"]::item:selected {{ background: {chosen}; color: {text}; border-left-color: {accent}; }}
QHeaderView {{ background: transparent; border: 0; }}
QHeaderView::section {{ background: transparent; color: {quiet}; border: 0; border-bottom: 1px solid {strong_line};
  padding: 6px 11px; }}
QTableCornerButton::section {{ background: {base}; border: 0; }}
QScrollArea {{ background: transparent; border: 0; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {strong_line}; border-radius: 4px; margin: 2px; min-height: 28px;
  min-width: 28px; }}
QScrollBar::handle:hover {{ background: {quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: 0; width: 0; height: 0; }}
QProgressBar {{ background: {hover}; border: 0; border-radius: 4px; min-height: 8px; max-height: 8px;
  color: transparent; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 4px; }}
QTabBar::tab {{ background: transparent; color: {quiet}; padding: 8px 14px; border: 0;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; font-weight: bold; }}
QTabBar::tab:focus {{ border: 2px solid {accent}; border-radius: 4px; padding: 6px 12px 8px 12px; }}
"""
