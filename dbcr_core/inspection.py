# SPDX-License-Identifier: GPL-3.0-or-later
"""The report before the work, as data, as JSON and as sentences."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .surface import SurfaceShares
from .wording import SAR_UNITS, percent, reflectance_words


@dataclass(frozen=True)
class RasterFacts:
    """Size, place and time of an input. pixel_size in CRS units, None where points place the raster; time in
    RFC 3339 or empty."""

    path: str
    width: int
    height: int
    pixel_size: tuple[float, float] | None
    crs: str
    time: str
    nodata_share: float


@dataclass(frozen=True)
class OpticalFinding:
    """The optical image: `bands` in file order, reflectance = stored · scale + offset."""

    raster: RasterFacts
    bands: tuple[str, ...]
    missing_bands: tuple[str, ...]
    bands_by: str
    level: str
    level_by: str
    scale: float
    offset: float
    radiometry_by: str


@dataclass(frozen=True)
class SarFinding:
    """The SAR image; cover is the share of the optical pixels with data that it covers with data."""

    raster: RasterFacts
    bands: tuple[str, ...]
    bands_by: str
    unit: str
    unit_by: str
    cover: float
    same_grid: bool
    days_after_optical: float | None


@dataclass(frozen=True)
class InspectionReport:
    """Everything that `inspect` found. Shares are 0 … 1 of the pixels with data; None where nothing tells."""

    optical: OpticalFinding
    sar: SarFinding | None
    cloud_share: float | None
    cloud_by: str
    surface: SurfaceShares
    warnings: tuple[str, ...]

    def to_json(self) -> str:
        """One JSON object on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def lines(self) -> list[str]:
        """The report for people, a sentence a line."""
        o, s = self.optical, self.sar
        lines = [
            f"Optical: {len(o.bands)} bands by {o.bands_by} ({', '.join(o.bands)}), {o.level} ({o.level_by})",
            f"Reflectance: {reflectance_words(o.scale, o.offset)} ({o.radiometry_by})",
            f"Optical grid: {_grid_words(o.raster)}",
        ]
        if s is None:
            lines.append("SAR: none; what lies under thick cloud is then a guess from its surroundings")
        else:
            lines += [
                f"SAR: {' and '.join(s.bands)} by {s.bands_by}, in {SAR_UNITS[s.unit]} ({s.unit_by})",
                f"SAR grid: {_grid_words(s.raster)}{', the same pixels as the optical ones' if s.same_grid else ''}",
                f"Overlap: SAR has data for {percent(s.cover)} of the optical pixels",
            ]
        lines.append(f"Dates: {_date_words(o, s)}")
        lines.append(f"No data: {percent(o.raster.nodata_share)} of the optical image")
        if self.cloud_share is not None:
            lines.append(f"Cloud: about {percent(self.cloud_share)} ({self.cloud_by})")
        return lines + [f"Warning: {warning}" for warning in self.warnings]


def _grid_words(raster: RasterFacts) -> str:
    if raster.pixel_size is None:
        return f"{raster.width} × {raster.height} pixels, placed by points in {raster.crs}"
    width, height = raster.pixel_size
    size = f"{width:.6g}" if abs(width - height) < 1e-9 * width else f"{width:.6g} × {height:.6g}"
    return f"{raster.width} × {raster.height} pixels of {size} in {raster.crs}"


def _date_words(o: OpticalFinding, s: SarFinding | None) -> str:
    words = f"optical {o.raster.time[:10] or 'unknown'}"
    if s is None:
        return words
    days = s.days_after_optical
    gap = "" if days is None else f", {_day_count(days)} {'later' if days >= 0 else 'earlier'}"
    return f"{words}, SAR {s.raster.time[:10] or 'unknown'}{gap}"


def _day_count(days: float) -> str:
    number = round(abs(days))
    return "1 day" if number == 1 else f"{number} days"
