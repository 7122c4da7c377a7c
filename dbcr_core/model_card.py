# SPDX-License-Identifier: GPL-3.0-or-later
"""The model file: two ONNX graphs and the card that must travel with them.

A model file `<name>.dbcr` is an uncompressed ZIP archive that holds `card.json`, `sar_encoder.onnx`,
`bridge_step.onnx` and, if its maker wrote them, both graphs once more as `….tile.onnx`: for one tile only, in the form
that is fastest on a processor, and without the weights, which are those of the first two. It is data: nothing in it is
ever executed as code or unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import asdict, dataclass, field, fields
from math import prod
from typing import Any, Container

from .band_names import BAND_SETS, OPTICAL_BANDS, SAR_BANDS
from .errors import InputError, ModelError
from .schedule import STEPS, BridgeSchedule, schedule_from_card

FORMAT = 1
CARD_NAME = "card.json"
GRAPH_NAMES = ("sar_encoder.onnx", "bridge_step.onnx")
TILE_GRAPH_NAMES = ("sar_encoder.tile.onnx", "bridge_step.tile.onnx")
HEADS = ("scale", "opacity")
ANSWER_SHAPE = (13, 4, 4)
"""Bands, and parts of the tile's height and width."""

MOMENTS = len(OPTICAL_BANDS) * (1 + len(OPTICAL_BANDS))
"""Numbers that say how the bands go together: a mean each, and their covariance."""

MAX_CARD_BYTES = 1_000_000
MAX_GRAPH_BYTES = 1_000_000_000
"""Sizes above which a file is refused before anything is read into memory."""

LARGEST = 1e6
"""No DN, decibel or reflectance of a card lies further from 0: float32 would lose the range between two of them."""


@dataclass(frozen=True)
class ModelCard:
    """Everything that one must know to run the weights and to judge what they produce.

    optical_clip_dn: DN range that maps to 0…1. sar_clip_db: decibel range per SAR band that maps to 0…1.
    mask_threshold: cloud or shadow opacity from which the `auto` mask reconstructs. band_sets: lists of bands with
    which that mask is to be trusted, each as "B02,B03,B04". band_moments: how the 13 bands go together, by which bands
    that a file lacks are estimated, see `band_moments`; empty where the network is to see zeros instead.
    schedule: {"kind": "linear"} or {"kind": "i2sb", "beta_max": …}. timesteps: the t, ascending, whose time embedding
    the graphs hold. network: configuration of the backbone. training, metrics: free-form facts for people.
    limits: sentences that say where not to trust the model. answer: what the model makes of the golden tile at NFE 1,
    as the mean reflectances of `answer_means` (ANSWER_SHAPE, flat) on the computer that wrote the file; empty where
    nobody noted it.
    sha256: hex digest per graph.
    """

    name: str
    version: str
    description: str
    licence: str
    schedule: dict[str, Any]
    timesteps: tuple[int, ...]
    network: dict[str, Any]
    format: int = FORMAT
    optical_bands: tuple[str, ...] = OPTICAL_BANDS
    sar_bands: tuple[str, ...] = SAR_BANDS
    optical_clip_dn: tuple[float, float] = (0.0, 10000.0)
    sar_clip_db: dict[str, tuple[float, float]] = field(
        default_factory=lambda: {"VV": (-25.0, 0.0), "VH": (-32.5, 0.0)}
    )
    tile_size: int = 256
    heads: tuple[str, ...] = ()
    mask_threshold: float = 0.5
    band_sets: tuple[str, ...] = BAND_SETS
    band_moments: tuple[float, ...] = ()
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    answer: tuple[float, ...] = ()
    sha256: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise ModelError(f"The model card does not fit: {problem}; use a model made for this version.")

    @property
    def knows_noise(self) -> bool:
        """Whether the model was trained with the noise that the SDE sampler adds; True where nothing tells."""
        config = self.training.get("config")
        return not isinstance(config, dict) or config.get("stochastic", True) is not False

    @property
    def bridge_schedule(self) -> BridgeSchedule:
        """The α_t table that the weights were trained with."""
        return schedule_from_card(self.schedule)

    @property
    def id(self) -> str:
        """Name and version, as written to the provenance tags."""
        return f"{self.name} {self.version}"

    def to_json(self) -> str:
        """The card as UTF-8 JSON text with a stable order of keys."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ModelCard:
        """Parses and checks a card; raises ModelError with the fact and the remedy."""
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelError("The model card is not valid JSON; get the model file again.") from error
        if not isinstance(raw, dict):
            raise ModelError("The model card is not a JSON object; get the model file again.")
        if raw.get("format") != FORMAT:
            raise ModelError(f"The model file has format {raw.get('format')!r}; this version reads format {FORMAT}.")
        known = {f.name for f in fields(cls)}
        required = {"name", "version", "description", "licence", "schedule", "timesteps", "network", "sha256"}
        missing = sorted(required - raw.keys())
        if missing:
            raise ModelError(f"The model card lacks {', '.join(missing)}; get the model file again.")
        try:
            return cls(**{key: _frozen(value) for key, value in raw.items() if key in known})
        except (TypeError, ValueError) as error:
            raise ModelError("The model card holds values of the wrong kind; get the model file again.") from error


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


def bundled_model_path() -> str:
    """The model that ships with the project; raises ModelError where it is missing."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "resources", "models", "dbcr-small.dbcr")
    if not os.path.isfile(path):
        raise ModelError(f"The bundled model is missing at {path}; reinstall the plugin or name a model file.")
    return path


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


def _frozen(value: Any) -> Any:
    """JSON lists as tuples, one level into objects, so that a card is the same whether built or parsed."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {key: tuple(v) if isinstance(v, list) else v for key, v in value.items()}
    return value


def _problems(card: ModelCard) -> list[str]:
    """What is wrong with a card, the first reason being the one to report."""
    found = []
    for name in ("name", "version", "description", "licence"):
        if not _is_text(getattr(card, name)):
            found.append(f"its {name} is not a text")
    if tuple(card.optical_bands) != OPTICAL_BANDS or tuple(card.sar_bands) != SAR_BANDS:
        found.append("its bands are not the 13 Sentinel-2 bands and VV, VH in order")
    steps = card.timesteps
    if not isinstance(steps, tuple) or not steps or any(type(t) is not int or not 0 < t <= STEPS for t in steps):
        found.append(f"its timesteps are not whole numbers from 1 to {STEPS}")
    elif list(steps) != sorted(set(steps)) or steps[-1] != STEPS:
        found.append(f"its timesteps do not ascend to {STEPS}")
    if type(card.tile_size) is not int or not 64 <= card.tile_size <= 2048 or card.tile_size % 8:
        found.append("its tile size is not a multiple of 8 between 64 and 2048")
    if not isinstance(card.heads, tuple) or any(head not in HEADS for head in card.heads):
        found.append(f"its heads are not among {', '.join(HEADS)}")
    if type(card.mask_threshold) not in (int, float) or not 0 < card.mask_threshold < 1:
        found.append("its mask threshold does not lie between 0 and 1")
    if not isinstance(card.band_sets, tuple) or not all(map(is_band_set, card.band_sets)):
        found.append("its band sets are not lists such as B02,B03,B04")
    if not isinstance(card.band_moments, tuple) or len(card.band_moments) not in (0, MOMENTS):
        found.append(f"its band moments are not {MOMENTS} numbers")
    elif not all(_is_number(value) for value in card.band_moments):
        found.append("its band moments are not numbers")
    if not _ascending_pair(card.optical_clip_dn):
        found.append("its optical clip range is not a pair of ascending DN, at least 1 apart")
    clips = card.sar_clip_db
    if not isinstance(clips, dict) or any(not _ascending_pair(clips.get(band)) for band in SAR_BANDS):
        found.append("its SAR clip ranges are not pairs of ascending decibels for VV and VH, at least 1 apart")
    if not isinstance(card.answer, tuple) or len(card.answer) not in (0, prod(ANSWER_SHAPE)):
        found.append("its answer to the test tile is not as long as it should be")
    elif not all(_is_number(value) for value in card.answer):
        found.append("its answer to the test tile does not consist of numbers")
    if not all(isinstance(getattr(card, name), dict) for name in ("network", "training", "metrics", "sha256")):
        found.append("its network, training, metrics or hashes are not objects")
    try:
        schedule_from_card(card.schedule)
    except (InputError, ArithmeticError, AttributeError, TypeError, ValueError):
        found.append("its bridge schedule is unknown")
    return found


def is_band_set(value: Any) -> bool:
    """Whether it is a text of Sentinel-2's bands with commas between them."""
    return isinstance(value, str) and set(value.split(",")) <= set(OPTICAL_BANDS)


def _ascending_pair(value: Any) -> bool:
    return (
        isinstance(value, (tuple, list))
        and len(value) == 2
        and all(_is_number(v) for v in value)
        and value[1] - value[0] >= 1
    )


def _is_number(value: Any) -> bool:
    # Comparing refuses NaN, infinity and whole numbers that no float can hold.
    return type(value) in (int, float) and -LARGEST <= value <= LARGEST


def _is_text(value: Any) -> bool:
    """Whether it is a text that can be written: JSON's escapes can spell half a character."""
    return isinstance(value, str) and bool(value) and not any("\ud800" <= letter <= "\udfff" for letter in value)
