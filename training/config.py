# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything a training run can be told, typed, with default and meaning; read from TOML, saved with checkpoints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from dbcr_core.errors import DbcrError, InputError
from dbcr_core.network import NetworkConfig

from .clouds import CloudSettings
from .setting_ranges import check_ranges, check_sum, check_weights


@dataclass(frozen=True)
class DataSettings:
    """Where samples come from.

    ``pack``: file made by ``python -m training pack``; or ``sen12mscr``: root of the original data set.
    ``groups``: sampling weight per source group (scenes of a group are drawn evenly by area).
    ``validation``: folder of scenes with s1, s2_cloudy and s2_clear; never trained on.
    ``real_pairs``: share of samples of two-date scenes that use the real cloudy date. ``transplanted``: share of
    simulated samples whose cloud is lifted off a real image. ``completed_weight``: weight in the loss of bands that
    were completed from others (see ``completion``); 0 leaves scenes as they are. ``level_spread``: how much simulated
    samples vary in brightness and colour. ``date_change``: share of the simulated samples whose ground changes between
    the cloudy and the clear date as that of real pairs does. ``surroundings``: share of open sky above which a
    simulated sample shall be made whole from what surrounds its clouds: it is to look as on the cloudy date, with its
    own levels whatever ``levels_of`` says; 1 never asks for that.
    """

    pack: str = ""
    sen12mscr: str = ""
    validation: str = ""
    groups: dict[str, float] = field(default_factory=dict)
    real_pairs: float = 0.7
    transplanted: float = 0.25
    completed_weight: float = 0.0
    level_spread: float = 0.1
    date_change: float = 0.0
    surroundings: float = 1.0


@dataclass(frozen=True)
class DropSettings:
    """Shares of samples that lose bands on purpose: L2A (12), the ten 10/20 m bands, B2 B3 B4 B8, RGB, VH, all SAR."""

    l2a: float = 0.06
    ten: float = 0.05
    four: float = 0.04
    rgb: float = 0.03
    vh: float = 0.08
    sar: float = 0.10


@dataclass(frozen=True)
class Stage:
    """From ``start`` (share of the run, 0..1) on: crops of ``crop`` pixels, ``batch`` per process."""

    start: float
    crop: int
    batch: int


@dataclass(frozen=True)
class TrainConfig:
    """One training run.

    The run ends after ``steps`` or ``max_minutes`` of training (0 = no such limit), whichever comes first; warm-up is
    ``warmup`` steps, then the learning rate follows a cosine to zero over the same budget. ``terminal_share`` of the
    samples use t = 1000, the others t uniform in 1..1000 (the paper: 0). ``bridge = false`` trains one step only
    (t = 1000 always). ``stochastic`` adds the schedule's noise sigma_t to x_t (the paper's SDE variant).
    ``precision``: "fp32" or "bf16" (autocast). ``head_weight`` scales the loss of the heads, which never reaches the
    reconstruction. ``angle_weight`` adds the spectral angle to the loss, ``square_weight`` the root of the mean square
    error of each sample, ``gate_weight`` what a gate lets through of simulated clouds (the paper: 0). Checkpoints and
    validation happen every ``checkpoint_every`` and ``validate_every`` steps; what is validated is a checkpoint, too.
    ``init``: a checkpoint or a model file (``.dbcr``) to start the weights from; those that have another shape here
    begin anew. ``only``: names of the parts of the network that learn (``decoder``, ``ending`` …), the rest stays as it
    is; empty for all of it. ``levels_of``: a checkpoint or model file of this network whose estimates say how bright
    the ground broadly is, instead of the clear image, so that levels stay as they are while detail is learned.
    ``walked``: the share of the samples below t = 1000 whose x_t leads from that network's estimate at t = 1000, as in
    use at NFE above 1, instead of from the clear image, which in use is not known (the paper: 0).
    """

    name: str
    data: DataSettings
    network: NetworkConfig
    stages: tuple[Stage, ...]
    clouds: CloudSettings = CloudSettings()
    drop: DropSettings = DropSettings()
    schedule: str = "linear"
    steps: int = 0
    max_minutes: float = 0.0
    epochs: int = 0
    learning_rate: float = 1e-3
    warmup: int = 200
    weight_decay: float = 1e-4
    optimiser: str = "adamw"
    clip: float = 1.0
    ema: float = 0.999
    precision: str = "fp32"
    bridge: bool = True
    stochastic: bool = False
    terminal_share: float = 0.0
    head_weight: float = 0.1
    angle_weight: float = 0.0
    square_weight: float = 0.0
    gate_weight: float = 0.0
    validate_every: int = 500
    checkpoint_every: int = 250
    seed: int = 0
    init: str = ""
    only: tuple[str, ...] = ()
    levels_of: str = ""
    walked: float = 0.0

    def __post_init__(self) -> None:
        self._check_numbers()
        if not self.steps and not self.max_minutes and not self.epochs:
            raise InputError("A run needs an end: set steps, epochs or max_minutes.")
        if bool(self.data.pack) == bool(self.data.sen12mscr):
            raise InputError("Name one source of samples: data.pack or data.sen12mscr.")
        starts = [stage.start for stage in self.stages]
        if not starts or starts[0] != 0 or starts != sorted(starts):
            raise InputError("The first stage must start at 0, and each later one behind the one before it.")
        if any(s.crop % self.network.stride for s in self.stages):
            raise InputError(f"Crops must be multiples of {self.network.stride} pixels.")
        if self.walked and not self.levels_of:
            raise InputError("walked asks for the estimates of levels_of: name that network.")
        choices = {"precision": ("fp32", "bf16"), "optimiser": ("adam", "adamw"), "schedule": ("linear", "i2sb")}
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise InputError(f"{name} must be one of {known}, not {getattr(self, name)!r}.")

    def _check_numbers(self) -> None:
        check_ranges(self)
        for table in ("data", "drop", "clouds", "network"):
            check_ranges(getattr(self, table), f"{table}.")
        for stage in self.stages:
            check_ranges(stage, "stages.")
        check_weights(self.data.groups, "data.groups")
        check_sum(self.drop, ("l2a", "ten", "four", "rgb"), "drop.")
        check_sum(self.drop, ("vh", "sar"), "drop.")
        check_sum(self.clouds, ("clear", "overcast", "veil", "mixed"), "clouds.")

    def stage_at(self, progress: float) -> Stage:
        """The stage for a share of the run."""
        return [s for s in self.stages if s.start <= progress][-1]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return json.loads(json.dumps(asdict(self)))


def load_config(path: Path, changes: Sequence[str] = ()) -> TrainConfig:
    """Read a TOML file, or the config.json of a run. Raises InputError that names the file and the setting.

    ``base = "other.toml"`` in a TOML file, beside it, gives all the settings that the file does not name itself.
    ``changes``: settings over those of the file, such as ``network.fusion=concat`` or ``drop.sar=0``.
    """
    try:
        values = json.loads(path.read_text()) if path.suffix == ".json" else _read_toml(path)
        for change in changes:
            values = _over(values, _change(change))
        return config_from_dict(values)
    except FileNotFoundError as error:
        raise InputError(f"There is no configuration {error.filename}; see training/configs for examples.") from error
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read ({error.strerror}); name a TOML file.") from error
    except (ValueError, DbcrError) as error:
        told = str(error)
        raise InputError(f"{path}: {told}" if told.endswith(".") else f"{path}: {told}; correct it there.") from error


def _read_toml(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The settings of a file over those of its base; ``above``: the files that it is a base of."""
    import tomllib

    if path.resolve() in above:
        raise InputError(f"{path} is its own base; a chain of bases must end at a file without one.")
    values = tomllib.loads(path.read_text())
    base = values.pop("base", None)
    if base is None:
        return values
    return _over(_read_toml(path.parent / base, (*above, path.resolve())), values)


def _change(text: str) -> dict[str, Any]:
    """``table.name=value`` as nested tables; a value that is no TOML is taken for a word."""
    import tomllib

    name, equals, value = text.partition("=")
    if not (equals and name.strip()):
        raise InputError(f"a change reads NAME=VALUE, such as network.fusion=concat, not {text!r}")
    try:
        changed = tomllib.loads(f"value = {value}")["value"]
    except ValueError:
        changed = value.strip()
    for part in reversed(name.strip().split(".")):
        changed = {part: changed}
    return changed


def _over(base: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """``values``, and what they leave of ``base``, table by table."""
    tables = [name for name, v in values.items() if isinstance(v, dict) and isinstance(base.get(name), dict)]
    merged = {name: _over(base[name], v) if name in tables else v for name, v in values.items()}
    return {**base, **merged}


def config_from_dict(values: dict[str, Any]) -> TrainConfig:
    """The inverse of ``TrainConfig.to_dict``; unknown settings are refused."""
    return _build(TrainConfig, values, "")


KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a word"}


def _build(kind: type, values: dict[str, Any], where: str) -> Any:
    if not isinstance(values, dict):
        raise InputError(f"{where.rstrip('.') or 'a configuration'} is a table of settings, not {values!r}")
    hints = get_type_hints(kind)
    unknown = sorted(set(values) - {f.name for f in fields(kind)})
    if unknown:
        raise InputError(f"unknown settings {', '.join(where + name for name in unknown)}")
    missing = [f.name for f in fields(kind) if f.default is f.default_factory is MISSING and f.name not in values]
    if missing:
        raise InputError(f"the settings {', '.join(where + name for name in missing)} are missing")
    built = {}
    for name, value in values.items():
        if is_dataclass(hints[name]):
            value = _build(hints[name], value, f"{where}{name}.")
        elif get_origin(hints[name]) is tuple:
            value = _build_list(get_args(hints[name])[0], value, f"{where}{name}")
        elif hints[name] is float and isinstance(value, int):
            value = float(value)
        if hints[name] in KINDS and type(value) is not hints[name]:
            raise InputError(f"{where}{name} must be {KINDS[hints[name]]}, not {value!r}")
        built[name] = value
    return kind(**built)


def _build_list(kind: type, values: Any, where: str) -> tuple:
    if kind is Stage:
        if not isinstance(values, (list, tuple)):
            raise InputError(f"{where} is a list of tables [[{where}]], not {values!r}")
        return tuple(_build(Stage, value, f"{where}.") for value in values)
    if not isinstance(values, (list, tuple)) or any(type(value) is not kind for value in values):
        raise InputError(f"{where} must be a list, each entry {KINDS[kind]}, not {values!r}")
    if kind is int and any(value < 1 for value in values):
        raise InputError(f"{where} must be a list of numbers above 0, not {values!r}")
    return tuple(values)


def is_exportable(config: NetworkConfig) -> bool:
    """Whether graphs can be written of such a network; not of ablations."""
    return config.backbone == "naf" and config.fusion == "sf"
