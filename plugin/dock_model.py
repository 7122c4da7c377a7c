# SPDX-License-Identifier: GPL-3.0-or-later
"""The model that the dock shows: its file, its card, and what its evaluations cost on this computer."""

from __future__ import annotations

from typing import Callable, Optional

from ..dbcr_core.disk import stamp
from ..dbcr_core.errors import DbcrError
from ..dbcr_core.model_card import ModelCard, bundled_model_path
from ..dbcr_core.model_file import read_model_file
from ..dbcr_core.tiles import TilePlan
from . import dock_state, models, settings
from .card_dialog import CardDialog
from .dock import DbcrDock
from .dock_inputs import DockInputs
from .preview_engine import PreviewPicture
from .words import say

USUAL_TILE = 256


class DockModel:
    """Keeps the dock's picker of models, its dial's curve and its costs as they are."""

    def __init__(self, dock: DbcrDock, inputs: DockInputs, note: Callable[[str], None]) -> None:
        """note: says what is wrong with the model file, empty where nothing is."""
        self.card: Optional[ModelCard] = None
        self._dock, self._inputs, self._note = dock, inputs, note
        self._card_of: tuple = ()
        self._seconds_per_tile = 0.0
        self._preview_tiles = 0

    @property
    def tile_size(self) -> int:
        """Pixels of a tile's side."""
        return self.card.tile_size if self.card else USUAL_TILE

    def refresh(self) -> None:
        """Looks again at what the settings name."""
        chosen = settings.MODEL.read()
        self._dock.set_models(models.choices(settings.MODEL_FOLDER.read(), chosen), chosen)
        self._read_card(chosen)

    def show_card(self) -> None:
        """Opens the card for reading."""
        if self.card is not None:
            CardDialog(self.card, self._dock).exec()

    def forget_seconds(self) -> None:
        """Another model takes another time."""
        self._seconds_per_tile = 0.0
        self.show_cost()

    def take_memory(self, device: str, tiles: int) -> None:
        """Before the first preview: the cost as it was when this model last ran on this device."""
        if self.card is not None and not self._seconds_per_tile:
            remembered = settings.TILE_SECONDS.read()
            self._seconds_per_tile = dock_state.remembered_seconds(remembered, self.card.id, device)
            self._preview_tiles = tiles
            self.show_cost()

    def take_measure(self, picture: PreviewPicture) -> None:
        """The cost as a preview measures it; remembered once that is finished."""
        self._preview_tiles, self._seconds_per_tile = picture.tiles, picture.seconds
        self.show_cost()
        if picture.is_final and self.card is not None and picture.seconds:
            settings.TILE_SECONDS.write(dock_state.cost_memory(self.card.id, picture.device, picture.seconds))

    def show_cost(self) -> None:
        """Tells what a preview and the whole scene take at the dial's NFE."""
        optical = self._inputs.optical
        if optical is None or self.card is None:
            self._dock.cost.setText("")
            return
        size, overlap = self.card.tile_size, settings.tile_overlap()
        plan = TilePlan(optical.width(), optical.height(), size, None if overlap is None else min(overlap, size // 2))
        nfe, seconds = self._dock.dial.nfe, self._seconds_per_tile
        self._dock.cost.setText(dock_state.cost_text(nfe, seconds, self._preview_tiles, plan.count, say))

    def _read_card(self, chosen: str) -> None:
        """Reads the chosen model's card where it is not the one already read."""
        try:
            path = chosen or bundled_model_path()
            version = path, stamp(path)
            if version == self._card_of:
                return
            self._card_of = version
            self.card = read_model_file(path).card
        except DbcrError as error:
            self.card = None
            self._dock.dial.set_curve(())
            self._note(str(error))
            self._dock.card.setEnabled(False)
            self.show_cost()
            return
        self._note("")
        self._dock.card.setEnabled(True)
        self._dock.dial.set_curve(dock_state.dial_curve(self.card.metrics))
