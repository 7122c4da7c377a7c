# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write into a model's card, from a small TOML file, and what ``evaluate`` found for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dbcr_core.errors import InputError
from dbcr_core.model_card import is_band_set

WORDS = ("name", "version", "description", "licence", "earlier")
LISTS = ("data", "limits", "band_sets")
KNOWN = (*WORDS, *LISTS, "mask_threshold")


def read_card_texts(path: Path | None) -> dict[str, Any]:
    """``name``, ``version``, ``description``, ``licence`` and ``earlier`` (text), ``data`` and ``limits`` (lists of
    sentences, here tuples), ``band_sets`` (a list such as "B02,B03,B04") and ``mask_threshold`` (0..1) as far as the
    file has them; nothing without a file.

    Raises InputError that names the file and the entry for anything else.
    """
    if path is None:
        return {}
    import tomllib

    try:
        texts = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"There is no card {path}; see training/configs/bundled-card.toml for one.") from error
    except OSError as error:
        raise InputError(f"The card {path} cannot be read ({error.strerror}); name a TOML file.") from error
    except ValueError as error:
        raise InputError(f"The card {path} is not TOML ({error}); correct it there.") from error
    for name, value in texts.items():
        if name not in KNOWN:
            raise InputError(f"{path}: {name!r} is nothing that a card tells; it takes {', '.join(KNOWN)}.")
        if name in WORDS and not (isinstance(value, str) and value.strip()):
            raise InputError(f"{path}: {name} must be a text, not {value!r}; put it into quotes.")
        if name in LISTS and not (isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)):
            raise InputError(f'{path}: {name} must be a list of sentences such as ["One.", "Two."], not {value!r}.')
        if name == "band_sets" and not all(map(is_band_set, value)):
            raise InputError(f'{path}: band_sets must be a list such as ["B02,B03,B04,B08"], not {value!r}.')
        if name == "mask_threshold" and not (type(value) in (int, float) and 0 < value < 1):
            raise InputError(f"{path}: mask_threshold must be a number between 0 and 1, not {value!r}.")
    return {name: tuple(value) if name in LISTS else value for name, value in texts.items()}


def read_evaluation(path: Path | None) -> dict[str, Any]:
    """The metrics that ``evaluate`` put together for a card; nothing without a file.

    Raises InputError that names the file, as for one by the SDE: the engine takes the ODE unless told otherwise.
    """
    if path is None:
        return {}
    evaluated = _evaluated(path)
    if evaluated.get("sampler") == "sde":
        raise InputError(f"{path} judged the SDE, whose figures are none for a card; run `evaluate` without --sde.")
    return evaluated["card"]


def require_same_weights(path: Path, weights: str) -> str:
    """Raises InputError where an evaluation is of others than those of this hash. Returns what to tell of one that does
    not say of which it is."""
    judged = _evaluated(path).get("weights")
    if not judged:
        return f"{path} does not say which weights it judged: see that they are these, or run `evaluate` anew"
    if judged != weights:
        raise InputError(f"{path} is the evaluation of other weights; run `evaluate` on these, or name theirs.")
    return ""


def best_mask(path: Path | None) -> dict[str, float] | None:
    """The threshold of the model's own mask that ``evaluate`` found to be best, with its precision and recall; None
    without a file, or where no threshold finds enough of the clouds. Raises InputError that names the file."""
    best = _evaluated(path).get("auto_mask", {}).get("best_with_recall") if path is not None else None
    return {name: round(value, 3) for name, value in best.items()} if best else None


def _evaluated(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found["card"]
    except OSError as error:
        raise InputError(f"The evaluation {path} cannot be read ({error.strerror}); run `evaluate` first.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not an evaluation.json; name the one that `evaluate` wrote.") from error
    return found
