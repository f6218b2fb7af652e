"""``python -m lmstrack`` is the same as ``lmstrack``."""

import sys

from lmstrack.cli import main

if __name__ == "__main__":
    sys.exit(main())
