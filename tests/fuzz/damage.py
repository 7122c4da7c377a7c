# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to files on disks and networks: bits flip, ends are cut off, stretches are lost, doubled or foreign."""

from __future__ import annotations

from hypothesis import strategies as st


@st.composite
def damaged(draw: st.DrawFn, content: bytes, header: int = 0) -> bytes:
    """The content with one to four damages; `header` first bytes are hit as often as all the rest."""
    data = bytearray(content)
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 4)))):
        if not data:
            break
        last = len(data) - 1
        place = draw(st.one_of(st.integers(0, min(last, max(header, 1) - 1)), st.integers(0, last)))
        kind = draw(st.sampled_from(("flip", "flip", "byte", "zeros", "insert", "drop", "copy", "cut")))
        if kind == "flip":
            data[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "byte":
            data[place] = draw(st.sampled_from((0, 1, 2, 127, 128, 254, 255)))
        elif kind == "zeros":
            end = place + draw(st.integers(1, 64))
            data[place:end] = bytes(len(data[place:end]))
        elif kind == "insert":
            data[place:place] = draw(st.binary(min_size=1, max_size=8))
        elif kind == "drop":
            del data[place : place + draw(st.integers(1, 64))]
        elif kind == "copy":
            source = draw(st.integers(0, last))
            data[place : place + 16] = data[source : source + 16]
        else:
            del data[place:]
    return bytes(data)
