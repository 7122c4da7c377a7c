# SPDX-License-Identifier: GPL-3.0-or-later
"""What the output says of its inputs: names, without folders and without keys."""

from __future__ import annotations

import pytest

from dbcr_core.provenance import file_names


@pytest.mark.parametrize(
    "path, names",
    [
        ("/home/me/s2.tif", "s2.tif"),
        ("/data/S2B_MSIL1C_x.SAFE/", "S2B_MSIL1C_x.SAFE"),
        (r"C:\data\s2.tif", "s2.tif"),
        ("/a/VV.tif,/b/VH.tif", "VV.tif, VH.tif"),
        ("/vsicurl/https://a.org/s2.tif?sig=secret&se=2026", "s2.tif"),
        ("<VRTDataset><SourceFilename>/home/me/s2.tif</SourceFilename></VRTDataset>", "virtual raster"),
    ],
)
def test_inputs_are_named_without_folders_and_keys(path: str, names: str) -> None:
    assert file_names(path) == names


def test_a_file_whose_name_holds_a_comma_is_one(tmp_path) -> None:
    (tmp_path / "a,b.tif").touch()
    assert file_names(str(tmp_path / "a,b.tif")) == "a,b.tif"
