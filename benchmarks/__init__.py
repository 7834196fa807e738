"""Speed, side by side in one run with what a user would pick instead. A person's own store is left alone."""

import atexit
import os
import shutil
import tempfile

if "CIM_DATA" not in os.environ:
    os.environ["CIM_DATA"] = tempfile.mkdtemp(prefix="cim-bench-")
    atexit.register(shutil.rmtree, os.environ["CIM_DATA"], ignore_errors=True)
