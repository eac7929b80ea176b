"""Shared by all tests: Qt draws without a display unless a platform was chosen, and each test process has a home of
its own, so that neither what a person keeps (settings, wording, a demonstration) nor another process shows in a test.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

HOME = tempfile.mkdtemp(prefix="casebook-tests-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
    os.environ[name] = os.path.join(HOME, name.lower())
