# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures were measured on, without names of hosts or people."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import os
import platform
from typing import Any

HIDES_AVX512 = "DBCR_BENCH_HIDES_AVX512"
"""Set by `without_avx512.py` for what it runs."""
PACKAGES = ("numpy", "onnxruntime", "torch", "openvino", "onnx", "rasterio", "distributed")


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory, load, system and versions."""
    versions: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = None
    # Of this one there are builds under several names.
    with contextlib.suppress(ImportError):
        versions["onnxruntime"] = importlib.import_module("onnxruntime").__version__
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "vector_instructions": _vector_instructions(),
        "memory_gib": round(int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20, 1),
        "load_before": load_average(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions,
    }


def load_average() -> float | None:
    """Processes that wanted a core in the last minute, this one included."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def machine_line(machine: dict[str, Any]) -> str:
    """The description as one line."""
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    return (
        f"{machine['processor']}, {machine['cores']} cores ({machine['vector_instructions']}), "
        f"{machine['memory_gib']} GiB, {machine['system']}, Python {machine['python']}, {versions}; "
        f"load average {machine['load_before']} before the run, {machine.get('load_after')} after it"
    )


def _vector_instructions() -> str:
    flags = (_field("/proc/cpuinfo", "flags") or "").split()
    known = [name for name in ("avx512f", "avx512_bf16", "avx2", "amx_tile") if name in flags]
    if HIDES_AVX512 in os.environ:
        return "avx2; AVX-512 hidden"
    return ", ".join(known) or "unknown vector unit"


def _field(path: str, key: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as stream:
            for line in stream:
                name, _, value = line.partition(":")
                if name.strip() == key:
                    return value.strip()
    except OSError:
        pass
    return None
