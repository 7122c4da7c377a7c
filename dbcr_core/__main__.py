# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m dbcr_core …`"""

from .cli import leave, main
from .terminal import open_closed_streams

if __name__ == "__main__":
    open_closed_streams()
    leave(main())
