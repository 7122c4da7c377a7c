# SPDX-License-Identifier: GPL-3.0-or-later
"""One step of the bridge as an ONNX graph, so that x_t need not leave a device's memory.

``x_next = x_t + share * (clear - x_t) + noise`` (paper, Equation 12; share is 1 − α_{t−δ}/α_t). Written as bytes of the
protocol-buffer format, so that the onnx package is not needed.
"""

from __future__ import annotations

from .onnx_edit import GRAPH_INPUT, GRAPH_NODE, GRAPH_OUTPUT, MODEL_GRAPH, NODE_INPUT, NODE_OUTPUT, VALUE_NAME, field

INPUTS = ("x_t", "clear", "share", "noise")
OUTPUT = "x_next"

_IR_VERSION, _OPSET_VERSION = b"\x08\x08", b"\x10\x11"  # fields 1 of a model and 2 of an operator set: 8 and 17
_MODEL_OPSET, _GRAPH_NAME, _NODE_KIND, _VALUE_TYPE, _TYPE_TENSOR = 8, 2, 4, 2, 1
_FLOAT = b"\x08\x01"  # field 1 of a tensor's type
_FOUR_AXES = field(2, 4 * field(1, b""))  # its shape, of any lengths


def _text(number: int, text: str) -> bytes:
    return field(number, text.encode())


def _node(kind: str, inputs: tuple[str, str], output: str) -> bytes:
    names = b"".join(_text(NODE_INPUT, name) for name in inputs)
    return field(GRAPH_NODE, names + _text(NODE_OUTPUT, output) + _text(_NODE_KIND, kind))


def _value(number: int, name: str) -> bytes:
    """Float32 with four axes."""
    return field(number, _text(VALUE_NAME, name) + field(_VALUE_TYPE, field(_TYPE_TENSOR, _FLOAT + _FOUR_AXES)))


def advance_graph() -> bytes:
    """Inputs INPUTS, (n, c, h, w) but for share and noise, which may be (1, 1, 1, 1); output OUTPUT; all float32."""
    nodes = [
        _node("Sub", ("clear", "x_t"), "way"),
        _node("Mul", ("way", "share"), "part"),
        _node("Add", ("x_t", "part"), "mean"),
        _node("Add", ("mean", "noise"), OUTPUT),
    ]
    values = [_value(GRAPH_INPUT, name) for name in INPUTS] + [_value(GRAPH_OUTPUT, OUTPUT)]
    graph = b"".join([*nodes, _text(_GRAPH_NAME, "advance"), *values])
    return _IR_VERSION + field(MODEL_GRAPH, graph) + field(_MODEL_OPSET, _OPSET_VERSION)
