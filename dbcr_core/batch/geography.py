# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a grid lies on Earth: its outline in longitude and latitude, and its EPSG code."""

from __future__ import annotations

from typing import Any, Sequence

from ..grid import DEGREE_METRES, RasterGrid
from ..rasters import raster_library

EDGE_POINTS = 5
"""Points along each edge of an outline; a UTM tile's edge bends by less than a pixel between them."""

Point = tuple  # (longitude, latitude) in degrees


def epsg_code(wkt: str) -> int | None:
    """The EPSG code of a CRS, None where it has none."""
    code: int | None = raster_library().epsg_code(wkt)
    return code


def metres_per_unit(wkt: str) -> float:
    """Length of a CRS's unit; of a degree along a meridian, of a raster without CRS one metre."""
    if not wkt:
        return 1.0
    metres: float | None = raster_library().metres_per_unit(wkt)
    return DEGREE_METRES if metres is None else metres


def footprint(grid: RasterGrid) -> dict[str, Any]:
    """The grid's outline as a GeoJSON geometry in EPSG:4326, counter-clockwise, cut at the antimeridian."""
    ring = _outline(grid)
    longitudes = [lon for lon, _ in ring]
    if max(longitudes) <= 180 and max(longitudes) - min(longitudes) <= 180:
        return {"type": "Polygon", "coordinates": [_closed(ring)]}
    east = [(lon % 360, lat) for lon, lat in ring]
    parts = [_cut(east, keep_west=True), [(lon - 360, lat) for lon, lat in _cut(east, keep_west=False)]]
    rings = [_closed(part) for part in parts if len({lon for lon, _ in part}) > 1]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings}
    return {"type": "MultiPolygon", "coordinates": [[part] for part in rings]}


def bounding_box(geometry: dict[str, Any]) -> list[float]:
    """[west, south, east, north] of a footprint; west exceeds east where it crosses the antimeridian (RFC 7946)."""
    if geometry["type"] == "Polygon":
        points = geometry["coordinates"][0]
        west, east = min(p[0] for p in points), max(p[0] for p in points)
    else:
        rings = [polygon[0] for polygon in geometry["coordinates"]]
        points = [point for ring in rings for point in ring]
        west, east = min(p[0] for p in points if p[0] > 0), max(p[0] for p in points if p[0] < 0)
    return [west, min(p[1] for p in points), east, max(p[1] for p in points)]


def _outline(grid: RasterGrid) -> list[Point]:
    steps = [i / EDGE_POINTS for i in range(EDGE_POINTS)]
    width, height = grid.width, grid.height
    pixels = [(0, s * height) for s in steps] + [(s * width, height) for s in steps]
    pixels += [(width, height - s * height) for s in steps] + [(width - s * width, 0) for s in steps]
    return _degrees(grid.crs_wkt, [grid.xy(*pixel) for pixel in pixels])


def _degrees(wkt: str, points: Sequence[tuple[float, float]]) -> list[Point]:
    """(longitude, latitude) of points in a CRS, to a centimetre."""
    return [(round(float(x), 7), round(float(y), 7)) for x, y in raster_library().in_degrees(wkt, points)]


def _closed(ring: Sequence[Point]) -> list[list[float]]:
    return [list(point) for point in (*ring, ring[0])]


def _cut(ring: Sequence[Point], keep_west: bool) -> list[Point]:
    """The part of a ring (longitudes 0…360) on one side of 180°."""

    def inside(point: Point) -> bool:
        return point[0] <= 180 if keep_west else point[0] >= 180

    kept = []
    for here, following in zip(ring, (*ring[1:], ring[0])):
        if inside(here):
            kept.append(here)
        if inside(here) != inside(following):
            share = (180 - here[0]) / (following[0] - here[0])
            kept.append((180.0, round(here[1] + share * (following[1] - here[1]), 7)))
    return kept
