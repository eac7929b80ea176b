"""Shared by all tests: Qt draws without a display unless a platform was chosen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
