"""How large everything in the window is, and that nothing moves which needn't.

Who reads with difficulty tells the computer once: Windows keeps a text size, a Linux desktop a factor. Qt follows both
only in part (it takes the scale of the screen, on X11 with the factor in it), so what is left is given to it as a scale
of its own before it starts; layouts are tested up to 200 %. What a person chooses in the program goes before that.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SCALE = "QT_SCALE_FACTOR"
LARGEST = 200
"""Per cent up to which no word is cut on a laptop of 1366 by 768 points."""

EFFECTS = (
    "UI_AnimateMenu",
    "UI_FadeMenu",
    "UI_AnimateCombo",
    "UI_AnimateTooltip",
    "UI_FadeTooltip",
    "UI_AnimateToolBox",
)


def scale_window(chosen: str) -> None:
    """Set the scale for the Qt that is to be started: as chosen (per cent), else the system's. One set stays."""
    size = int(chosen) if chosen else system_text_size()
    if size != 100 and SCALE not in os.environ:
        os.environ[SCALE] = str(min(size, LARGEST) / 100)


def system_text_size() -> int:
    """Per cent of text that the system was told to show and that Qt does not take from it."""
    size = 100
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        if sys.platform == "win32":
            size = _windows_text_size()
        elif sys.platform.startswith("linux"):
            size = _desktop_text_size()
    return size


def _windows_text_size() -> int:
    """*Settings, Accessibility, Text size* of Windows 10 and 11."""
    import winreg

    with winreg.OpenKey(  # type: ignore[attr-defined,unused-ignore]
        winreg.HKEY_CURRENT_USER,  # type: ignore[attr-defined,unused-ignore]
        r"Software\Microsoft\Accessibility",
    ) as key:
        return int(winreg.QueryValueEx(key, "TextScaleFactor")[0])  # type: ignore[attr-defined,unused-ignore]


def _desktop_text_size() -> int:
    """The factor of GNOME and its kin under Wayland; under X11 it is in the scale that Qt reads."""
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
    if os.environ.get("XDG_SESSION_TYPE") != "wayland" or not {"GNOME", "Unity", "X-Cinnamon"} & {*desktop.split(":")}:
        return 100
    command = ["gsettings", "get", "org.gnome.desktop.interface", "text-scaling-factor"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=2, check=True).stdout
    return round(100 * float(told))


def keep_still(application: QApplication) -> None:
    """Menus, lists and tips appear at once, whatever the system's setting: nobody is made dizzy, nobody waits."""
    from PySide6.QtCore import Qt

    for name in EFFECTS:
        application.setEffectEnabled(getattr(Qt.UIEffect, name), False)
