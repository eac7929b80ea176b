"""Shared by all tests: Qt draws without a display unless a platform was chosen."""

import os

from ui.singletons import keep_singletons

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
keep_singletons()
