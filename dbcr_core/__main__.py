# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m dbcr_core …`"""

import sys

from .cli import leave, main
from .remote import close_exceptions
from .terminal import open_closed_streams

if __name__ == "__main__":
    open_closed_streams()
    close_exceptions(allow_network=any(word.startswith("--allow-n") for word in sys.argv))  # argparse takes beginnings
    leave(main())
