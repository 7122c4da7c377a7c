# SPDX-License-Identifier: GPL-3.0-or-later
"""SEN12MS-CR in its original folder layout with the split by region of interest that its benchmark uses.

Facts: 122,218 triplets of 256 x 256 pixels at 10 m, Sentinel-1 VV VH in dB, cloudy and clear Sentinel-2 L1C with 13
bands as DN; four seasons: 1158 spring, 1868 summer, 1970 fall, 2017 winter. Ebel et al. 2020, mediaTUM 1554803,
CC BY 4.0.
Layout: ``ROIs1158_spring_s1/s1_1/ROIs1158_spring_s1_1_p30.tif`` and the same with ``s2`` (clear) and ``s2_cloudy``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dbcr_core.band_names import OPTICAL_BANDS, SAR_BANDS
from dbcr_core.errors import InputError

from .reading import read_raster
from .scene import Scene, spread_optical, spread_sar

# As in class SEN12MSCR of data/dataLoader.py in github.com/PatrickTUM/UnCRtainTS, which the paper follows.
TEST_ROIS = frozenset(
    {
        (1158, 106), (1158, 123), (1158, 140), (1158, 31), (1158, 44),
        (1868, 119), (1868, 73), (1970, 139), (2017, 108), (2017, 63),
    }
)  # fmt: skip
VALIDATION_ROIS = frozenset(
    {
        (2017, 22), (1868, 19), (1970, 65), (1158, 17), (2017, 107),
        (1868, 80), (1868, 127), (2017, 130), (1868, 17), (2017, 84),
    }
)  # fmt: skip
# Test and validation regions of the time series SEN12MS-CR-TS (class SEN12MSCRTS there), as far as they differ.
SERIES_ROIS = frozenset(
    {
        (2017, 32), (1868, 100), (1970, 132), (2017, 103), (1868, 142), (1970, 20), (2017, 140),
        (2017, 117),
    }
)  # fmt: skip
HELD_OUT_ROIS = TEST_ROIS | VALIDATION_ROIS | SERIES_ROIS
SPLITS = ("train", "val", "test")
CLEAR_FILE = re.compile(r"ROIs(\d+)_([a-z]+)_s2_(\d+)_p(\d+)\.tif")


@dataclass(frozen=True)
class Triplet:
    """Paths of one patch."""

    sar: Path
    cloudy: Path
    clear: Path


def split_of(roi: tuple[int, int]) -> str:
    """The split that a region of interest belongs to; "" for one that only the time series hold out."""
    if roi not in HELD_OUT_ROIS:
        return "train"
    return "test" if roi in TEST_ROIS else "val" if roi in VALIDATION_ROIS else ""


def triplets(root: Path, split: str) -> list[Triplet]:
    """All triplets of one split, sorted by path. Raises InputError when files are missing."""
    if split not in SPLITS:
        raise InputError(f"The split must be one of {SPLITS}, not {split!r}.")
    found = []
    for clear in sorted(Path(root).glob("ROIs*_s2/s2_*/*.tif")):
        match = CLEAR_FILE.fullmatch(clear.name)
        if match is None:
            raise InputError(f"{clear} does not follow SEN12MS-CR's names (ROIs1158_spring_s2_1_p30.tif).")
        season, number = f"ROIs{match[1]}_{match[2]}", match[3]
        if split_of((int(match[1]), int(number))) != split:
            continue
        sar, cloudy = (
            root / f"{season}_{kind}" / f"{kind}_{number}" / f"{season}_{kind}_{number}_p{match[4]}.tif"
            for kind in ("s1", "s2_cloudy")
        )
        for path in (sar, cloudy):
            if not path.exists():
                raise InputError(f"{path} is missing; fetch SEN12MS-CR's {path.parts[-3]} archive and unpack it there.")
        found.append(Triplet(sar, cloudy, clear))
    if not found:
        raise InputError(
            f"{root} holds no SEN12MS-CR patches of the {split} split; fetch the archives ROIs…_s1, _s2, _s2_cloudy "
            "from mediaTUM 1554803 and unpack them there."
        )
    return found


def has_layout(root: Path) -> bool:
    """Whether a folder holds archives of SEN12MS-CR."""
    return any(Path(root).glob("ROIs*_s2/s2_*"))


def read_some(root: Path, split: str, most: int) -> list[Scene]:
    """``most`` patches of a split, or all where these are fewer, evenly over its regions and seasons."""
    found = triplets(root, split)
    return (
        [read_triplet(found[i * len(found) // most]) for i in range(most)]
        if len(found) > most
        else [read_triplet(triplet) for triplet in found]
    )


def read_triplet(triplet: Triplet) -> Scene:
    """One patch as a scene. Bands are taken by position, as the files carry no descriptions."""
    (clear, bands), (cloudy, _) = (
        spread_optical(read_raster(path)[0], OPTICAL_BANDS, str(path)) for path in (triplet.clear, triplet.cloudy)
    )
    sar, sar_bands = spread_sar(read_raster(triplet.sar)[0], SAR_BANDS, str(triplet.sar))
    return Scene(triplet.clear.stem, "sen12mscr", bands, clear, cloudy, sar, sar_bands)
