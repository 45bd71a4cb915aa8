"""`python -m mtl_core.inspect`: the command of `command`."""

import sys

from mtl_core.inspect.command import main

sys.exit(main())
