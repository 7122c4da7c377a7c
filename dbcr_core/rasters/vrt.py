# SPDX-License-Identifier: GPL-3.0-or-later
"""GDAL virtual rasters written as text, so that both backends read and write exactly the same thing.

https://gdal.org/en/stable/drivers/raster/vrt.html describes the elements.
"""

from __future__ import annotations

import re
from typing import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from ..grid import RasterGrid, Window
from .raster import GroundControlPoint, RasterProfile

_GDAL_TYPES = {
    "uint8": "Byte",
    "uint16": "UInt16",
    "int16": "Int16",
    "uint32": "UInt32",
    "int32": "Int32",
    "float32": "Float32",
    "float64": "Float64",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: object) -> str:
    """Escaped character data, without the characters that XML cannot hold."""
    return escape(_NOT_XML.sub("", str(value)))


def number(value: float) -> str:
    """A number that reads back to the same double; NaN as GDAL spells it."""
    return "nan" if value != value else repr(float(value))


def gdal_type(dtype: str) -> str:
    """GDAL's name of a numpy dtype of `rasters.DTYPES`."""
    return _GDAL_TYPES[dtype]


def gdal_transform(transform: Sequence[float]) -> str:
    """Affine coefficients (a, b, c, d, e, f) in GDAL's order, as the VRT format writes them."""
    a, b, c, d, e, f = transform
    return ", ".join(number(v) for v in (c, a, b, f, d, e))


def metadata(tags: Mapping[str, str]) -> str:
    """A <Metadata> element, or nothing where there are no tags."""
    if not tags:
        return ""
    items = "".join(f"<MDI key={quoteattr(_NOT_XML.sub('', key))}>{text(value)}</MDI>" for key, value in tags.items())
    return f"<Metadata>{items}</Metadata>"


def dataset(
    grid: RasterGrid,
    bands: Sequence[str],
    tags: Mapping[str, str] | None = None,
    *,
    gcps: Sequence[GroundControlPoint] = (),
    gcps_crs: str = "",
    **attributes: str,
) -> str:
    """A <VRTDataset> of ready-made band elements on a grid, or located by control points where it has no CRS."""
    extra = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    if gcps and not grid.crs_wkt:
        place = f"<GCPList Projection={quoteattr(gcps_crs)}>{control_points(gcps)}</GCPList>"
    else:
        srs = f"<SRS>{text(grid.crs_wkt)}</SRS>" if grid.crs_wkt else ""
        place = f"{srs}<GeoTransform>{gdal_transform(grid.transform)}</GeoTransform>"
    return (
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}"{extra}>{place}'
        f"{metadata(tags or {})}{''.join(bands)}</VRTDataset>"
    )


def control_points(gcps: Sequence[GroundControlPoint]) -> str:
    """<GCP> elements."""
    return "".join(
        f'<GCP Id="{i}" Pixel="{number(p.col)}" Line="{number(p.row)}" X="{number(p.x)}" Y="{number(p.y)}"/>'
        for i, p in enumerate(gcps, 1)
    )


def source(
    name: str,
    band: int,
    *,
    nodata: float | None = None,
    scale: float = 1.0,
    offset: float = 0.0,
    size: tuple[int, int] | None = None,
    target: Window | None = None,
    columns: tuple[int, int] | None = None,
    table: Sequence[tuple[float, float]] = (),
) -> str:
    """A band's source: band `band` (1-based) of the raster `name`, a path or itself a VRT.

    Values become stored · scale + offset, and then what the points (value, result) of the table say, linear in between
    and constant beyond; pixels equal to nodata are left out. With size (width, height of the source) and target the
    source is stretched to that window by nearest neighbour; with size and columns (first, one past the last) only those
    columns are taken, to where they are.
    """
    is_complex = nodata is not None or scale != 1 or offset != 0 or bool(table)
    rects = ""
    if size and columns:
        part = f'xOff="{columns[0]}" yOff="0" xSize="{columns[1] - columns[0]}" ySize="{size[1]}"'
        rects = f"<SrcRect {part}/><DstRect {part}/>"
    elif size and target:
        rects = (
            f'<SrcRect xOff="0" yOff="0" xSize="{size[0]}" ySize="{size[1]}"/>'
            f'<DstRect xOff="{target.col}" yOff="{target.row}" xSize="{target.width}" ySize="{target.height}"/>'
        )
    kind = "ComplexSource" if is_complex else "SimpleSource"
    scaling = ""
    if scale != 1 or offset != 0:
        scaling = f"<ScaleOffset>{number(offset)}</ScaleOffset><ScaleRatio>{number(scale)}</ScaleRatio>"
    points = ",".join(f"{number(value)}:{number(result)}" for value, result in table)
    scaling += f"<LUT>{points}</LUT>" if points else ""
    missing = "" if nodata is None else f"<NODATA>{number(nodata)}</NODATA>"
    return (
        f'<{kind}><SourceFilename relativeToVRT="0">{text(name)}</SourceFilename><SourceBand>{band}</SourceBand>'
        f"{rects}{scaling}{missing}</{kind}>"
    )


def source_columns(xml: str, block: int) -> int:
    """Columns of the blocks of all sources together, of those of every band: whole blocks, unless a source is smaller.

    0 where the text does not tell how wide they are, or is none.
    """
    told = [int(width) for width in re.findall(r'<SrcRect [^>]*?xSize="(\d+)"', xml)]
    if len(told) != xml.count("<SourceFilename"):
        return 0
    return sum(width if width < block else -(-width // block) * block for width in told)


def band(
    number_: int,
    dtype: str,
    content: str,
    *,
    nodata: float | None = None,
    description: str = "",
    scale: float = 1.0,
    offset: float = 0.0,
    unit: str = "",
    colour: str = "undefined",
    tags: Mapping[str, str] | None = None,
    function: str = "",
) -> str:
    """A <VRTRasterBand> around its sources; `function` names one of GDAL's built-in pixel functions."""
    attributes = ' subClass="VRTDerivedRasterBand"' if function else ""
    parts = [metadata(tags or {})]
    if description:
        parts.append(f"<Description>{text(description)}</Description>")
    if unit:
        parts.append(f"<UnitType>{text(unit)}</UnitType>")
    if nodata is not None:
        parts.append(f"<NoDataValue>{number(nodata)}</NoDataValue>")
    if colour != "undefined":
        parts.append(f"<ColorInterp>{text(colour)}</ColorInterp>")
    if scale != 1 or offset != 0:
        parts.append(f"<Offset>{number(offset)}</Offset><Scale>{number(scale)}</Scale>")
    if function:
        parts.append(f"<PixelFunctionType>{function}</PixelFunctionType>")
        parts.append(f"<SourceTransferType>{gdal_type(dtype)}</SourceTransferType>")
    return (
        f'<VRTRasterBand dataType="{gdal_type(dtype)}" band="{number_}"{attributes}>{"".join(parts)}{content}'
        "</VRTRasterBand>"
    )


def described(profile: RasterProfile, name: str) -> str:
    """The raster `name` (same size and bands as the profile) with the profile's grid and metadata."""
    bands = [
        band(
            i + 1,
            profile.dtype,
            source(name, i + 1),
            nodata=profile.nodata,
            description=profile.descriptions[i],
            scale=profile.scales[i],
            offset=profile.offsets[i],
            unit=profile.units[i],
            colour=profile.colours[i],
            # GDAL's GeoTIFF writer keeps only the default domain of a virtual band.
            tags={**profile.imagery_tags[i], **profile.band_tags[i]},
        )
        for i in range(profile.count)
    ]
    return dataset(profile.grid, bands, profile.tags)
