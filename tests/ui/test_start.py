"""Starting: what is not needed for the first window is not loaded for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "numpy", "scipy", "lifelines", "reportlab", "pydantic", "sqlite_utils", "matplotlib", "yaml")

PROGRAM = """
import sys
from pathlib import Path
from ui.app import open_window, start
from ui.settings import Settings
from PySide6.QtCore import QTimer
application = start(["casebook"])
window = open_window(application, Settings(Path(sys.argv[1]) / "casebook.ini"))
window.show_sign_in(sys.argv[1] + "/none.casebook", "lin")
window.show()
QTimer.singleShot(200, application.quit)
application.exec()
print(",".join(name for name in sys.argv[2].split(",") if name in sys.modules))
"""


def test_nothing_heavy_is_loaded_when_the_sign_in_window_stands(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), ",".join(HEAVY)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.stdout.strip() == ""
