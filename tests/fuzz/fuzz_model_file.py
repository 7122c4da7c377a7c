# SPDX-License-Identifier: GPL-3.0-or-later
"""Coverage-guided fuzzing of the model file's reader, by hand: `python -m tests.fuzz.fuzz_model_file CORPUS`.

Needs `pip install atheris`; `make test` does without it. CORPUS is a folder of .dbcr files to start from.
"""

from __future__ import annotations

import os
import sys
import tempfile

import atheris

with atheris.instrument_imports(include=["dbcr_core", "json", "zipfile"]):
    from dbcr_core.errors import ModelError
    from dbcr_core.model_file import read_model_file

PATH = os.path.join(tempfile.mkdtemp(), "fuzzed.dbcr")


def try_model(content: bytes) -> None:
    """A file is a sound model or a ModelError; anything else ends the campaign."""
    with open(PATH, "wb") as stream:
        stream.write(content)
    try:
        model = read_model_file(PATH)
        for name in model.card.sha256:
            model.graph(name)
    except ModelError:
        pass


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_model)
    atheris.Fuzz()
