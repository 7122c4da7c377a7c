# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the training package; each command imports only what it needs."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path

from dbcr_core.errors import Cancelled, DbcrError, InputError

from .arguments import amount, count, evaluations, positive, whole_number
from .files import refusal


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0, or 1 after one line that says what did not fit, or 130 after Ctrl-C or, while
    it trains, a job queue's SIGTERM; a wrong command line exits with 2."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (Cancelled, KeyboardInterrupt) as error:
        print(str(error) or "Interrupted; give the same command again.", file=sys.stderr)
        return 130
    except DbcrError as error:
        return _failed(str(error))
    except BrokenPipeError:
        # The reader has what it wanted; keep the interpreter from failing at its own flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _failed(refusal(error))
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("", "training", "dbcr_core"):
            raise
        if package == "tomllib":
            return _failed("Configurations and cards are TOML, which needs Python 3.11; use that or a later one.")
        return _failed(f"The Python package {package} is not installed; install what training/README.md names.")
    except (MemoryError, RuntimeError) as error:
        # torch's own class for a full card cannot be named before torch is imported; for the computer's own memory it
        # has none.
        is_torchs = type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error)
        if isinstance(error, MemoryError) or is_torchs:
            return _failed(
                "There is not enough memory; take a smaller batch, smaller crops or smaller scenes to validate by."
            )
        raise
    return 0


def _failed(sentence: str) -> int:
    # A line break in a file's name must not break the one line that scripts read.
    print(f"error: {' '.join(sentence.splitlines())}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train DB-CR models.")
    commands = parser.add_subparsers(required=True, metavar="command")

    pack = commands.add_parser("pack", help="read all training scenes once into one file")
    pack.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with pairs/, s2_only/, ombria/")
    pack.add_argument("--output", type=Path, default=Path("runs/cache/bundled.npz"))
    pack.add_argument("--max-mib", type=amount, default=0, help="cut scenes until the file is about this small")
    source = pack.add_mutually_exclusive_group()
    source.add_argument("--scenes", type=Path, help="pack this folder of one's own scenes instead")
    source.add_argument("--validation", type=Path, help="pack this validation folder instead")
    _add_split(pack)
    source.add_argument("--clear", type=Path, help="pack windows of this georeferenced image instead")
    pack.add_argument("--sar", type=Path, help="with --clear: SAR in dB on any grid")
    pack.add_argument("--cloudy", type=Path, help="with --clear: a cloudy date on any grid")
    pack.set_defaults(run=_pack)

    sheet = commands.add_parser("contact-sheet", help="write a PNG of training samples")
    sheet.add_argument("--config", type=Path, default=Path("training/configs/bundled.toml"))
    sheet.add_argument("--output", type=Path, default=Path("runs/contact-sheet.png"))
    sheet.add_argument("--count", type=count, default=30)
    sheet.add_argument("--crop", type=count, default=128)
    sheet.set_defaults(run=_contact_sheet)

    train = commands.add_parser("train", help="train a model, or resume training it")
    train.add_argument("--config", type=Path, required=True)
    train.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="changes",
        help="a setting over that of the file, such as network.fusion=concat; may be given several times",
    )  # fmt: skip
    train.add_argument("--output", type=Path, help="folder of the run (default runs/<name>)")
    train.add_argument("--device", default="auto", help="auto, cpu or cuda")
    train.add_argument("--threads", type=whole_number, default=0, help="CPU threads per process")
    train.add_argument("--session-minutes", type=amount, default=0, help="stop after this long and resume next time")
    train.add_argument("--compile", action="store_true", help="let torch.compile fuse the network's operations first")
    train.set_defaults(run=_train)
    judge = commands.add_parser("evaluate", help="judge a model file or checkpoint on real cloudy images")
    judge.add_argument("models", type=Path, nargs="+", help="model files (.dbcr) or checkpoints (.pt)")
    judge.add_argument("--data", type=Path, default=Path("../shared/data/sen12mscr_dev"))
    _add_split(judge)
    judge.add_argument("--output", type=Path, default=Path("runs/evaluation"))
    judge.add_argument("--nfe", type=evaluations, nargs="+", default=[1, 2, 3, 5])
    judge.add_argument(
        "--weights", type=Path,
        help="folder of AlexNet's features for LPIPS (default: ../shared/weights; without them LPIPS is left out)",
    )  # fmt: skip
    judge.add_argument("--no-lpips", action="store_true", help="leave LPIPS out in any case")
    judge.add_argument("--quick", action="store_true", help="leave out missing inputs and clear inputs")
    judge.add_argument("--sde", action="store_true", help="sample the SDE, to compare it; none for a card")
    judge.add_argument("--device", default="cpu")
    judge.set_defaults(run=_evaluate)

    average = commands.add_parser("average", help="write the mean of several checkpoints as a checkpoint")
    average.add_argument("checkpoints", type=Path, nargs="+", help="the first one's figures go into the card")
    average.add_argument("--output", type=Path, required=True)
    average.set_defaults(run=_average)

    export = commands.add_parser("export", help="write a checkpoint's averaged weights as a model file")
    export.add_argument("--checkpoint", type=Path, required=True)
    export.add_argument("--output", type=Path, required=True)
    export.add_argument("--card", type=Path, help="TOML with name, version, description, data, limits")
    export.add_argument("--evaluation", type=Path, help="evaluation.json whose metrics go into the card")
    export.add_argument("--validation", help="images that judge the int8 loss (default: those of the run); '' for none")
    export.add_argument(
        "--calibration", type=Path, nargs="+", metavar="SCENE",
        help="folders of real pairs that did not train and fit the expected errors (default: the validation images)",
    )  # fmt: skip
    export.add_argument("--trained-on", default="", help="the device, in words, for the card")
    export.add_argument("--fp32", action="store_true", help="keep fp32 weights")
    export.set_defaults(run=_export)

    rewrite = commands.add_parser("rewrite", help="write a model file's graphs anew, with the same weights")
    rewrite.add_argument("model", type=Path)
    rewrite.add_argument("--output", type=Path, required=True)
    rewrite.add_argument("--version", help="the model's new version; default: the old one")
    rewrite.add_argument("--card", type=Path, help="TOML with entries of the card to replace, as for export")
    rewrite.add_argument("--evaluation", type=Path, help="evaluation.json whose metrics the card shall hold")
    rewrite.add_argument(
        "--bands-of",
        type=Path,
        nargs="+",
        default=[],
        help="packs, or folders of scenes, that say how the bands go together: lets the engine estimate missing bands",
    )
    rewrite.set_defaults(run=_rewrite)

    tune = commands.add_parser("finetune", help="adapt a model file to scenes of one's own region")
    tune.add_argument("--scenes", type=Path, required=True, help="folder of scenes, or a pack (.npz)")
    tune.add_argument("--output", type=Path, required=True, help="the new model file (.dbcr)")
    tune.add_argument("--model", type=Path, help="model file to start from (default: the bundled one)")
    tune.add_argument("--card", type=Path, help="TOML with name, version, description, data, limits")
    tune.add_argument("--steps", type=count, default=300)
    tune.add_argument("--crop", type=count, default=64)
    tune.add_argument("--batch", type=count, default=4)
    tune.add_argument("--rate", type=positive, default=2e-4)
    tune.add_argument("--seed", type=whole_number, default=0)
    tune.set_defaults(run=_finetune)
    return parser


def _add_split(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--split", choices=("val", "test"), default="test",
        help="where the folder to judge by is SEN12MS-CR as published: which of its splits, of which some patches do",
    )  # fmt: skip


def _finetune(options: argparse.Namespace) -> None:
    from dbcr_core.model_card import bundled_model_path

    from .finetune import finetune
    from .run import open_bar

    model = options.model or Path(bundled_model_path())
    with closing(open_bar(0, options.steps, seconds=0.1)) as bar:
        card = finetune(
            model, options.scenes, options.output, options.steps, options.crop, options.batch, options.rate,
            options.seed, bar, options.card,
        )  # fmt: skip
    print(f"{options.output}: {card.id}")


def _evaluate(options: argparse.Namespace) -> None:
    from dbcr_core.predictors import open_predictor

    from .checkpoint_predictor import CheckpointPredictor
    from .evaluation import evaluate
    from .evaluation_report import comparison, draw_cases, write_report
    from .lpips import find_lpips
    from .run import choose_device
    from .validation import load_validation, sparse_words
    from .weights_hash import weights_hash

    images = load_validation(str(options.data), options.split)
    sparse = sparse_words(images)
    if sparse:
        print(f"warning: {sparse}", file=sys.stderr)
    lpips = None if options.no_lpips else find_lpips(options.weights)
    reports = {}
    for path in options.models:
        checkpoint = path.suffix == ".pt"
        predictor = (
            CheckpointPredictor.from_file(path, choose_device(options.device))
            if checkpoint
            else open_predictor(str(path), options.device)
        )
        report, restored, first = evaluate(
            predictor, options.data, images, options.nfe, lpips, not options.quick, options.sde,
            weights_hash(path, checkpoint),
        )  # fmt: skip
        output = options.output if len(options.models) == 1 else options.output / f"{path.parent.name}-{path.stem}"
        print(write_report(report, output))
        draw_cases(images, restored, first, report, output)
        reports[f"{path.parent.name}/{path.stem}"] = report
    if len(reports) > 1:
        print(comparison(f"NFE {options.nfe[0]}", reports, str(options.nfe[0])))


def _average(options: argparse.Namespace) -> None:
    from .averaging import average_checkpoints

    average_checkpoints(options.checkpoints, options.output)
    print(f"{options.output}: the mean of {len(options.checkpoints)} checkpoints")


def _rewrite(options: argparse.Namespace) -> None:
    from .card_facts import card_changes
    from .export import rewrite_model

    _see_evaluation(options.evaluation, options.model, is_checkpoint=False)
    changes = card_changes(options.card, options.evaluation, options.bands_of)
    difference = rewrite_model(options.model, options.output, options.version, changes)
    print(f"{options.output}: the same weights, answers within {difference:.1e} of the old ones")


def _see_evaluation(evaluation: Path | None, model: Path, is_checkpoint: bool) -> None:
    """Raises InputError where the evaluation is another model's."""
    from .card_texts import require_same_weights
    from .weights_hash import weights_hash

    doubt = evaluation and require_same_weights(evaluation, weights_hash(model, is_checkpoint))
    if doubt:
        print(doubt, file=sys.stderr)


def _export(options: argparse.Namespace) -> None:
    from .card_facts import card_facts
    from .datasets.scene_folders import read_scene
    from .export import export_model
    from .validation import images_to_export, validation_image

    _see_evaluation(options.evaluation, options.checkpoint, is_checkpoint=True)
    images = images_to_export(options.checkpoint, options.validation)
    calibration = options.calibration and [validation_image(read_scene(folder)) for folder in options.calibration]
    facts = card_facts(options.checkpoint, options.card, options.evaluation, options.trained_on)
    report = export_model(
        options.checkpoint, options.output, images, facts, int8=not options.fp32, calibration=calibration
    )
    print(f"{report.path}: {report.size / 1e6:.2f} MB, fp32 graphs within {report.parity:.1e} of torch")
    if "opacity" in facts["training"]["config"]["network"].get("heads", ()):
        source = facts["training"]["mask_threshold_from"]
        print(f"the mask takes what is covered by {facts['mask_threshold']:g} or more, {source}; see --card")
    if report.scale_factor is not None:
        count = len(calibration or images)
        print(f"the expected errors were multiplied by {report.scale_factor:.2f} to fit {count} images")
    if not images:
        print(
            "no validation images: what int8 weights cost was not judged, nor, without --calibration, expected errors"
        )
    elif report.loss_db is not None:
        print(f"int8 weights cost {report.loss_db:+.4f} dB on {len(images)} validation images")


def _pack(options: argparse.Namespace) -> None:
    from .bundled_data import write_bundled_pack
    from .packing import write_region_pack, write_validation_pack, write_windows_pack

    if (options.sar or options.cloudy) and not options.clear:
        raise InputError("--sar and --cloudy belong to --clear; name the clear image, too.")
    if options.scenes:
        print(write_region_pack(options.scenes, options.output, options.max_mib))
    elif options.clear:
        write_windows_pack(options.clear, options.sar, options.cloudy, options.output)
    elif options.validation:
        write_validation_pack(options.validation, options.output, options.split)
    else:
        write_bundled_pack(options.data, options.output, options.max_mib)
    print(f"{options.output}: {options.output.stat().st_size / 2**20:.1f} MiB")


def _contact_sheet(options: argparse.Namespace) -> None:
    from .config import load_config
    from .contact_sheet import write_contact_sheet
    from .pack import load_pack
    from .run import make_sampler

    config = load_config(options.config)
    scenes, extra = load_pack(Path(config.data.pack))
    write_contact_sheet(make_sampler(scenes, extra, config), options.output, options.count, options.crop)
    print(options.output)


def _train(options: argparse.Namespace) -> None:
    from .config import load_config
    from .run import train

    config = load_config(options.config, options.changes)
    output = options.output or Path("runs") / config.name
    train(config, output, options.device, options.threads, options.session_minutes, options.compile)
