# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole georeferenced rasters, cut into scenes on the fly: a clear image, perhaps a cloudy one and SAR on any grid.

Facts: the clear image decides the grid; the others are warped to it window by window (SAR bilinear), so they may have
any CRS and resolution. Values as in ``scene_folders``; band descriptions decide which bands exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from dbcr_core.errors import BackendMissingError, InputError

from .scene import Scene, spread_optical, spread_sar

SMALLEST_SHARE = 0.5


def read_windows(
    clear: Path, sar: Path | None = None, cloudy: Path | None = None, size: int = 256, group: str = "rasters"
) -> Iterator[Scene]:
    """Scenes of ``size`` pixels that tile the clear image; windows that are mostly nodata are left out.

    Raises InputError that names the file when one cannot be read, has no CRS, or has no known bands.
    """
    try:
        import rasterio
        from rasterio.errors import RasterioError
        from rasterio.vrt import WarpedVRT
        from rasterio.windows import Window
    except ImportError as error:
        raise BackendMissingError("Reading GeoTIFFs needs rasterio: install it with `pip install rasterio`.") from error
    with ExitStack() as stack:

        def opened(path: Path, like=None, resampling: str = "nearest"):
            try:
                file = stack.enter_context(rasterio.open(path))
            except (RasterioError, OSError) as error:
                raise InputError(f"{path} cannot be read ({error}); fetch it again.") from error
            if file.crs is None:
                raise InputError(f"{path} has no CRS; assign one, or put the rasters into scene folders.")
            names = tuple(d or "" for d in file.descriptions)
            if like is None:
                return file, names
            grid = {"crs": like.crs, "transform": like.transform, "width": like.width, "height": like.height}
            fill = {"nodata": np.nan} if resampling == "bilinear" else {}
            method = rasterio.enums.Resampling[resampling]
            return stack.enter_context(WarpedVRT(file, resampling=method, **grid, **fill)), names

        base, base_names = opened(clear)
        others = {"cloudy": opened(cloudy, base) if cloudy else None}
        radar = opened(sar, base, "bilinear") if sar else None
        for row in range(0, base.height, size):
            for col in range(0, base.width, size):
                window = Window(col, row, min(size, base.width - col), min(size, base.height - row))
                try:
                    values, bands = spread_optical(base.read(window=window), base_names, str(clear))
                    images = {"clear": values}
                    if others["cloudy"]:
                        file, names = others["cloudy"]
                        images["cloudy"], also = spread_optical(file.read(window=window), names, str(cloudy))
                        bands = bands & also
                    backscatter = polarisations = None
                    if radar:
                        backscatter, polarisations = spread_sar(radar[0].read(window=window), radar[1], str(sar))
                except RasterioError as error:
                    raise InputError(f"{clear} or its partners cannot be read ({error}); fetch them again.") from error
                for image in images.values():
                    image[~bands] = 0
                if min((image > 0).any(0).mean() for image in images.values()) < SMALLEST_SHARE:
                    continue
                yield Scene(
                    f"{clear.stem}_{row}_{col}", group, bands, sar=backscatter, sar_bands=polarisations, **images
                )
