# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a job reads, opened, matched and checked before the first pixel is computed."""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Callable, Iterator, NamedTuple, Sequence

from .backscatter import detect_sar
from .band_sets import learned_bands, mask_doubt
from .bands import BandSelection, left_out_bands, match_optical, match_sar
from .errors import InputChanged, InputError
from .grid import RasterGrid, Window
from .holding_bands import check_extent, empty_bands_doubt, held_bands
from .identity import known_by
from .job import CloudRemovalJob
from .model_card import ModelCard, bundled_model_path
from .on_grid import SarOnGrid
from .pairing import check_optical_grid, check_pair
from .predictors import Predictor, PredictorKeeper, open_predictor
from .progress import ProgressPort, never_cancelled
from .provenance import was_cleared
from .radiometry import detect_optical
from .rasters import RasterSource, open_raster
from .scene_area import SceneArea
from .stored_values import OpticalRadiometry
from .surroundings import LAG
from .tile_inputs import band_index
from .tiles import TilePlan
from .wording import SAR_UNITS, VV_ESTIMATED, reflectance_words

WIDE = 5490
TILES_AT_ONCE, TILES_AT_ONCE_IF_WIDE, TILES_AT_ONCE_IF_WIDEST = 8, 4, 2
"""Tiles in the network at the same time, about 100 MB each: fewer where the scene's own rows need the memory, fewest
where these hold the uncertainty as well."""


@dataclass
class SceneInputs:
    """An opened job.

    optical: the scene's file; area: which part to clear, and what to compute for that. selection: its bands.
    radiometry: what its values mean. holding: index of those bands that hold anything at all in the file. sar: the
    radar in decibels on the optical grid, or None; sar_model_bands: which of the model's radar bands it has. findings:
    what was found, in plain words, in order.
    """

    optical: RasterSource
    area: SceneArea
    selection: BandSelection
    radiometry: OpticalRadiometry
    holding: slice | list[int]
    sar: SarOnGrid | None
    sar_model_bands: tuple[int, ...]
    predictor: Predictor
    port: ProgressPort
    sources: tuple[RasterSource, ...]
    findings: list[str] = field(default_factory=list)

    @property
    def card(self) -> ModelCard:
        """The network's card."""
        return self.predictor.card

    @property
    def model_sha256(self) -> str:
        """Hash of the model file, empty for a network that came from none."""
        return getattr(self.predictor, "model_sha256", "")

    @property
    def held_model_bands(self) -> tuple[int, ...]:
        """What the bands that hold anything are to the network."""
        return self.selection.those(self.holding).model_bands

    @property
    def window(self) -> Window:
        """The part to clear."""
        return self.area.window

    @property
    def grid(self) -> RasterGrid:
        """Grid of the outputs."""
        return self.optical.grid.crop(self.window)

    @property
    def bands(self) -> slice | list[int]:
        """Index of the bands to clear among those of the file."""
        return band_index([band - 1 for band in self.selection.file_bands], self.optical.profile.count)

    @property
    def absolute_pixel(self) -> tuple[int, int]:
        """(column, row) of the first pixel computed, on the grid that the CRS origin and the pixel size define."""
        a, _, c, _, e, f = self.optical.grid.transform
        # Halves always upwards, or the pixels of an image and of a part cut from it would not be counted alike.
        first = (math.floor(places + 0.5 + 1e-6) for places in (c / a, f / e))
        return next(first) + self.area.place.col, next(first) + self.area.place.row

    def fingerprint(self) -> str:
        """Changes whenever an input file, the way it is read, the model or the device does."""
        files = sorted({name for source in self.sources for name in source.pixel_files})
        stamps = [f"{name} {known_by(name)}" for name in files]
        # Names, scales and units of bands may stand in files that do not count as the raster's own.
        read_as = [repr(source.profile.interpretation) for source in self.sources]
        read_as += map(repr, (self.selection, self.radiometry, self.sar_model_bands, self.sar and self.sar.radiometry))
        return "\n".join([self.card.id, self.model_sha256, self.predictor.device, *stamps, *read_as])

    def check_unchanged(self, fingerprint: str) -> None:
        """Raises InputError if an input file changed or vanished since `fingerprint` was taken."""
        if self.fingerprint() != fingerprint:
            raise InputChanged("An input file changed while it was being read; start again when it is complete.")

    def find(self, text: str) -> None:
        """Notes a finding and tells the user."""
        self.findings.append(text)
        self.port.message(text)


def _heads_needed(job: CloudRemovalJob) -> list[str]:
    """Without the others an evaluation is faster."""
    return [head for head, used in (("scale", job.uncertainty), ("opacity", job.uses_opacity)) if used]


def _begin_opening(
    job: CloudRemovalJob, area: SceneArea, stack: ExitStack, keeper: PredictorKeeper | None
) -> Callable[[], Predictor]:
    """Begins to open the model, on a thread of its own, and gives the function that waits for it.

    That takes as long as looking at the rasters does. The stack closes it or gives it back, also where nobody waited.
    area: about what will be computed.
    """
    at_once = TILES_AT_ONCE
    if area.place.width > WIDE:
        at_once = TILES_AT_ONCE_IF_WIDE if job.uncertainty is None else TILES_AT_ONCE_IF_WIDEST
    at_once = min(area.plan.count, at_once)
    path, heads = job.model or bundled_model_path(), _heads_needed(job)
    source = open_predictor if keeper is None else keeper.lend
    opened = partial(source, path, job.device, job.threads, at_once=at_once, heads=heads)
    done = _close if keeper is None else keeper.take_back
    if job.device.startswith("torch-"):  # belongs to the thread that opens it

        def open_here() -> Predictor:
            predictor = opened()
            stack.callback(done, predictor)
            return predictor

        return open_here
    thread = ThreadPoolExecutor(1, thread_name_prefix="dbcr-model")
    opening = thread.submit(opened)
    thread.shutdown(wait=False)
    stack.callback(opening.add_done_callback, partial(_end, done))
    return opening.result


def _close(predictor: Predictor) -> None:
    predictor.close()


def _end(done: Callable[[Predictor], None], opening: Future[Predictor]) -> None:
    with suppress(Exception):  # what failed was told already, or hides behind what the rasters lack
        done(opening.result())


class _Radar(NamedTuple):
    """on_grid: the radar on the optical grid, or None; bands: which of the model's it has. sources: its file. notes,
    doubts: what is told of it."""

    on_grid: SarOnGrid | None
    bands: tuple[int, ...]
    sources: tuple[RasterSource, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...]


_NO_RADAR = _Radar(None, (), (), ("SAR: none; what lies under thick cloud is then a guess from its surroundings",), ())


def _open_radar(
    job: CloudRemovalJob,
    stack: ExitStack,
    optical: RasterSource,
    window: Window,
    optical_bands: Sequence[int],
    check: Callable[[], None],
) -> _Radar:
    """Opens a job's radar image for the `window` of the optical one; arguments as of `check_pair`."""
    assert job.sar is not None
    raw = stack.enter_context(open_raster(job.sar, allow_network=job.allow_network))
    found = match_sar(raw.profile, job.sar_bands, job.sar)
    # First, as values that are no backscatter would count as gaps.
    backscatter = detect_sar(raw, found, job.sar_values)
    check()
    pair = check_pair(
        optical,
        raw,
        window=window,
        allow_partial_sar=job.allow_partial_sar,
        optical_bands=optical_bands,
        sar_bands=found.file_bands,
        radiometry=backscatter,
        check=check,
    )
    optical.share_cache(raw)
    on_grid = stack.enter_context(SarOnGrid(raw, found.file_bands, backscatter, optical.grid, pair.resampling))
    unit = f"in {SAR_UNITS[backscatter.unit]} ({backscatter.how})"
    notes = (*pair.notes, f"SAR: {' and '.join(found.names)} by {found.how}, {unit}")
    if found.names == ("VH",):
        notes += (VV_ESTIMATED,)
    doubts = (*backscatter.doubts, *([pair.doubt] if pair.doubt else []))
    return _Radar(on_grid, found.model_bands, (raw,), notes, doubts)


@contextmanager
def open_inputs(
    job: CloudRemovalJob,
    predictor: Predictor | None,
    port: ProgressPort,
    keeper: PredictorKeeper | None = None,
    check: Callable[[], None] = never_cancelled,
) -> Iterator[SceneInputs]:
    """Opens and checks all inputs of a job, rasters first because they fail most; closes them at the end.

    The network is `predictor`, or else that of the job's model, lent by `keeper` or opened for this job alone. check:
    called before all that takes time, and again and again during it; what it raises ends this.
    Raises InputError, ModelError or BackendMissingError.
    """
    with ExitStack() as stack:
        optical = stack.enter_context(open_raster(job.optical, allow_network=job.allow_network))
        check_optical_grid(optical, check)
        scene = optical.grid.window
        window = scene if job.extent is None else optical.grid.window_of_bounds(*job.extent)
        about = SceneArea.within(TilePlan(scene.width, scene.height, overlap=job.overlap), window, LAG)
        opened = _begin_opening(job, about, stack, keeper) if predictor is None else None
        selection = match_optical(optical.profile, job.bands)
        check()
        radiometry = detect_optical(optical, selection, job.optical_values)
        if window != scene:
            check_extent(optical, selection.file_bands, radiometry, window, check)
        notes = [
            f"Optical: {len(selection.names)} bands by {selection.how} ({', '.join(selection.names)})",
            f"Reflectance: {reflectance_words(radiometry.scale, radiometry.offset)} ({radiometry.how})",
        ]
        if was_cleared(optical.profile):
            notes.append("Optical: clouds were removed from this image before; its estimates count as observations")
        left_out = left_out_bands(optical.profile, selection)
        if left_out:
            notes.append(f"Left as they are: {', '.join(left_out)}")
        # Of the whole file, so that its strips, parts and previews agree.
        holding = held_bands(optical, selection, radiometry, check)
        empty = empty_bands_doubt(selection, holding)
        doubts = [*radiometry.doubts, *([empty] if empty else [])]
        check()
        radar = _open_radar(job, stack, optical, window, selection.file_bands[:2], check) if job.sar else _NO_RADAR
        notes += radar.notes
        doubts += radar.doubts
        check()
        if predictor is None:
            assert opened is not None
            predictor = opened()
            why = getattr(predictor, "why", "")
            if why:
                # Told, but no finding: times differ from run to run, and findings become part of the output.
                port.message(f"Device: {predictor.device}, {why}")
        if job.uncertainty and "scale" not in predictor.card.heads:
            raise InputError(f"The model {predictor.card.id} gives no uncertainty; leave the uncertainty output out.")
        notes.append(f"Model: {predictor.card.id} on {predictor.device}")
        selection, unlearned = learned_bands(selection, predictor.card)
        if unlearned:
            notes.append(unlearned[:1].upper() + unlearned[1:])
            holding = held_bands(optical, selection, radiometry, check)
        if job.sampler == "sde" and job.nfe > 1 and not predictor.card.knows_noise:
            port.warning(f"The model {predictor.card.id} was not trained with noise: what sde adds stays in the image")
        if job.mask == "auto":
            doubt = mask_doubt(selection.those(holding), optical.profile.count, predictor.card)
            doubts += [doubt] if doubt else []
        area = SceneArea.of(job, predictor.card, scene, window)
        sources = (optical, *radar.sources)
        inputs = SceneInputs(
            optical, area, selection, radiometry, holding, radar.on_grid, radar.bands, predictor, port, sources
        )
        for note in notes:
            inputs.find(note)
        for doubt in doubts:
            port.warning(doubt[:1].upper() + doubt[1:])
        yield inputs
