# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user asks for, checked before anything is opened; and what came of it."""

from __future__ import annotations

import json
import math
import operator
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Callable, Iterable

from .errors import InputError
from .mask import KINDS, MaskShape
from .predictors import DEVICES
from .rasters import COMPRESSIONS
from .schedule import timesteps

SAMPLERS = ("ode", "sde")

NO_MASK_FILE = ("auto", "none")
"""What a mask may be beside a file."""

LAYER_SHAPE = MaskShape(buffer=0, feather=0)
AUTO_SHAPE = MaskShape(buffer=4, feather=4)


def distinct_files(outputs: Iterable[str]) -> list[str]:
    """The files that outputs are to be, links followed; InputError where two are one."""
    files = [*map(os.path.realpath, outputs)]
    if len({*files}) != len(files):
        raise InputError("Two outputs have the same name; give each its own file.")
    return files


def _path(value: Any) -> str:
    return os.fsdecode(os.fspath(value))


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError(value)
    return operator.index(value)


def _extent(value: Any) -> tuple[float, ...]:
    numbers = () if isinstance(value, str) else tuple(float(number) for number in value)
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise ValueError(value)
    return numbers


WHOLE_NUMBERS = ("nfe", "feather", "mask_buffer", "overlap", "threads", "seed")
DECIMALS = ("mask_threshold",)
SWITCHES = ("match_surroundings", "allow_partial_sar", "allow_network")
_PLAIN: tuple[tuple[str, Callable[[Any], Any], tuple[str, ...]], ...] = (
    ("a path", _path, ("optical", "sar", "output", "mask", "model", "changed", "uncertainty")),
    ("a whole number", _whole, WHOLE_NUMBERS),
    ("a number", float, DECIMALS),
    ("four numbers: xmin, ymin, xmax and ymax", _extent, ("extent",)),
    ("True or False", bool, SWITCHES),
)
"""What options must be, how to make Python's own type of them (they are written as JSON), and which options."""


@dataclass(frozen=True)
class CloudRemovalJob:
    """One scene to clear.

    Paths may be any os.PathLike, and numbers those of numpy: they become Python's own types here.

    optical, sar: raster paths or names that GDAL opens; sar None reconstructs without radar. output: the GeoTIFF.
    changed: optional second output, per pixel how much was reconstructed (0…100 %, 255 = no data).
    uncertainty: optional third output, the expected absolute error per band in the input's units.
    model: a .dbcr file, None for the bundled one. nfe: network evaluations per tile, 1 (faithful) … 10 (sharp).
    mask: "auto" (from the model), "none" (every pixel) or a raster path; mask_kind, mask_threshold, mask_buffer,
    feather: see `dbcr_core.mask`; mask_threshold None takes the model's own for "auto", one half else. A mask layer is
    taken at its word (no buffer and no feather); the model's clouds are grown by 4 pixels and feathered over as many,
    so that all that it took for cloud is replaced in full.
    bands, sar_bands: band names in file order, comma-separated, where the file does not tell.
    extent: (xmin, ymin, xmax, ymax) in the optical CRS. optical_values, sar_values: overrule what was detected.
    match_surroundings: under opaque cloud, fit the broad level of each band to the clear land around, see
    `dbcr_core.surroundings`; not with mask "none".
    overlap: pixels shared by neighbouring tiles, None for a quarter of a tile. sampler: "ode" or "sde" (with seed).
    compression: of the outputs, without loss: "deflate", or "zstd" (see `rasters.COMPRESSIONS`).
    allow_partial_sar: go on where the radar covers only a part of the scene. allow_network: read inputs whose names,
    or the files behind them, lead to the network.
    """

    optical: str
    sar: str | None
    output: str
    model: str | None = None
    nfe: int = 1
    mask: str = "auto"
    changed: str | None = None
    uncertainty: str | None = None
    bands: str | None = None
    sar_bands: str | None = None
    extent: tuple[float, float, float, float] | None = None
    device: str = "auto"
    threads: int | None = None
    overlap: int | None = None
    feather: int | None = None
    mask_buffer: int | None = None
    mask_threshold: float | None = None
    mask_kind: str = "auto"
    match_surroundings: bool = True
    optical_values: str | None = None
    sar_values: str | None = None
    allow_partial_sar: bool = False
    sampler: str = "ode"
    seed: int = 0
    compression: str = "deflate"
    allow_network: bool = False

    if TYPE_CHECKING:  # What may be given; the fields say what it becomes.

        def __init__(
            self,
            optical: str | os.PathLike[str],
            sar: str | os.PathLike[str] | None,
            output: str | os.PathLike[str],
            **options: Any,
        ) -> None: ...

    def __post_init__(self) -> None:
        self._make_plain()
        timesteps(self.nfe)
        _ = self.mask_shape  # refuses what makes no sense
        for name, value in (("optical image", self.optical), ("output file", self.output), ("mask", self.mask)):
            if not isinstance(value, str) or not value:
                raise InputError(f"No {name} was given; name one.")
        paths = (self.optical, self.sar, self.output, self.mask, self.model, self.changed, self.uncertainty)
        if any("\0" in path for path in paths if path):
            raise InputError("A file's name holds a null character, which no file has; name another.")
        for name, value, known in (
            ("device", self.device, DEVICES),
            ("sampler", self.sampler, SAMPLERS),
            ("mask kind", self.mask_kind, KINDS),
            ("compression", self.compression, COMPRESSIONS),
        ):
            if value not in known:
                raise InputError(f"Unknown {name} {value!r}; choose one of {', '.join(known)}.")
        if self.mask_threshold is not None and not 0 < self.mask_threshold <= 1:
            raise InputError(f"The mask threshold must lie between 0 and 1, not {self.mask_threshold:g}.")
        if self.threads is not None and self.threads < 1:
            raise InputError(f"The number of threads must be at least 1, not {self.threads}.")
        outputs = distinct_files(self.outputs)
        if self.model and os.path.realpath(self.model) in outputs:
            raise InputError(f"The output {self.model} is also the model file; choose another name for the output.")

    def _make_plain(self) -> None:
        """Gives every path, number and flag the type that its field names; InputError where it is something else."""
        for what, plain, names in _PLAIN:
            for name in names:
                value = getattr(self, name)
                if value is None and name not in ("nfe", "seed"):  # None stands for a default, or is refused below
                    continue
                try:
                    object.__setattr__(self, name, plain(value))
                except (TypeError, ValueError, OverflowError) as error:
                    shown = " ".join(repr(value).split())
                    raise InputError(f"The option {name} must be {what}, not {shown}.") from error

    @property
    def outputs(self) -> tuple[str, ...]:
        """The files that are asked for."""
        return tuple(path for path in (self.output, self.changed, self.uncertainty) if path)

    @property
    def fits_levels(self) -> bool:
        """Whether levels under clouds shall follow the land around; not where every pixel is asked for."""
        return self.match_surroundings and self.mask != "none"

    @property
    def uses_opacity(self) -> bool:
        """Whether the model is to tell cloud from land: for the mask, or for the levels."""
        return self.mask == "auto" or self.fits_levels

    @property
    def mask_shape(self) -> MaskShape:
        """Buffer and feather as asked for, or what suits the kind of mask."""
        usual = AUTO_SHAPE if self.mask == "auto" else LAYER_SHAPE
        return MaskShape(
            usual.buffer if self.mask_buffer is None else self.mask_buffer,
            usual.feather if self.feather is None else self.feather,
        )


@dataclass(frozen=True)
class SceneReport:
    """What a finished job did.

    seconds: wall clock. evaluations: network evaluations; tiles, tiles_skipped: windows, and those without cloud.
    reconstructed: share of the valid pixels that differ from the input on purpose, 0…1. messages: findings in words.
    resumed_at_row: where this run took up an interrupted one, 0 if it did not; the counts of tiles and
    evaluations are those of this run.
    """

    output: str
    model: str
    device: str
    nfe: int
    width: int
    height: int
    tiles: int
    tiles_skipped: int
    evaluations: int
    reconstructed: float
    seconds: float
    messages: tuple[str, ...] = ()
    changed: str | None = None
    uncertainty: str | None = None
    resumed_at_row: int = 0

    def to_json(self) -> str:
        """The report as one JSON object on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def summary(self) -> str:
        """One line for people."""
        return (
            f"{self.output}: {self.reconstructed:.1%} of the pixels reconstructed in {self.seconds:.1f} s "
            f"({self.evaluations} network evaluations for {self.tiles} tiles, {self.tiles_skipped} without cloud; "
            f"NFE {self.nfe}, {self.device}, model {self.model})"
        )


def options_of(job: CloudRemovalJob) -> dict[str, Any]:
    """What was asked for, but for files and what no pixel depends on, for the provenance tags."""
    values = asdict(job)
    for name in (
        "optical",
        "sar",
        "output",
        "mask",
        "changed",
        "uncertainty",
        "model",
        "threads",
        "device",
        "compression",
        "allow_network",
    ):
        values.pop(name)
    return values
