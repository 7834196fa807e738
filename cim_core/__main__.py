"""`python -m cim_core`: the shell."""

import sys

from cim_core.shell.main import main

if __name__ == "__main__":
    sys.exit(main())
