# SPDX-License-Identifier: GPL-3.0-or-later
"""`make bench`: speed and memory of everything, side by side in one run; JSON, a table and plots in build/bench/.

    python tests/bench/run.py --quick            about two minutes on two cores
    python tests/bench/run.py                    45 minutes; with the 10,980 × 10,980 × 13 scene (8 GB of disk)
    python tests/bench/run.py --only memory      one section

Figures that matter are ratios of what ran in turn: they hold on a machine that has other things to do, too.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from dbcr_core.cores import available_cores  # noqa: E402
from dbcr_core.network import BUNDLED_CONFIG, PAPER_CONFIG  # noqa: E402
from tests.bench.beside import measure_beside  # noqa: E402
from tests.bench.cards import measure_gpu  # noqa: E402
from tests.bench.evaluation import measure_competitors, measure_evaluations  # noqa: E402
from tests.bench.machine import describe_machine, load_average  # noqa: E402
from tests.bench.many_scenes import measure_workers  # noqa: E402
from tests.bench.memory import FULL_CASES, QUICK_CASES, measure_memory  # noqa: E402
from tests.bench.preview import measure_preview  # noqa: E402
from tests.bench.report import findings, to_markdown, write_plots  # noqa: E402
from tests.bench.startup import measure_startup  # noqa: E402
from tests.bench.whole_job import (  # noqa: E402
    PAPER_SIZES,
    QUICK_PAPER_SIZES,
    QUICK_SIZES,
    SIZES,
    measure_compressions,
    measure_cover,
    measure_sizes,
    measure_steps,
    measure_threads,
)


def main() -> None:
    """Measures what was asked for and writes the results after each section."""
    options = _options()
    from dbcr_core.model_card import bundled_model_path

    model, quick = options.model or bundled_model_path(), options.quick
    threads = options.threads or available_cores()
    output, scenes = Path(options.output), Path(options.output) / "scenes"
    scenes.mkdir(parents=True, exist_ok=True)
    sections: dict[str, Callable[[], dict[str, Any]]] = {
        "evaluations": lambda: measure_evaluations(
            BUNDLED_CONFIG, output / "bundled-size.dbcr", 5 if quick else 15, threads
        ),
        "paper_network": lambda: measure_evaluations(
            PAPER_CONFIG, output / "paper-size.dbcr", 3 if quick else 11, threads
        ),
        "competitors": lambda: measure_competitors(output / "paper-size.dbcr", 1 if quick else 2, threads),
        "sizes": lambda: measure_sizes(model, scenes, QUICK_SIZES if quick else SIZES, 2 if quick else 3, threads),
        "cover": lambda: measure_cover(model, scenes, 640 if quick else 1024, 2 if quick else 5, threads),
        "paper_sizes": lambda: measure_sizes(
            output / "paper-size.dbcr", scenes, QUICK_PAPER_SIZES if quick else PAPER_SIZES, 2, threads
        ),
        "steps": lambda: measure_steps(model, scenes, 256 if quick else 1216, 2 if quick else 3, threads),
        "compressions": lambda: measure_compressions(model, scenes, 256 if quick else 1984, 2 if quick else 5, threads),
        "threads": lambda: measure_threads(model, scenes, 448, 2 if quick else 5),
        "workers": lambda: measure_workers(model, scenes, 448, 2 if quick else 6, 1 if quick else 3),
        "beside": lambda: measure_beside(scenes, 1020 if quick else 4080, 1 if quick else 3),
        "preview": lambda: measure_preview(scenes, 3 if quick else 9),
        "startup": lambda: measure_startup(3 if quick else 9),
        "memory": lambda: measure_memory(model, scenes, QUICK_CASES if quick else FULL_CASES),
        "gpu": lambda: measure_gpu(model, scenes, 640 if quick else 2848, 2 if quick else 5),
    }
    result: dict[str, Any] = {"machine": describe_machine(), "mode": "quick" if quick else "full"}
    result.update(network_threads=threads, seconds={})
    if options.only:
        result = _earlier(output / "bench.json", result)
    try:
        for name, measure in sections.items():
            if options.only and name not in options.only:
                continue
            print(f"{name} …", file=sys.stderr, flush=True)
            start = time.perf_counter()
            result[name] = measure()
            result["seconds"][name] = round(time.perf_counter() - start, 1)
            (output / "bench.json").write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    finally:
        shutil.rmtree(scenes, ignore_errors=True)
    result["machine"]["load_after"] = load_average()
    (output / "bench.json").write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    (output / "bench.md").write_text(to_markdown(result), encoding="utf-8")
    plots = write_plots(result, output)
    print(to_markdown(result))
    print(
        f"{output / 'bench.json'}, bench.md and {len(plots)} plots; {len(findings(result))} findings", file=sys.stderr
    )


def _earlier(path: Path, result: dict[str, Any]) -> dict[str, Any]:
    """The sections of an earlier run in the same mode, so that a long one can be made in pieces."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return result
    return {**known, "machine": result["machine"]} if known["mode"] == result["mode"] else result


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures speed and memory, side by side.")
    parser.add_argument("--quick", action="store_true", help="small scenes, few repetitions: about two minutes")
    parser.add_argument("--only", action="append", metavar="SECTION", help="this section (may be given several times)")
    parser.add_argument("--model", metavar="FILE", help="model file; default the bundled one")
    parser.add_argument("--threads", type=int, metavar="N", help="default all cores; 1 where others use the machine")
    parser.add_argument("--output", default=str(ROOT / "build" / "bench"), metavar="DIR", help="default build/bench")
    return parser.parse_args()


if __name__ == "__main__":
    main()
