# SPDX-License-Identifier: GPL-3.0-or-later
"""The same job without QGIS: `python -m dbcr_core remove-clouds | batch | inspect | assess | model-info |
self-test`.

Exit status: 0 when the output is complete, 1 when something did not fit (one line on stderr says what), 2 for a
wrong command line, 130 when cancelled. With --json stdout holds exactly one JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading
from dataclasses import asdict
from typing import Any, Sequence

from . import __version__
from .backscatter import SAR_VALUES
from .batch.command import add_batch
from .errors import BackendMissingError, Cancelled, DbcrError, InputError
from .job import SAMPLERS
from .mask import KINDS
from .predictors import DEVICES
from .radiometry import OPTICAL_VALUES
from .rasters import COMPRESSIONS
from .rasters.partial import COPYING
from .remote import close_exceptions
from .terminal import TerminalProgress, open_closed_streams, print_result, silence, speak_any_encoding


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    speak_any_encoding()
    parser = _parser()
    words = sys.argv[1:] if arguments is None else list(arguments)
    if any("\ud800" <= character <= "\udfff" for word in words for character in word):
        parser.error(_why_undecoded(words))
    options = parser.parse_args(words)
    try:
        options.command(options)
    except (Cancelled, KeyboardInterrupt) as error:
        print(str(error) or str(Cancelled()), file=sys.stderr)
        return 130
    except DbcrError as error:
        # A line break in a file's name must not break the one line that scripts read.
        print(f"Error: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader (head, a closed pager) has what it wanted.
        silence(sys.stdout)
        return 1
    except MemoryError:
        print("Error: There is not enough memory for this job; close other programs.", file=sys.stderr)
        return 1
    return 0


def _why_undecoded(words: Sequence[str]) -> str:
    """What is the matter with arguments that Python could not decode: the locale, or they themselves."""
    try:
        for word in words:
            os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return "a file name or value is not UTF-8 text; rename the file"
    encoding = sys.getfilesystemencoding()
    return f"a file name or value cannot be read in this system's encoding ({encoding}); set PYTHONUTF8=1"


def run() -> None:
    """The program: one command, then the end of the process with its status."""
    open_closed_streams()
    close_exceptions(allow_network=any(word.startswith("--allow-n") for word in sys.argv))  # argparse takes beginnings
    leave(main())


def leave(status: int) -> None:
    """Ends the process; one that was cancelled while it made a file does not wait for the rest of that file."""
    if any(thread.name == COPYING for thread in threading.enumerate()):
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _remove_clouds(options: argparse.Namespace) -> None:
    from .scene import remove_clouds

    chosen = vars(options)
    named = ("optical", "sar", "output", "command", "json", "quiet")
    with TerminalProgress(quiet=options.json or options.quiet) as progress:
        report = remove_clouds(
            options.optical,
            options.sar,
            options.output,
            progress=progress,
            **{key: value for key, value in chosen.items() if key not in named},
        )
    print_result(report.to_json() if options.json else report.summary(), options.json)


def _inspect(options: argparse.Namespace) -> None:
    from .inspect import inspect_inputs

    report = inspect_inputs(
        options.optical,
        options.sar,
        options.mask,
        model=options.model,
        mask_kind=options.mask_kind,
        bands=options.bands,
        sar_bands=options.sar_bands,
        optical_values=options.optical_values,
        sar_values=options.sar_values,
        allow_network=options.allow_network,
    )
    print_result(report.to_json() if options.json else "\n".join(report.lines()), options.json)


def _assess(options: argparse.Namespace) -> None:
    from .assess import assess

    with TerminalProgress(quiet=options.json) as progress:
        result = assess(
            options.prediction,
            options.reference,
            options.cloud_mask,
            bands=options.bands,
            reference_bands=options.reference_bands,
            optical_values=options.optical_values,
            reference_values=options.reference_values,
            mask_kind=options.mask_kind,
            allow_network=options.allow_network,
            progress=progress,
        )
    print_result(result.to_json() if options.json else "\n".join(result.lines()), options.json)


def _model_info(options: argparse.Namespace) -> None:
    info = _configuration_info(options.config) if options.config else _card_info(options.model)
    if options.json:
        print_result(json.dumps(info, ensure_ascii=False), True)
    else:
        for numbers in ("answer", "band_moments"):  # hundreds of them, for `self-test` and the engine
            info.pop(numbers, None)
        shown = {
            key: value if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False)
            for key, value in info.items()
        }
        print_result("\n".join(f"{key}: {value}" for key, value in shown.items()), False)


def _configuration_info(name: str) -> dict[str, Any]:
    """Size and cost of a named network configuration, counted from its modules (needs torch)."""
    try:
        from .network import BUNDLED_CONFIG, PAPER_CONFIG, count_macs, count_parameters
    except ImportError as error:
        raise BackendMissingError("Counting a network needs torch; install it with `pip install torch`.") from error
    known = {"paper": PAPER_CONFIG, "bundled": BUNDLED_CONFIG}
    if name not in known:
        raise InputError(f"Unknown configuration {name!r}; choose one of {', '.join(known)}.")
    config = known[name]
    return {
        "config": name,
        "parameters": count_parameters(config),
        "macs_256": count_macs(config),
        "network": config.to_dict(),
    }


def _card_info(path: str | None) -> dict[str, Any]:
    from .model_card import bundled_model_path
    from .model_file import read_model_file

    model = read_model_file(path or bundled_model_path())
    return {"file": model.path, "file_sha256": model.sha256, **asdict(model.card)}


def _self_test(options: argparse.Namespace) -> None:
    from .self_test import self_test

    result = self_test(options.model, options.device, options.threads)
    print_result(result.to_json() if options.json else result.line(), options.json)


def _worker(options: argparse.Namespace) -> None:
    from .worker import serve

    leave(serve())


def _program() -> str:
    """How the program was called: by pip's command, or as a module of a folder."""
    called = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    return "dbcr" if called == "dbcr" else "python -m dbcr_core"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_program(), description="Removes clouds from Sentinel-2 images with Sentinel-1 radar."
    )
    parser.add_argument("--version", action="version", version=f"dbcr {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_remove_clouds(commands)
    add_batch(commands, _add_batch_options)
    _add_inspect(commands)
    _add_assess(commands)
    info = commands.add_parser("model-info", help="show a model's card, or a network configuration's size and cost")
    _add_model(info)
    info.add_argument("--config", metavar="NAME", help="size and cost of a configuration instead: paper, bundled")
    info.add_argument("--json", action="store_true", help="print one JSON object")
    info.set_defaults(command=_model_info)
    test = commands.add_parser("self-test", help="does this computer compute the model as its makers' did, how fast?")
    _add_model(test)
    test.add_argument("--device", choices=DEVICES, default="auto", help="where to compute; default auto")
    test.add_argument("--threads", type=int, metavar="N", help="processor threads; default all")
    test.add_argument("--json", action="store_true", help="print one JSON object")
    test.set_defaults(command=_self_test)
    worker = commands.add_parser("worker", help="do one job given as a JSON line on stdin (for other programs)")
    worker.set_defaults(command=_worker)
    return parser


def _add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", metavar="FILE", help="model file; default the bundled one")


def _add_inputs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--optical", required=True, metavar="FILE", help="Sentinel-2 image")
    command.add_argument("--sar", metavar="FILE", help="Sentinel-1 image: dB, linear power or amplitude")
    _add_reading(command)


def _add_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--bands", metavar="LIST", help="optical bands in file order: B02,B03,B04,B08; - skips one")
    command.add_argument("--sar-bands", metavar="LIST", help="radar bands in file order, e.g. VV,VH")
    command.add_argument("--optical-values", choices=OPTICAL_VALUES, help="overrules what was detected")
    command.add_argument("--sar-values", choices=SAR_VALUES, help="overrules what was detected")
    _add_network(command)


def _add_network(command: argparse.ArgumentParser) -> None:
    command.add_argument("--allow-network", action="store_true", help="read inputs over the network, too")


def _add_remove_clouds(commands: Any) -> None:
    command = commands.add_parser("remove-clouds", help="clear a scene")
    _add_inputs(command)
    command.add_argument("--output", required=True, metavar="FILE", help="GeoTIFF to write")
    command.add_argument("--changed", metavar="FILE", help="also write how much each pixel was reconstructed, in %%")
    command.add_argument("--uncertainty", metavar="FILE", help="also write each band's expected error")
    _add_job_options(command)
    command.set_defaults(command=_remove_clouds)


def _add_job_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--nfe", type=int, default=1, metavar="N", help="1 (faithful) to 10 (sharp); default 1")
    command.add_argument("--mask", default="auto", metavar="auto|none|FILE", help="which pixels to reconstruct")
    command.add_argument("--mask-kind", choices=KINDS, default="auto", help="what the mask layer's values mean")
    command.add_argument("--mask-threshold", type=float, metavar="P", help="probability from which a pixel is cloud")
    command.add_argument("--mask-buffer", type=int, metavar="PIXELS", help="grow the mask first; auto 4, layer 0")
    command.add_argument("--feather", type=int, metavar="PIXELS", help="soft inner edge; auto 4, layer 0")
    command.add_argument(
        "--no-match-surroundings",
        dest="match_surroundings",
        action="store_false",
        help="keep the network's own brightness under clouds; default: as the clear land around says",
    )
    command.add_argument(
        "--extent", type=float, nargs=4, metavar=("XMIN", "YMIN", "XMAX", "YMAX"), help="only this part (optical CRS)"
    )
    command.add_argument("--device", choices=DEVICES, default="auto", help="where to compute; default auto")
    command.add_argument("--threads", type=int, metavar="N", help="processor threads; default all")
    command.add_argument("--overlap", type=int, metavar="PIXELS", help="shared by tiles; default a quarter of a tile")
    _add_model(command)
    command.add_argument("--sampler", choices=SAMPLERS, default="ode", help="default ode")
    command.add_argument("--seed", type=int, default=0, metavar="N", help="of the sde sampler")
    command.add_argument(
        "--compression",
        choices=COMPRESSIONS,
        default="deflate",
        help="without loss; zstd is made faster, deflate read by all",
    )
    command.add_argument("--allow-partial-sar", action="store_true", help="go on where radar is missing")
    command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    command.add_argument("--quiet", action="store_true", help="no findings, no progress bar")


def _add_batch_options(command: argparse.ArgumentParser) -> None:
    _add_reading(command)
    _add_job_options(command)


def _add_inspect(commands: Any) -> None:
    command = commands.add_parser("inspect", help="say what was found in the inputs, without computing")
    _add_inputs(command)
    _add_model(command)
    command.add_argument("--mask", metavar="FILE", help="cloud mask")
    command.add_argument("--mask-kind", choices=KINDS, default="auto", help="what the mask layer's values mean")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=_inspect)


def _add_assess(commands: Any) -> None:
    command = commands.add_parser("assess", help="score a result against a reference image")
    command.add_argument("--prediction", required=True, metavar="FILE", help="image to judge")
    command.add_argument("--reference", required=True, metavar="FILE", help="cloud-free image of the same place")
    command.add_argument("--cloud-mask", metavar="FILE", help="score its cloudy and clear pixels apart as well")
    command.add_argument("--mask-kind", choices=KINDS, default="auto", help="what the mask layer's values mean")
    command.add_argument("--bands", metavar="LIST", help="the prediction's bands in file order")
    command.add_argument("--reference-bands", metavar="LIST", help="the reference's bands in file order")
    for option, whose in (("--optical-values", "prediction"), ("--reference-values", "reference")):
        command.add_argument(option, choices=OPTICAL_VALUES, help=f"what the {whose}'s numbers are")
    _add_network(command)
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=_assess)
