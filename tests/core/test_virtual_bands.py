# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual rasters of tiles: their bands are named by the files behind them, and a file that is gone is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Sequence

import numpy as np
import pytest

from dbcr_core.bands import match_optical, match_sar
from dbcr_core.errors import InputError
from dbcr_core.grid import Window
from dbcr_core.rasters import RasterProfile, RasterSource, open_raster, opening, virtual_bands
from dbcr_core.rasters.virtual_bands import UNLIKE
from tests.core.raster_files import BACKENDS, backscatter_db, reflective_dn, write_raster

SIZE = 8
BANDS = ("B2", "B3", "B4", "B8")
both_backends = pytest.mark.parametrize("backend", BACKENDS)


def tile(path: Path, column: int, *descriptions: str, count: int = 0, **options: Any) -> Path:
    """A square tile in a row of them."""
    values = reflective_dn(count or len(descriptions), SIZE, SIZE, seed=column)
    origin = (600_000.0 + 10 * SIZE * column, 5_000_000.0)
    write_raster(path, values, origin=origin, descriptions=descriptions, **options)
    return path


def virtual(
    path: Path, bands: Sequence[Sequence[tuple[Path | str, int]]], attributes: str = "", extra: str = ""
) -> Path:
    """Files side by side in each band, as gdalbuildvrt writes that: without the descriptions of their bands."""
    elements = []
    for number, sources in enumerate(bands, 1):
        content = "".join(
            f'<SimpleSource><SourceFilename relativeToVRT="{int(isinstance(name, str))}">{name}</SourceFilename>'
            f'<SourceBand>{band}</SourceBand><SrcRect xOff="0" yOff="0" xSize="{SIZE}" ySize="{SIZE}"/>'
            f'<DstRect xOff="{SIZE * column}" yOff="0" xSize="{SIZE}" ySize="{SIZE}"/>'
            f'<SourceProperties RasterXSize="{SIZE}" RasterYSize="{SIZE}" DataType="UInt16"/></SimpleSource>'
            for column, (name, band) in enumerate(sources)
        )
        elements.append(
            f'<VRTRasterBand dataType="UInt16" band="{number}"{attributes}>{extra}{content}</VRTRasterBand>'
        )
    place = "<SRS>EPSG:32632</SRS><GeoTransform>600000, 10, 0, 5000000, 0, -10</GeoTransform>"
    size = f'rasterXSize="{SIZE * len(bands[0])}" rasterYSize="{SIZE}"'
    path.write_text(f"<VRTDataset {size}>{place}{''.join(elements)}</VRTDataset>", encoding="utf-8")
    return path


def mosaic(path: Path, tiles: Sequence[Path | str], count: int) -> Path:
    return virtual(path, [[(name, band) for name in tiles] for band in range(1, count + 1)])


def profile(path: Path, backend: str) -> RasterProfile:
    with open_raster(path, backend) as source:
        return source.profile


@both_backends
def test_the_bands_of_a_mosaic_are_named_by_its_tiles(tmp_path: Path, backend: str) -> None:
    (tmp_path / "tiles").mkdir()
    for column in range(3):
        tile(tmp_path / "tiles" / f"{column}.tif", column, *BANDS)
    found = profile(mosaic(tmp_path / "a.vrt", [f"tiles/{column}.tif" for column in range(3)], 4), backend)
    assert found.descriptions == BANDS and match_optical(found).names == ("B02", "B03", "B04", "B08")


@both_backends
def test_tiles_that_spell_a_band_differently_agree(tmp_path: Path, backend: str) -> None:
    tiles = [tile(tmp_path / "a.tif", 0, *BANDS), tile(tmp_path / "b.tif", 1, "blue", "T32_B03", "B04", "nir")]
    assert match_optical(profile(mosaic(tmp_path / "a.vrt", tiles, 4), backend)).names == ("B02", "B03", "B04", "B08")


@both_backends
@pytest.mark.parametrize("last", [("B2", "B4", "B3", "B8"), ("", "", "", ""), ("b1", "b2", "b3", "b4")])
def test_the_last_tile_may_contradict_all_others(tmp_path: Path, backend: str, last: tuple[str, ...]) -> None:
    tiles = [tile(tmp_path / f"{column}.tif", column, *BANDS) for column in range(4)]
    tiles.append(tile(tmp_path / "last.tif", 4, *last))
    found = profile(mosaic(tmp_path / "a.vrt", tiles, 4), backend)
    assert UNLIKE in found.descriptions
    with pytest.raises(InputError, match="recognised among the bands|not recognised"):
        match_optical(found)
    assert match_optical(found, "B02,B03,B04,B08").names == ("B02", "B03", "B04", "B08")


@both_backends
def test_radar_whose_tiles_are_in_another_order_is_not_counted(tmp_path: Path, backend: str) -> None:
    tiles = [tile(tmp_path / "a.tif", 0, "VH", "VV"), tile(tmp_path / "b.tif", 1, "VH", "VV")]
    assert match_sar(profile(mosaic(tmp_path / "a.vrt", tiles, 2), backend)).names == ("VH", "VV")
    tiles[1] = tile(tmp_path / "b.tif", 1, "VV", "VH")
    with pytest.raises(InputError, match=f"No VV or VH band .*{UNLIKE}"):
        match_sar(profile(mosaic(tmp_path / "a.vrt", tiles, 2), backend))


@both_backends
@pytest.mark.parametrize("count", [4, 12])
def test_tiles_without_names_leave_a_mosaic_as_it_was(tmp_path: Path, backend: str, count: int) -> None:
    tiles = [tile(tmp_path / f"{column}.tif", column, count=count) for column in range(2)]
    assert not any(profile(mosaic(tmp_path / "a.vrt", tiles, count), backend).descriptions)


@both_backends
def test_a_mosaic_of_stacks_is_named_by_the_files_of_their_bands(tmp_path: Path, backend: str) -> None:
    stacks = []
    for column, name in enumerate(("T32TQM", "T32TRM")):
        images = [tile(tmp_path / f"{name}_{band}.tif", column, count=1) for band in ("B02", "B03", "B04")]
        stacks.append(virtual(tmp_path / f"{name}.vrt", [[(image, 1)] for image in images]))
    found = profile(mosaic(tmp_path / "a.vrt", stacks, 3), backend)
    assert match_optical(found).names == ("B02", "B03", "B04")


@both_backends
def test_names_of_its_own_and_computed_values_are_not_named_by_the_tiles(tmp_path: Path, backend: str) -> None:
    bands = [[(tile(tmp_path / f"{column}.tif", column, "VV"), 1) for column in range(2)]]
    own = virtual(tmp_path / "own.vrt", bands, extra="<Description>coherence</Description>")
    assert profile(own, backend).descriptions == ("coherence",)
    computed = "<PixelFunctionType>diff</PixelFunctionType>"
    difference = virtual(tmp_path / "diff.vrt", bands, ' subClass="VRTDerivedRasterBand"', computed)
    assert profile(difference, backend).descriptions == ("",)


@both_backends
def test_a_virtual_raster_that_refers_to_itself_has_no_names(tmp_path: Path, backend: str) -> None:
    path = mosaic(tmp_path / "a.vrt", ["b.vrt", "b.vrt"], 2)
    mosaic(tmp_path / "b.vrt", ["a.vrt"], 2)
    assert profile(path, backend).descriptions == ("", "")


@both_backends
def test_a_tile_that_is_gone_is_named_where_it_is_read(tmp_path: Path, backend: str) -> None:
    tiles = [tile(tmp_path / f"{column}.tif", column, *BANDS) for column in range(2)]
    path = mosaic(tmp_path / "a.vrt", ["0.tif", "1.tif"], 4)
    tiles[1].unlink()
    with open_raster(path, backend) as source:
        assert source.profile.descriptions == BANDS
        np.testing.assert_array_equal(
            source.read([1], Window(0, 0, SIZE, SIZE))[0], reflective_dn(4, SIZE, SIZE, seed=0)[0]
        )
        with pytest.raises(InputError, match=r"a\.vrt refers to .*1\.tif, which is not there; put that file back"):
            source.read([1], source.grid.window)
    tiles[0].unlink()
    with pytest.raises(InputError, match=r"a\.vrt refers to .*[01]\.tif, which is not there"):
        open_raster(path, backend)


@both_backends
def test_a_gone_file_is_named_although_the_bands_are_too(tmp_path: Path, backend: str) -> None:
    for pol, values in zip(("VV", "VH"), backscatter_db(SIZE, SIZE)):
        write_raster(tmp_path / f"{pol}.tif", values[None])
    path = virtual(tmp_path / "a.vrt", [[("VH.tif", 1)], [("VV.tif", 1)]])
    assert match_sar(profile(path, backend)).names == ("VH", "VV")
    (tmp_path / "VV.tif").unlink()
    with open_raster(path, backend) as source, pytest.raises(InputError, match=r"refers to .*VV\.tif"):
        source.read([1, 2], source.grid.window)


@both_backends
def test_a_mosaic_with_one_undescribed_tile_is_refused_once_with_that_tiles_name(tmp_path: Path, backend: str) -> None:
    tiles = [tile(tmp_path / f"{column}_B08.tif", column, *BANDS) for column in range(3)]
    tiles.insert(1, tile(tmp_path / "odd_VV.tif", 3, *("",) * 4))
    found = profile(mosaic(tmp_path / "a.vrt", tiles, 4), backend)
    said = rf"\({UNLIKE}, compare odd_VV\.tif with the others\);"
    with pytest.raises(InputError, match=f"The bands of the optical image are not recognised {said}"):
        match_optical(found)
    with pytest.raises(InputError, match=f"No VV or VH band is recognised in the SAR image {said}"):
        match_sar(found)
    tile(tmp_path / "odd_VV.tif", 3, "B2", "B4", "B3", "B8")
    with pytest.raises(InputError, match=rf"Only B02, B08 is .*optical image \({UNLIKE}, compare odd_VV\.tif with"):
        match_optical(profile(tmp_path / "a.vrt", backend))


@both_backends
def test_an_alpha_band_that_was_added_has_no_name_and_an_infrared_one_called_so_has(
    tmp_path: Path, backend: str
) -> None:
    tiles = [tile(tmp_path / f"{column}.tif", column, *BANDS) for column in range(2)]
    path = virtual(tmp_path / "a.vrt", [[(name, band) for name in tiles] for band in (1, 2, 3, 4, 1)])
    *bands, last = path.read_text(encoding="utf-8").split("<VRTRasterBand")
    assert len(bands) == 5
    alpha = last.replace("</SimpleSource>", "<ScaleOffset>255</ScaleOffset><ScaleRatio>0</ScaleRatio></ComplexSource>")
    alpha = alpha.replace("<SimpleSource>", "<ComplexSource>")
    bands[4] = bands[4].replace('band="4">', 'band="4"><ColorInterp>Alpha</ColorInterp>')
    path.write_text("<VRTRasterBand".join([*bands, alpha]), encoding="utf-8")
    found = profile(path, backend)
    assert found.descriptions == (*BANDS, "") and match_optical(found).names == ("B02", "B03", "B04", "B08")
    assert found.colours[3] == "alpha" and not found.unlike_file


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rasters that the libraries opened, by name."""
    names: list[str] = []

    def note(self: RasterSource, name: str, *arguments: Any, **options: Any) -> None:
        names.append(Path(name).name)
        plain(self, name, *arguments, **options)

    plain = RasterSource.__init__
    monkeypatch.setattr(RasterSource, "__init__", note)
    return names


@both_backends
def test_of_many_tiles_some_are_asked_evenly_spread_and_of_remote_ones_few(
    tmp_path: Path, backend: str, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virtual_bands, "MOST_ASKED", 5)
    tiles = [tile(tmp_path / f"{column}.tif", column, *BANDS) for column in range(9)]
    tiles.append(tmp_path / "gone.tif")
    path = mosaic(tmp_path / "a.vrt", tiles, 4)
    assert profile(path, backend).descriptions == BANDS
    assert opened == ["a.vrt", "0.tif", "2.tif", "4.tif", "6.tif", "8.tif"]
    opened.clear()
    monkeypatch.setattr(opening, "remote_address", lambda name: "https://h/0.tif")
    with open_raster(path, backend, allow_network=True) as source:
        assert source.profile.descriptions == BANDS
    assert opened == ["a.vrt", "0.tif", "3.tif", "5.tif", "8.tif"]


@both_backends
def test_a_second_opening_asks_only_tiles_that_changed(tmp_path: Path, backend: str, opened: list[str]) -> None:
    tiles = [tile(tmp_path / f"{column}.tif", column, *BANDS) for column in range(2)]
    path = mosaic(tmp_path / "a.vrt", tiles, 4)
    for each in tiles:
        os.utime(each, (1e9, 1e9))
    for _ in range(2):
        assert profile(path, backend).descriptions == BANDS
    assert opened == ["a.vrt", "0.tif", "1.tif", "a.vrt"]
    opened.clear()
    tile(tmp_path / "1.tif", 1, "B2", "B4", "B3", "B8")
    for _ in range(2):  # changed just now, it may change again without its time telling
        assert profile(path, backend).descriptions == ("B2", UNLIKE, UNLIKE, "B8")
    assert opened == ["a.vrt", "1.tif"] * 2


@both_backends
def test_names_that_appear_beside_a_tile_are_read(tmp_path: Path, backend: str) -> None:
    image = tile(tmp_path / "0.tif", 0, count=3)
    os.utime(image, (1e9, 1e9))
    path = mosaic(tmp_path / "a.vrt", [image], 3)
    assert not any(profile(path, backend).descriptions)
    bands = (f'<PAMRasterBand band="{i}"><Description>B{i + 1}</Description></PAMRasterBand>' for i in (1, 2, 3))
    beside = tmp_path / "0.tif.aux.xml"
    beside.write_text(f"<PAMDataset>{''.join(bands)}</PAMDataset>", encoding="utf-8")
    os.utime(beside, (1e9, 1e9))
    assert profile(path, backend).descriptions == ("B2", "B3", "B4")
