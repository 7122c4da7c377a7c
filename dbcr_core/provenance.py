# SPDX-License-Identifier: GPL-3.0-or-later
"""What the output says about itself: tags by which anyone can tell how its pixels came to be, and make them again."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from . import __version__
from .band_names import names_band
from .identity import unsigned
from .job import NO_MASK_FILE, CloudRemovalJob, options_of
from .products import listed_files
from .radiometry import OPTICAL_VALUES
from .rasters import RasterProfile

NOTICE = "Reconstructed pixels are estimates of a neural network from cloudy optical and radar data, not observations."


def provenance_tags(
    job: CloudRemovalJob, model_id: str, model_sha256: str, runtime: str, findings: list[str]
) -> dict[str, str]:
    """Tags for the output; no dates and no folders, so that the same inputs give the same bytes anywhere."""
    return {
        "DBCR_NOTICE": NOTICE,
        "DBCR_VERSION": __version__,
        "DBCR_MODEL": model_id,
        "DBCR_MODEL_SHA256": model_sha256,
        "DBCR_RUNTIME": runtime,
        "DBCR_NFE": str(job.nfe),
        "DBCR_MASK": job.mask if job.mask in NO_MASK_FILE else file_names(job.mask),
        "DBCR_OPTICAL": file_names(job.optical),
        "DBCR_SAR": file_names(job.sar) if job.sar else "none",
        "DBCR_OPTIONS": json.dumps(options_of(job), sort_keys=True),
        "DBCR_FINDINGS": "; ".join(findings),
    }


def was_cleared(profile: RasterProfile) -> bool:
    """Whether a raster is an output of this program."""
    return "DBCR_VERSION" in profile.tags


def said_values(profile: RasterProfile) -> str | None:
    """What was said of an output's values when it was made, one of OPTICAL_VALUES; None where nothing was."""
    said = _said_options(profile).get("optical_values")
    return said if said in OPTICAL_VALUES else None


def said_bands(profile: RasterProfile) -> str | None:
    """The list of bands in file order that was given when an output was made; None where none was, where the bands
    have names of their own, or are not those of then."""
    said = _said_options(profile).get("bands")
    if not isinstance(said, str) or any(map(names_band, profile.descriptions)):
        return None
    return said if len(said.split(",")) <= profile.count else None


def _said_options(profile: RasterProfile) -> dict[str, Any]:
    try:
        options = json.loads(profile.tags.get("DBCR_OPTIONS", ""))
    except ValueError:
        return {}
    return options if isinstance(options, dict) else {}


def file_names(path: str) -> str:
    """The names behind an input without folders, and without what follows a web address: it may be a key."""
    if path.lstrip().startswith("<"):
        return "virtual raster"
    return ", ".join(re.split(r"[/\\]", part.rstrip("/\\").partition("?")[0])[-1] for part in listed_files(path))


def resume_key(job: CloudRemovalJob) -> str:
    """Everything that was asked for, but neither threads nor compression: the same key means the same pixels.

    Another version of this program may compute other ones.
    """
    values = {key: value for key, value in asdict(job).items() if key not in ("threads", "compression")}
    values.update({key: unsigned(values[key]) for key in ("optical", "sar", "mask") if values[key]})
    return json.dumps({**values, "version": __version__}, sort_keys=True)
