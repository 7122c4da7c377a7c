# SPDX-License-Identifier: GPL-3.0-or-later
"""The card that must travel with a model's weights: what one must know to run and to judge them."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields
from math import prod
from typing import Any

from .band_names import BAND_SETS, OPTICAL_BANDS, SAR_BANDS
from .errors import InputError, ModelError
from .schedule import STEPS, BridgeSchedule, schedule_from_card

FORMAT = 1
HEADS = ("scale", "opacity")
ANSWER_SHAPE = (13, 4, 4)
"""Bands, and parts of the tile's height and width."""

MOMENTS = len(OPTICAL_BANDS) * (1 + len(OPTICAL_BANDS))
"""Numbers that say how the bands go together: a mean each, and their covariance."""

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


def bundled_model_path() -> str:
    """The model that ships with the project; raises ModelError where it is missing."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "resources", "models", "dbcr-small.dbcr")
    if not os.path.isfile(path):
        raise ModelError(f"The bundled model is missing at {path}; reinstall the plugin or name a model file.")
    return path


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
