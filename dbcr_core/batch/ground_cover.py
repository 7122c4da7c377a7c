# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a STAC item's ground another item covers, judged at a lattice of points."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

import numpy as np

POINTS = 24
"""Lattice points along each side of an item's outline."""

Ring = np.ndarray  # (n, 2): longitude and latitude, whose longitudes may go on beyond 180
Polygons = Sequence[Sequence[Ring]]
"""Polygons, each of its rings: a point within an even number of them is outside."""


class Ground(NamedTuple):
    """Polygons and the bounding box of them all: west, south, east, north; west > east where there are none."""

    polygons: Polygons
    box: tuple[float, float, float, float]


def ground_of(item: Mapping[str, Any]) -> Ground:
    """An item's outline, or its bounding box where it has none that can be read; empty without either."""
    polygons = _polygons(item.get("geometry")) or _box(item.get("bbox"))
    if not polygons:
        return Ground((), (np.inf, np.inf, -np.inf, -np.inf))
    points = np.concatenate([ring for polygon in polygons for ring in polygon])
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Ground(polygons, (west, south, east, north))


def share_covered(ground: Ground, other: Ground) -> float:
    """Share of the ground, 0…1, that lies on the other, too; 0 where either is empty."""
    # Most pairs of a large collection lie far apart.
    if not _boxes_meet(ground.box, other.box):
        return 0.0
    total = common = 0.0
    for polygon in ground.polygons:
        (west, south), (east, north) = polygon[0].min(axis=0), polygon[0].max(axis=0)
        steps = (np.arange(POINTS) + 0.5) / POINTS
        lon, lat = (grid.ravel() for grid in np.meshgrid(west + steps * (east - west), south + steps * (north - south)))
        inside = _inside(polygon, lon, lat)
        covered = np.zeros(inside.shape, bool)
        for turn in (-360.0, 0.0, 360.0):
            for each in other.polygons:
                covered |= _inside(each, lon + turn, lat)
        weight = (east - west) * (north - south)
        total += weight * inside.sum()
        common += weight * (inside & covered).sum()
    return float(common / total) if total > 0 else 0.0


def _boxes_meet(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two bounding boxes meet, whatever turn of the Earth their longitudes are counted in."""
    return (
        box[1] <= other[3]
        and other[1] <= box[3]
        and any(box[0] + turn <= other[2] and other[0] <= box[2] + turn for turn in (-360.0, 0.0, 360.0))
    )


def _inside(polygon: Sequence[Ring], lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Which points lie in a polygon: a ray to the east crosses its edges an odd number of times."""
    odd = np.zeros(lon.shape, bool)
    for ring in polygon:
        (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
        if lon.max() < west or lon.min() > east or lat.max() < south or lat.min() > north:
            continue
        for (x, y), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0)):
            if y != y2:
                odd ^= ((lat < y) != (lat < y2)) & (lon < x + (lat - y) * ((x2 - x) / (y2 - y)))
    return odd


def _polygons(geometry: Any) -> Polygons:
    """The polygons of a GeoJSON geometry; none where it is another kind, or damaged."""
    try:
        kind, content = geometry["type"], geometry["coordinates"]
        parts = {"Polygon": [content], "MultiPolygon": content}[kind]
        polygons = [[_ring([(float(p[0]), float(p[1])) for p in ring]) for ring in part] for part in parts]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return ()
    is_sound = all(polygon and all(np.isfinite(ring).all() for ring in polygon) for polygon in polygons)
    return polygons if is_sound and any(np.ptp(polygon[0], axis=0).all() for polygon in polygons) else ()


def _ring(points: Sequence[tuple[float, float]]) -> Ring:
    """A ring whose neighbours lie less than half the Earth apart, also across the antimeridian."""
    ring = np.array(points)
    steps = np.diff(ring[:, 0], prepend=ring[0, 0])
    ring[:, 0] -= 360 * np.cumsum(np.round(steps / 360))
    return ring


def _box(box: Any) -> Polygons:
    """A bounding box: [west, south, east, north], or with heights, six numbers; across the antimeridian west > east."""
    if not box:
        return ()
    west, south, east, north = box[0], box[1], box[len(box) // 2], box[len(box) // 2 + 1]
    if west > east:
        east += 360
    return [[np.array([(west, south), (east, south), (east, north), (west, north)], float)]]
