# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else says of a file's values, for where the file itself says nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..errors import InputError
from .raster import RasterProfile, can_hold

STATED_BY = "VALUES_STATED_BY"
"""Tag of a raster that names who states its scale and offset, where that is not the file itself."""

BASELINE = "PROCESSING_BASELINE"
"""Tag of a Sentinel-2 product, which tells of an offset where nobody states one."""


@dataclass(frozen=True)
class StatedValues:
    """physical = stored · scale + offset, and the value without data (None: not said). by: who says so, in words.

    option: the one that says what the values are where the file contradicts; "" where none does. baseline: of the
    processing, for where neither they nor the file state a scale; "" where unknown.
    """

    by: str
    scale: float = 1.0
    offset: float = 0.0
    nodata: float | None = None
    option: str = ""
    baseline: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether the file alone would be read in the same way."""
        return (self.scale, self.offset, self.nodata, self.baseline) == (1, 0, None, "")

    def complete(self, profile: RasterProfile, path: str) -> RasterProfile:
        """The profile with what the file leaves out; InputError where it states another scale or offset."""
        if profile.nodata is None and self.nodata is not None and can_hold(profile.dtype, self.nodata):
            profile = replace(profile, nodata=self.nodata)
        own, told = {*zip(profile.scales, profile.offsets)}, (self.scale, self.offset)
        if told == (1, 0):
            if own == {told} and self.baseline and BASELINE not in map(str.upper, profile.tags):
                profile = replace(profile, tags={**profile.tags, BASELINE: self.baseline})
            return profile
        # Some files keep them in 32 bits.
        is_own = all(math.isclose(kept, said, rel_tol=1e-6) for pair in own for kept, said in zip(pair, told))
        if not is_own and own != {(1, 0)}:
            remedy = f", or say what the values are with the option {self.option}" if self.option else ""
            raise InputError(
                f"{path} states the scale {profile.scales[0]:g} and the offset {profile.offsets[0]:g}, but {self.by} "
                f"{self.scale:g} and {self.offset:g}; correct one of them{remedy}."
            )
        count = profile.count
        tags = profile.tags if is_own else {**profile.tags, STATED_BY: self.by}
        return replace(profile, scales=(self.scale,) * count, offsets=(self.offset,) * count, tags=tags)
