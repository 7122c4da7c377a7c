# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m dbcr_core …`"""

from .cli import run

if __name__ == "__main__":
    run()
