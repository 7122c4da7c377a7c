# SPDX-License-Identifier: GPL-3.0-or-later
"""One warp for the whole scene, described as a virtual raster: SAR and masks on the optical grid.

Warping tile by tile would shift the phase of the resampling and make seams; a virtual warp gives every pixel the
same value whichever window asks for it.

Backscatter is averaged as power, never as decibel or amplitude: the mean of decibels is biased by the speckle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence

from ..errors import InputError
from ..grid import RasterGrid
from . import vrt
from .data_range import BACKSCATTER, DataRange
from .raster import RasterProfile

WARP_ROWS = 128
"""Rows of a warped raster that are computed together, unless told otherwise."""

# Pixel functions that take a value to linear power; other values and power itself stay as they are.
_TO_POWER = {"stored": "", "value": "", "power": "", "db": "dB2pow", "amplitude": "intensity"}
_RESAMPLING = {"nearest": "NearestNeighbour", "bilinear": "Bilinear", "average": "Average"}
_NO_POWER = {"power": 0.0, "amplitude": 0.0, "db": -10000.0}  # becomes power 0 (in float32), which is no data
_MAX_ERROR_PIXELS = 0.125  # of the approximated coordinate transformation, GDAL's own default


def warped_vrt(
    name: str,
    profile: RasterProfile,
    grid: RasterGrid,
    bands: Sequence[int],
    *,
    unit: str = "value",
    resampling: str = "bilinear",
    nodata: float | None = None,
    decimation: int = 1,
    rows_at_once: int = WARP_ROWS,
    data: DataRange | None = None,
) -> str:
    """The 1-based bands of raster `name` on `grid` as float32, NaN where there is no data.

    unit says what is stored: "value" (returned as it is, after the file's scale and offset), "stored" (before them), or
    backscatter in "db", "power" or "amplitude", which is returned as linear power. nodata replaces the profile's (a
    stored value, before scale and offset). data: which values count, for backscatter those of its unit. decimation
    takes only every n-th source pixel each way (from overviews where there are any), for a quick look. rows_at_once: of
    the grid, that are warped together; what they cover of a file is read once for each band, which costs much where it
    does not fit the cache.
    Raises InputError where either raster has no CRS.
    """
    if unit not in _TO_POWER or resampling not in _RESAMPLING:
        raise InputError(f"Cannot warp {unit!r} by {resampling!r}.")
    if not profile.is_georeferenced or not grid.crs_wkt:
        raise InputError("A raster without a coordinate reference system cannot be aligned; assign its CRS first.")
    stored_nodata = profile.nodata if nodata is None else nodata
    missing = _NO_POWER.get(unit, float("nan"))
    kept = BACKSCATTER.get(unit, data)
    table = kept.table(missing) if kept else ()
    thinned = _thinned(profile, decimation)
    size = (profile.grid.width, profile.grid.height)
    unscaled = [
        vrt.band(
            i + 1,
            "float32",
            vrt.source(
                name,
                b,
                nodata=stored_nodata,
                scale=1.0 if unit == "stored" else profile.scales[b - 1],
                offset=0.0 if unit == "stored" else profile.offsets[b - 1],
                size=size if decimation > 1 else None,
                target=thinned.grid.window,
                table=table,
            ),
            nodata=missing,
            function=_TO_POWER[unit],
        )
        for i, b in enumerate(bands)
    ]
    physical = vrt.dataset(thinned.grid, unscaled)
    source_nodata = 0.0 if unit in _NO_POWER else float("nan")
    if unit in _NO_POWER and profile.dtype.startswith("float"):
        physical = _nan_as_zero(physical, thinned.grid, len(bands))
    return _warp(physical, thinned, grid, len(bands), source_nodata, _RESAMPLING[resampling], rows_at_once)


def _nan_as_zero(physical: str, grid: RasterGrid, count: int) -> str:
    """Power with 0 for NaN, which files hold without declaring it: the warp leaves out one number, and any average with
    another that is none would be none."""
    nan = float("nan")
    sources = [vrt.source(physical, i, nodata=nan) for i in range(1, count + 1)]
    return vrt.dataset(grid, [vrt.band(i, "float32", source, nodata=0.0) for i, source in enumerate(sources, 1)])


def _thinned(profile: RasterProfile, decimation: int) -> RasterProfile:
    """The profile of every n-th pixel; the outer edges stay."""
    if decimation <= 1:
        return profile
    grid = profile.grid
    width, height = max(1, grid.width // decimation), max(1, grid.height // decimation)
    across, down = grid.width / width, grid.height / height
    a, b, c, d, e, f = grid.transform
    coarse = RasterGrid(width, height, (a * across, b * down, c, d * across, e * down, f), grid.crs_wkt)
    points = tuple(replace(p, col=p.col / across, row=p.row / down) for p in profile.gcps)
    return replace(profile, grid=coarse, gcps=points)


def _warp(
    name: str,
    profile: RasterProfile,
    grid: RasterGrid,
    count: int,
    source_nodata: float,
    resampling: str,
    rows_at_once: int,
) -> str:
    nan = float("nan")
    bands = "".join(
        f'<VRTRasterBand dataType="Float32" band="{i + 1}" subClass="VRTWarpedRasterBand">'
        f"<NoDataValue>nan</NoDataValue></VRTRasterBand>"
        for i in range(count)
    )
    mapping = "".join(
        f'<BandMapping src="{i + 1}" dst="{i + 1}">'
        f"<SrcNoDataReal>{vrt.number(source_nodata)}</SrcNoDataReal><SrcNoDataImag>0</SrcNoDataImag>"
        f"<DstNoDataReal>{vrt.number(nan)}</DstNoDataReal><DstNoDataImag>0</DstNoDataImag></BandMapping>"
        for i in range(count)
    )
    options = (
        f"<BlockXSize>512</BlockXSize><BlockYSize>{rows_at_once}</BlockYSize><GDALWarpOptions>"
        f"<WarpMemoryLimit>67108864</WarpMemoryLimit><ResampleAlg>{resampling}</ResampleAlg>"
        "<WorkingDataType>Float32</WorkingDataType>"
        '<Option name="INIT_DEST">NO_DATA</Option><Option name="UNIFIED_SRC_NODATA">NO</Option>'
        '<Option name="ERROR_OUT_IF_EMPTY_SOURCE_WINDOW">FALSE</Option>'
        f'<SourceDataset relativeToVRT="0">{vrt.text(name)}</SourceDataset>'
        f"<Transformer><ApproxTransformer><MaxError>{_MAX_ERROR_PIXELS}</MaxError><BaseTransformer>"
        f"<GenImgProjTransformer>{_source_georeference(profile)}"
        f"<DstGeoTransform>{vrt.gdal_transform(grid.transform).replace(' ', '')}</DstGeoTransform>"
        f"<DstInvGeoTransform>{_inverse(grid)}</DstInvGeoTransform>"
        f"{_reprojection(profile.grid.crs_wkt or profile.gcps_wkt, grid.crs_wkt)}"
        "</GenImgProjTransformer></BaseTransformer></ApproxTransformer></Transformer>"
        f"<BandList>{mapping}</BandList></GDALWarpOptions>"
    )
    return vrt.dataset(grid, [bands, options], subClass="VRTWarpedDataset")


def _source_georeference(profile: RasterProfile) -> str:
    if profile.grid.crs_wkt:
        return (
            f"<SrcGeoTransform>{vrt.gdal_transform(profile.grid.transform).replace(' ', '')}</SrcGeoTransform>"
            f"<SrcInvGeoTransform>{_inverse(profile.grid)}</SrcInvGeoTransform>"
        )
    # Thin plate splines follow the points of a radar swath exactly; a polynomial would be off by pixels.
    return (
        "<SrcTPSTransformer><TPSTransformer><Reversed>0</Reversed>"
        f"<GCPList>{vrt.control_points(profile.gcps)}</GCPList></TPSTransformer></SrcTPSTransformer>"
    )


def _inverse(grid: RasterGrid) -> str:
    a, b, c, d, e, f = grid.transform
    det = a * e - b * d
    ia, ib, id_, ie = e / det, -b / det, -d / det, a / det
    values = (-(ia * c + ib * f), ia, ib, -(id_ * c + ie * f), id_, ie)
    return ",".join(vrt.number(v) for v in values)


def _reprojection(source_wkt: str, target_wkt: str) -> str:
    if source_wkt == target_wkt:
        return ""
    return (
        "<ReprojectTransformer><ReprojectionTransformer>"
        f"<SourceSRS>{vrt.text(source_wkt)}</SourceSRS><TargetSRS>{vrt.text(target_wkt)}</TargetSRS>"
        "</ReprojectionTransformer></ReprojectTransformer>"
    )
