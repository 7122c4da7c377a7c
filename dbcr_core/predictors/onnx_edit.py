# SPDX-License-Identifier: GPL-3.0-or-later
"""Lend an ONNX graph the weights of another, and leave out of one what nobody asks for: ONNX Runtime computes every
node, wanted or not, and its OpenVINO provider confuses the inputs of a graph that does not use them all.

Reads just enough of the protocol-buffer format (https://protobuf.dev/programming-guides/encoding) to do without the
onnx package: messages are sequences of numbered fields, and what is not understood is copied as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Union

from ..errors import ModelError

MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_INPUT, GRAPH_OUTPUT = 1, 5, 11, 12
NODE_INPUT, NODE_OUTPUT = 1, 2
TENSOR_NAME, VALUE_NAME = 8, 1
Bytes = Union[bytes, memoryview]
UNFIT = "The graphs do not have the inputs and outputs that the card names; get the model again."
DAMAGED = "A graph in the model file is damaged; get the model again."
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def with_outputs(model: bytes, wanted: Iterable[str]) -> bytes:
    """The model with only those outputs, and only the inputs, nodes and initializers that they need.

    Raises ModelError for bytes that are no ONNX model, or one without those outputs. Nodes stand in the order in which
    they can be computed, as ONNX demands, and have no graphs of their own, as this program's exporter writes them.
    """
    wanted = set(wanted)
    try:
        parts = []
        for number, content, raw in _fields(model):
            parts.append(field(number, _cut(content, wanted)) if number == MODEL_GRAPH else raw)
        return b"".join(parts)
    except (IndexError, UnicodeDecodeError, ValueError) as error:
        raise ModelError(DAMAGED) from error


def with_weights(model: bytes, lender: bytes) -> bytes:
    """The model with all initializers of `lender` whose names it does not have itself.

    Raises ModelError for bytes that are no ONNX models.
    """
    try:
        (graph,), (other,) = (
            [content for number, content, _ in _fields(each) if number == MODEL_GRAPH] for each in (model, lender)
        )
        own = _initializers(graph)
        lent = [raw for name, raw in _initializers(other).items() if name not in own]
        whole = field(MODEL_GRAPH, b"".join([graph, *lent]))
        return b"".join(whole if number == MODEL_GRAPH else raw for number, _, raw in _fields(model))
    except (IndexError, UnicodeDecodeError, ValueError) as error:
        raise ModelError(DAMAGED) from error


def _initializers(graph: Bytes) -> dict[str, Bytes]:
    """Name → the whole field."""
    return {
        name: raw
        for number, content, raw in _fields(graph)
        if number == GRAPH_INITIALIZER
        for name in _texts(content, TENSOR_NAME)
    }


def _cut(graph: Bytes, wanted: set[str]) -> bytes:
    fields = list(_fields(graph))
    outputs = [content for number, content, _ in fields if number == GRAPH_OUTPUT]
    if not wanted.issubset(name for output in outputs for name in _texts(output, VALUE_NAME)):
        raise ModelError(UNFIT)
    needed, kept = set(wanted), set()
    for index in reversed(range(len(fields))):
        number, content, _ = fields[index]
        if number == GRAPH_NODE and needed.intersection(_texts(content, NODE_OUTPUT)):
            kept.add(index)
            needed.update(_texts(content, NODE_INPUT))
    parts = []
    for index, (number, content, raw) in enumerate(fields):
        if (
            (number == GRAPH_NODE and index not in kept)
            or (number == GRAPH_INITIALIZER and not needed.intersection(_texts(content, TENSOR_NAME)))
            or (number == GRAPH_INPUT and not needed.intersection(_texts(content, VALUE_NAME)))
            or (number == GRAPH_OUTPUT and not wanted.intersection(_texts(content, VALUE_NAME)))
        ):
            continue
        parts.append(raw)
    return b"".join(parts)


def _texts(message: Bytes, wanted: int) -> list[str]:
    return [str(content, "utf-8") for number, content, _ in _fields(message) if number == wanted]


def _fields(message: Bytes) -> Iterator[tuple[int, Bytes, Bytes]]:
    """(number, content, the whole field as it stands) of each field; content only of those that hold bytes."""
    message, place = memoryview(message), 0
    while place < len(message):
        start = place
        key, place = _varint(message, place)
        number, kind = key >> 3, key & 7
        content = message[:0]
        if kind == VARINT:
            _, place = _varint(message, place)
        elif kind == BYTES:
            length, place = _varint(message, place)
            content = message[place : place + length]
            place += length
        elif kind in (FIXED64, FIXED32):
            place += 8 if kind == FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if place > len(message):
            raise IndexError("a field ends beyond its message")
        yield number, content, message[start:place]


def _varint(message: Bytes, place: int) -> tuple[int, int]:
    """(value, next place) of a number in groups of seven bits, the lowest first."""
    value, shift = 0, 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7


def field(number: int, content: Bytes) -> bytes:
    """A field that holds bytes, as it stands in a message."""
    return _to_varint(number << 3 | BYTES) + _to_varint(len(content)) + content


def _to_varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
