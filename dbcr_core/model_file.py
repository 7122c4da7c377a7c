# SPDX-License-Identifier: GPL-3.0-or-later
"""The model file: two ONNX graphs and the card that must travel with them.

A model file `<name>.dbcr` is an uncompressed ZIP archive that holds `card.json`, `sar_encoder.onnx`,
`bridge_step.onnx` and, if its maker wrote them, both graphs once more as `….tile.onnx`: for one tile only, in the form
that is fastest on a processor, and without the weights, which are those of the first two. It is data: nothing in it is
ever executed as code or unpickled.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass, fields
from typing import Container

from .errors import ModelError
from .model_card import ModelCard

CARD_NAME = "card.json"
GRAPH_NAMES = ("sar_encoder.onnx", "bridge_step.onnx")
TILE_GRAPH_NAMES = ("sar_encoder.tile.onnx", "bridge_step.tile.onnx")

MAX_CARD_BYTES = 1_000_000
MAX_GRAPH_BYTES = 1_000_000_000
"""Sizes above which a file is refused before anything is read into memory."""


@dataclass(frozen=True)
class ModelFile:
    """A model file whose hashes were verified: its path, its card, the SHA-256 of the whole file."""

    path: str
    card: ModelCard
    sha256: str

    @property
    def has_tile_graphs(self) -> bool:
        """Whether the file holds both graphs for one tile, too."""
        return TILE_GRAPH_NAMES[0] in self.card.sha256

    def graph(self, name: str) -> bytes:
        """The bytes of one graph (of GRAPH_NAMES or TILE_GRAPH_NAMES), checked against the card's hash."""
        with _archive(self.path) as archive:
            return _read_graph(archive, name, self.card)


def read_model_file(path: str) -> ModelFile:
    """Opens a model file and verifies its structure, card and hashes.

    Raises ModelError for anything that is not a sound model file.
    """
    if not os.path.isfile(path):
        raise ModelError(f"There is no model file at {path}; choose an existing .dbcr file.")
    with _archive(path) as archive:
        sizes = {info.filename: info for info in archive.infolist()}
        names = _graph_names(sizes)
        if sorted(info.filename for info in archive.infolist()) != sorted((CARD_NAME, *names)):
            raise ModelError(f"{path} is not a DB-CR model file; choose a .dbcr file.")
        for name, info in sizes.items():
            limit = MAX_CARD_BYTES if name == CARD_NAME else MAX_GRAPH_BYTES
            if info.compress_type != zipfile.ZIP_STORED or info.file_size > limit or info.flag_bits & 1:
                raise ModelError(f"{path} has an entry that is compressed or too large ({name}); get the file again.")
        try:
            card = ModelCard.from_json(archive.read(CARD_NAME).decode("utf-8"))
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError) as error:
            raise ModelError(f"The card in {path} is damaged; get the model file again.") from error
        if sorted(card.sha256) != sorted(names):
            raise ModelError(f"The card in {path} names other graphs than the file holds; get the model file again.")
        for name in names:
            _read_graph(archive, name, card)
    return ModelFile(path, card, _file_sha256(path))


def write_model_file(path: str, card: ModelCard, graphs: dict[str, bytes]) -> ModelCard:
    """Writes a model file atomically; fills the card's hashes and returns the card as written.

    graphs: those of GRAPH_NAMES, serialised, and those of TILE_GRAPH_NAMES or not. The same inputs give the same bytes.
    """
    names = _graph_names(graphs)
    if sorted(graphs) != sorted(names):
        raise ModelError(f"A model file needs exactly the graphs {' and '.join(names)}.")
    values = {f.name: getattr(card, f.name) for f in fields(card)}
    values["sha256"] = {name: hashlib.sha256(graphs[name]).hexdigest() for name in names}
    written = ModelCard(**values)
    partial = f"{path}.partial"
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((CARD_NAME, written.to_json().encode("utf-8")), *sorted(graphs.items())):
            archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content)
    os.replace(partial, path)
    return written


def _graph_names(present: Container[str]) -> tuple[str, ...]:
    """The graphs that a file must hold in which those are present."""
    return GRAPH_NAMES + TILE_GRAPH_NAMES if any(name in present for name in TILE_GRAPH_NAMES) else GRAPH_NAMES


def _archive(path: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError) as error:
        raise ModelError(f"{path} is not a DB-CR model file or is truncated; get the model file again.") from error


def _read_graph(archive: zipfile.ZipFile, name: str, card: ModelCard) -> bytes:
    try:
        content = archive.read(name)
    except (zipfile.BadZipFile, EOFError, KeyError, OSError, RuntimeError, ValueError) as error:
        raise ModelError(f"The model file is damaged ({name}); get it again.") from error
    if hashlib.sha256(content).hexdigest() != card.sha256.get(name):
        raise ModelError(f"The model file was altered: {name} does not have the hash its card names; get it again.")
    return content


def _file_sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
