# SPDX-License-Identifier: GPL-3.0-or-later
"""Start or resume a run: device, processes, data, progress bar."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist

from dbcr_core.errors import Cancelled, InputError

from .bundled_data import SURFACE_GROUPS
from .clouds import CloudSimulator
from .completion import complete_scenes
from .config import TrainConfig, is_exportable
from .datasets.scene import Scene
from .files import alone_in
from .loop import Trainer
from .moments import scene_moments
from .pack import load_pack
from .read_ahead import ReadAhead
from .sampling import CropSampler
from .unfolding import starting_bands
from .validation import sparse_words


def choose_device(name: str) -> str:
    """ "auto" takes a GPU where there is one; under torchrun each process takes its own.

    Raises InputError for what torch does not know or does not have.
    """
    if name != "auto" and not re.fullmatch(r"cpu|cuda(:\d+)?", name):
        raise InputError(f"There is no device {name!r}; choose auto, cpu or cuda.")
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise InputError("No CUDA device is available to torch; use --device cpu.")
    if name.startswith("cuda:") and int(name[len("cuda:") :]) >= torch.cuda.device_count():
        raise InputError(f"There are {torch.cuda.device_count()} CUDA devices, counted from 0, not {name}.")
    if name == "cuda":
        name = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
        torch.cuda.set_device(name)
    return name


def flush_denormals() -> None:
    """Count the smallest numbers as zero, which is faster on a CPU."""
    for kind in (np.float32, np.float64):
        np.finfo(kind)  # remembered: asked afterwards numpy warns, which nobody can act upon
    torch.set_flush_denormal(True)


def open_sampler(config: TrainConfig, device: str, rank: int = 0, world: int = 1):
    """The source of batches that the configuration names: a pack in memory, or SEN12MS-CR on disk."""
    if config.data.sen12mscr:
        from .triplet_sampling import TripletSampler

        moments, _ = starting_bands(config.init)
        root = Path(config.data.sen12mscr)
        return ReadAhead(TripletSampler(root, config.drop, config.seed, rank, world, device, moments))
    scenes, extra = load_pack(Path(config.data.pack))
    sampler = make_sampler(scenes, extra, config, device, rank)
    # On a CPU the network needs every core itself; a GPU would wait for its samples.
    return sampler if device == "cpu" else ReadAhead(sampler)


def make_sampler(
    scenes: list[Scene], extra: dict, config: TrainConfig, device: str = "cpu", rank: int = 0
) -> CropSampler:
    """The sampler of a run, with the pack's own cloud spectra where it carries them.

    Bands that lack are estimated by what the scenes tell of them, or else as the weights that the run begins with are
    used to.
    """
    spectra = extra.get("cloud_spectra")
    spectra = None if spectra is None else torch.tensor(spectra, dtype=torch.float32) / 10000
    band_moments: tuple[float, ...] = ()
    if config.data.completed_weight:
        band_moments = scene_moments(scenes, config.seed)
        scenes = complete_scenes(scenes, SURFACE_GROUPS, config.seed)
    if not band_moments:
        band_moments, _ = starting_bands(config.init)
    simulator = CloudSimulator(config.clouds, spectra, device)
    return CropSampler(scenes, config.data, config.drop, simulator, config.seed, rank, band_moments)


def estimates_words(band_moments: tuple[float, ...], init: str) -> str:
    """What stands in the place of bands that lack, in training and for who uses the model."""
    if not band_moments:
        return "bands that an image lacks are zeros for this network"
    told = f"the card of {init} says" if band_moments == starting_bands(init)[0] else "scenes with all 13 bands tell"
    return f"bands that an image lacks are estimated, as {told}"


class PlainBar:
    """Stands in for a progress bar where tqdm is not installed: lines only."""

    def write(self, line: str) -> None:
        print(line, flush=True)

    def update(self, steps: int) -> None:
        pass

    def close(self) -> None:
        pass


def open_bar(first: int, total: int, seconds: float = 30):
    """A tqdm bar that moves every so many seconds, or plain lines."""
    try:
        from tqdm import tqdm
    except ImportError:
        return PlainBar()
    return tqdm(initial=first, total=total or None, unit="step", mininterval=seconds)


def train(
    config: TrainConfig,
    output: Path,
    device: str,
    threads: int = 0,
    session_minutes: float = 0.0,
    compiled: bool = False,
) -> None:
    """Train ``config`` into ``output``; resumes when the folder holds a checkpoint of the same configuration.

    Raises Cancelled after Ctrl-C or SIGTERM, when the checkpoint is written; InputError and ModelError for what does
    not fit, such as another run in that folder.
    """
    device = choose_device(device)
    if threads:
        torch.set_num_threads(threads)
    flush_denormals()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    world, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    if world > 1:
        dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    bar = None
    with ExitStack() as ending:
        if world > 1:
            ending.callback(dist.destroy_process_group)
        sampler = open_sampler(config, device, rank, world)
        trainer = Trainer(config, sampler, output, device, compiled)
        if rank == 0:
            ending.enter_context(alone_in(output))
        resumed = trainer.resume()
        if rank == 0:
            bar = open_bar(trainer.step, config.steps)
            ending.callback(bar.close)
            bar.write(f"{config.name}: {'resuming at' if resumed else 'starting'} step {trainer.step} on {device}")
            sparse = sparse_words(trainer.validation)
            if sparse:
                bar.write(f"warning: {sparse}")
            known = [image.id for image in trainer.validation if sampler.shows(image)]
            if known:
                bar.write(
                    f"warning: validation scenes are among those that train ({', '.join(known)}): their scores, and "
                    "best.pt by them, say little of other places; take them out of the data, or of the validation"
                )
            if trainer.has_other_scenes:
                source = config.data.pack or config.data.sen12mscr
                bar.write(f"{config.name}: {source} holds other scenes than this run was trained with before")
            bar.write(f"{config.name}: {estimates_words(trainer.band_moments, config.init)}")
            if not is_exportable(config.network):
                bar.write(
                    "warning: a network with ResBlocks or concatenation can be evaluated, not exported for the plugin"
                )
        finished = trainer.run(session_minutes, bar)
        if bar is not None:
            bar.close()  # before anything else is said
            if trainer.interrupted and not finished:
                raise Cancelled(f"Interrupted at step {trainer.step}; run the same command to resume.")
            print(f"{'finished' if finished else 'stopped; run the same command to resume'} at step {trainer.step}")
