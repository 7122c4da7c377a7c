# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command on a processor with AVX-512 as on one that stops at AVX2, as most laptops do (Linux, x86-64, gcc).

    python tests/bench/without_avx512.py python tests/bench/run.py --only evaluations

ONNX Runtime asks the processor itself what it can do and knows no switch. So a copy of its library in build/avx2 asks
by a trap instead, and the trap's handler leaves AVX-512 out of the answer; what then runs, runs at full speed. OpenVINO
is treated alike where it is installed; torch has switches of its own.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.machine import HIDES_AVX512  # noqa: E402

FOLDER = ROOT / "build" / "avx2"
LIBRARIES = {"onnxruntime": "capi/*.so*", "openvino": "libs/*.so*"}
ASKING, TRAP = b"\x0f\xa2", b"\xcc\x90"  # cpuid; a breakpoint and nothing
SWITCHES = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
HANDLER = r"""
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <ucontext.h>
static void answer(int number, siginfo_t *info, void *context) {
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    unsigned leaf = registers[REG_RAX], part = registers[REG_RCX], a, b, c, d;
    __cpuid_count(leaf, part, a, b, c, d);
    if (leaf == 7 && part == 0) {  /* F, DQ, IFMA, PF, ER, CD, BW, VL; VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ */
        b &= ~0xdc230000u, c &= ~0x5842u, d &= ~0x80010cu;
    } else if (leaf == 7 && part == 1) {
        a &= ~0x30u;  /* AVX-VNNI, AVX512-BF16 */
    }
    registers[REG_RAX] = a, registers[REG_RBX] = b, registers[REG_RCX] = c, registers[REG_RDX] = d;
}
__attribute__((constructor)) static void listen(void) {
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGTRAP, &action, 0);
}
"""


def main() -> None:
    """Prepares the copies once and becomes the command."""
    handler = FOLDER / "handler.so"
    if not handler.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["gcc", "-O2", "-shared", "-fPIC", "-x", "c", "-", "-o", str(handler)]
        subprocess.run(command, input=HANDLER, text=True, check=True)
    for package, pattern in LIBRARIES.items():
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin and not (FOLDER / package).exists():
            shutil.copytree(Path(spec.origin).parent, FOLDER / f"{package}.partial", dirs_exist_ok=True)
            for library in (FOLDER / f"{package}.partial").glob(pattern):
                _ask_by_trap(library)
            (FOLDER / f"{package}.partial").rename(FOLDER / package)
    paths = [str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    changed = {**SWITCHES, HIDES_AVX512: "1", "LD_PRELOAD": str(handler), "PYTHONPATH": os.pathsep.join(paths)}
    os.execvpe(sys.argv[1], sys.argv[1:], {**os.environ, **changed})


def _ask_by_trap(library: Path) -> None:
    """Replaces every cpuid in the library's code."""
    code = _answer("objdump", "-d", "--no-show-raw-insn", str(library))
    segments = [
        tuple(int(number, 16) for number in numbers)
        for numbers in re.findall(r"LOAD\s+(0x\w+) (0x\w+) 0x\w+ (0x\w+)", _answer("readelf", "-lW", str(library)))
    ]
    content = bytearray(library.read_bytes())
    for found in re.findall(r"^\s*([0-9a-f]+):\tcpuid", code, re.MULTILINE):
        address = int(found, 16)
        place = next(offset + address - start for offset, start, size in segments if start <= address < start + size)
        assert content[place : place + 2] == ASKING, f"{library} holds no cpuid at {place:#x}"
        content[place : place + 2] = TRAP
    library.unlink()  # a link into pip's cache, perhaps
    library.write_bytes(content)


def _answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
