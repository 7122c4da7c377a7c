# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine refuses to guess, as a question to the user: the sentence, and a link for every answer."""

from __future__ import annotations

from html import escape

from .words import say


def as_question(error) -> str:
    """A RadiometryError as rich text; the links are "option=value"."""
    words = {
        "dn": say("the offset is removed"),
        "dn-1000": say("the offset is still in"),
        "reflectance": say("reflectance, 0 … 1"),
        "db": say("decibels"),
        "power": say("linear power"),
        "amplitude": say("amplitude"),
        "binary": say("all above 0 is cloud"),
        "probability": say("probability"),
        "scl": say("scene classes"),
    }
    links = [f'<a href="{error.option}={value}">{escape(words[value])}</a>' for value in error.choices]
    fact = str(error).partition("; decide with")[0]
    return f"{escape(fact)}. {escape(say('What is right?'))} {' · '.join(links)}"


class Answers:
    """What the user said of each layer's file; kept as long as the dock."""

    def __init__(self) -> None:
        self._said: dict = {}

    def take(self, link: str, layers: dict) -> None:
        """link: of `as_question`. layers: {"optical_values": (id, source) of the optical layer, "sar_values": …}; empty
        where none is chosen."""
        option, _, value = link.partition("=")
        if layers.get(option):
            self._said[layers[option], option] = value

    def of(self, layers: dict) -> dict:
        """{option: value or None} for the layers that are chosen now."""
        return {option: self._said.get((layer, option)) for option, layer in layers.items()}
