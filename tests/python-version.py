"""Says in words when this Python cannot run the app; TensorFlow 2.21 has wheels for 3.11 to 3.13 only."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "This app needs Python 3.11, 3.12 or 3.13, because TensorFlow 2.21 has no build for another; "
        "this is Python {}.{}. Name a suitable one: make PYTHON=python3.12 run".format(*sys.version_info[:2])
    )
