# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundled model through the whole engine on real SEN12MS-CR patches (skipped where they are not at hand)."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from dbcr_core.assess import assess
from dbcr_core.model_card import bundled_model_path
from dbcr_core.model_file import read_model_file
from dbcr_core.predictors import open_predictor
from dbcr_core.scene import remove_clouds


@pytest.fixture(scope="module")
def patches(repository):
    folder = repository.parent / "shared" / "data" / "sen12mscr_dev"
    if not folder.is_dir():
        pytest.skip("the SEN12MS-CR validation patches (shared/data/sen12mscr_dev) are not at hand")
    return sorted(path for path in folder.iterdir() if (path / "s2_cloudy.tif").exists())


@pytest.fixture(scope="module")
def predictor():
    opened = open_predictor(bundled_model_path(), "cpu")
    yield opened
    opened.close()


def mean_psnr(patches, folder, predictor, sar=True, **options):
    """Mean PSNR over the patches of the engine's output, and of its cloudy input, with each patch's outputs."""
    scores, inputs = [], []
    for patch in patches:
        output = str(folder / f"{patch.name}.tif")
        remove_clouds(
            str(patch / "s2_cloudy.tif"), str(patch / "s1.tif") if sar else None, output,
            predictor=predictor, optical_values="dn", **options,
        )  # fmt: skip
        clear = str(patch / "s2_clear.tif")
        scores.append(assess(output, clear).all.psnr)
        inputs.append(assess(str(patch / "s2_cloudy.tif"), clear).all.psnr)
    return float(np.mean(scores)), float(np.mean(inputs))


def test_the_engine_reaches_what_the_card_says(patches, tmp_path, predictor):
    found, cloudy = mean_psnr(patches, tmp_path, predictor, mask="none")
    promised = read_model_file(bundled_model_path()).card.metrics["sen12mscr_dev"]["nfe"]["1"]["psnr"]
    assert found == pytest.approx(promised, abs=0.15)
    assert found > cloudy + 3


def test_the_auto_mask_finds_the_clouds_and_keeps_every_other_byte(patches, tmp_path, predictor):
    found = total = 0
    for patch in patches:
        if not (patch / "cloudmask.tif").exists():
            continue
        output, changed = str(tmp_path / "o.tif"), str(tmp_path / "c.tif")
        remove_clouds(
            str(patch / "s2_cloudy.tif"), str(patch / "s1.tif"), output,
            predictor=predictor, optical_values="dn", changed=changed,
        )  # fmt: skip
        with rasterio.open(patch / "s2_cloudy.tif") as a, rasterio.open(output) as b, rasterio.open(changed) as c:
            before, after, percent = a.read(), b.read(), c.read(1)
        assert (before[:, percent == 0] == after[:, percent == 0]).all()
        with rasterio.open(patch / "cloudmask.tif") as raster:
            cloud = raster.read(1) > 0
        found, total = found + int((cloud & (percent > 0)).sum()), total + int(cloud.sum())
    assert found / total > 0.9


def test_without_radar_the_result_is_still_better_than_the_clouds(patches, tmp_path, predictor):
    without, cloudy = mean_psnr(patches, tmp_path, predictor, mask="none", sar=False)
    assert without > cloudy + 2
