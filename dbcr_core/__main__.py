# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m dbcr_core …`"""

from .cli import leave, main

if __name__ == "__main__":
    leave(main())
