# SPDX-License-Identifier: GPL-3.0-or-later
"""What was given for parameters, as plain values: what expressions give, the words of choices, numbers, lists as text.

QGIS takes the default for what it does not understand, without a word, wherever it is not asked to check: in models.
"""

from __future__ import annotations

import math
from typing import Any, Iterable

from qgis.core import (
    NULL,
    QgsExpression,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProperty,
)

from ...dbcr_core.errors import InputError


def plain_values(
    definitions: Iterable[QgsProcessingParameterDefinition], parameters: dict, context: QgsProcessingContext
) -> dict:
    """The parameters with plain values, None for what is unset; raises InputError for what cannot be understood."""
    values = dict(parameters)
    for definition in definitions:
        name = definition.name()
        if name in values:
            value = _evaluated(name, values[name], context)
            read = _READERS.get(definition.type())
            values[name] = value if read is None or value is None else read(definition, value)
    return values


def _evaluated(name: str, value: Any, context: QgsProcessingContext) -> Any:
    if isinstance(value, QgsProperty):
        text = value.expressionString()
        expression = QgsExpression(text)
        # Evaluated, such an expression would give NULL, as if the parameter had been left out.
        if text and expression.hasParserError():
            reason = " ".join(expression.parserErrorString().split())
            raise InputError(f"{name} is the expression “{text}”, which QGIS does not understand ({reason}); mend it.")
        value, _ = value.value(context.expressionContext())
    return None if value == NULL else value


def _word(definition: QgsProcessingParameterEnum, value: Any) -> str:
    """The word of a choice, which models' inputs and qgis_process's help number from 0."""
    options = definition.options()
    words = {**{str(number): word for number, word in enumerate(options)}, **{word: word for word in options}, "": ""}
    if str(value) not in words:
        raise InputError(f"{definition.name()} is “{value}”, which is no choice; give one of {', '.join(options)}.")
    return words[str(value)]


def _number(definition: QgsProcessingParameterNumber, value: Any) -> float | None:
    """A number, None for an empty text, which is none; QGIS takes what is no number for 0, and rounds."""
    if not str(value).strip():
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{definition.name()} is “{value}”, which is no number; give one or leave it out.")
    if definition.dataType() != QgsProcessingParameterNumber.Type.Integer:
        return number
    if not number.is_integer():
        raise InputError(f"{definition.name()} is {value}, which is no whole number; give one.")
    return int(number)


def _text(definition: QgsProcessingParameterDefinition, value: Any) -> Any:
    """A script's list of bands or files as one writes it; QGIS reads a list as an empty text."""
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value


_READERS = {
    QgsProcessingParameterEnum.typeName(): _word,
    QgsProcessingParameterNumber.typeName(): _number,
    QgsProcessingParameterRasterLayer.typeName(): _text,
    QgsProcessingParameterString.typeName(): _text,
}
