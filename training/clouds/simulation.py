# SPDX-License-Identifier: GPL-3.0-or-later
"""Put simulated clouds over clear images.

What a first trial taught is built in: overcast may saturate in every visible band; an opaque cloud leaves nothing of
the ground and has a texture of its own; haze is thinner in long wavelengths; a fair share of samples is fully covered,
and a fair share has no cloud at all, so that clear stays clear.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .fields import displaced, fractal_field, in_blocks, quantile_of, smoothstep, uniform
from .parallax import REACH, band_shifts, seen_by_bands

WAVELENGTHS_NM = (443, 490, 560, 665, 705, 740, 783, 842, 865, 945, 1375, 1610, 2190)
CIRRUS_BAND = 10
VAPOUR_BAND = 9
VISIBLE = slice(1, 4)
BLOCKS = {2: (4, 5, 6, 8, 11, 12), 6: (0, 9, 10)}
FALLBACK_CLOUD = (0.55, 0.54, 0.51, 0.54, 0.56, 0.60, 0.62, 0.60, 0.64, 0.33, 0.015, 0.44, 0.33)


@dataclass(frozen=True)
class CloudSettings:
    """Shares of the kinds of sky; what is left of 1 is broken cloud with shadows.

    ``clear``: no cloud. ``overcast``: opaque everywhere. ``veil``: haze only. ``mixed``: broken cloud over haze or
    under cirrus. ``saturated``: share of the cloudy samples that are much brighter than usual. ``gloom``: share of the
    cloudy samples whose ground lies in shadow everywhere. ``max_shadow_shift`` in pixels.
    """

    clear: float = 0.12
    overcast: float = 0.24
    veil: float = 0.18
    mixed: float = 0.20
    saturated: float = 0.15
    gloom: float = 0.22
    max_shadow_shift: int = 24


@dataclass(frozen=True)
class CloudySample:
    """``cloudy`` (n, 13, h, w) reflectance 0..1; ``opacity`` (n, 2, h, w): cloud and shadow, 0..1 in the visible."""

    cloudy: Tensor
    opacity: Tensor


class CloudSimulator:
    """Draws clouds; ``spectra`` (k, 13) are reflectances of real cloud pixels, sorted here by brightness."""

    def __init__(self, settings: CloudSettings, spectra: Tensor | None = None, device: str = "cpu") -> None:
        self.settings = settings
        spectra = torch.tensor([FALLBACK_CLOUD]) if spectra is None else spectra
        spectra = spectra[spectra[:, VISIBLE].mean(1).argsort()]
        self.spectra = spectra.to(device, torch.float32)
        self.wavelengths = torch.tensor(WAVELENGTHS_NM, device=device).float().view(1, -1, 1, 1) / 490
        self.device = device

    def __call__(self, clear: Tensor, generator: torch.Generator) -> CloudySample:
        """Cover ``clear`` (n, 13, h, w), 0..1. The generator must live on the simulator's device."""
        count, _, size, _ = clear.shape
        margin = max(self.settings.max_shadow_shift, REACH)
        kind = torch.rand(count, 1, 1, 1, generator=generator, device=self.device)
        edges = torch.tensor(
            [self.settings.clear, self.settings.overcast, self.settings.veil, self.settings.mixed], device=self.device
        ).cumsum(0)
        none, overcast = kind < edges[0], (kind >= edges[0]) & (kind < edges[1])
        veil, mixed = (kind >= edges[1]) & (kind < edges[2]), (kind >= edges[2]) & (kind < edges[3])
        broken = kind >= edges[3]

        wide = size + 2 * margin
        inner, near = slice(margin, margin + size), slice(margin - REACH, margin + size + REACH)
        shape = fractal_field(count, wide, generator)
        cover = uniform(0.08, 0.95, count, generator)
        cover = torch.where(overcast, torch.ones_like(cover), cover)
        softness = uniform(0.12, 1.0, count, generator)
        thickness = (shape - quantile_of(shape, cover)) / softness
        peak = torch.where(overcast, 1.0, uniform(0.75, 1.15, count, generator).clamp(max=1.0))
        thick = smoothstep(thickness) * peak
        thick = torch.where(overcast, torch.ones_like(thick), thick)
        # Some overcasts have holes or are not quite opaque.
        gap = overcast & (uniform(0, 1, count, generator) < 0.25)
        thick = torch.where(gap, smoothstep(0.9 + 0.35 * shape).clamp(min=0.55), thick)
        thick = torch.where(broken | mixed | overcast, thick, torch.zeros_like(thick))

        ground, shadow = self._shade(clear, thick, broken | mixed, generator, inner)
        around, thick = thick[:, :, near, near], thick[:, :, inner, inner]
        haze = self._haze(count, size, veil | (mixed & (uniform(0, 1, count, generator) < 0.7)), generator)
        cirrus = self._cirrus(count, size, (mixed | broken | veil) & (uniform(0, 1, count, generator) < 0.3), generator)

        angstrom = uniform(0.0, 0.2, count, generator)
        opacity_thick = 1 - (1 - around).clamp_min(0) ** (self.wavelengths**-angstrom)
        colour = self._colour(count, size + 2 * REACH, shape[:, :, near, near], generator)
        shifts = self._shifts(uniform(0.2, 2.9, count, generator) ** 2 * 1000, generator)
        opacity_thick, colour = seen_by_bands(opacity_thick, shifts), seen_by_bands(colour, shifts)
        opacity_thick, colour = self._as_sampled(opacity_thick, colour, generator)
        # Droplets scatter: what still shines through a thick cloud is blurred, so there is no detail to amplify.
        blurred = F.avg_pool2d(F.pad(ground, (4, 4, 4, 4), mode="replicate"), 9, 1)
        ground = torch.lerp(ground, blurred, (1.6 * thick).clamp(max=1.0))
        ground = ground * self._vapour(count, generator)
        sky = haze[0] * haze[1] + (1 - haze[0]) * ground
        sky = sky + cirrus[1]
        cloudy = opacity_thick * colour + (1 - opacity_thick) * sky
        cloudy = torch.where(none, clear, cloudy).clamp(0, 1)
        visible_haze = (haze[0][:, VISIBLE] * haze[1][:, VISIBLE] / 0.4).mean(1, keepdim=True).clamp(0, 1)
        visible_haze = torch.maximum(visible_haze, (cirrus[0] * 2.0).clamp(0, 1))
        cover = 1 - (1 - opacity_thick[:, VISIBLE].mean(1, keepdim=True)) * (1 - visible_haze)
        cover = torch.where(none, torch.zeros_like(cover), cover)
        shadow = torch.where(none, torch.zeros_like(shadow), shadow * (1 - cover))
        return CloudySample(cloudy, torch.cat([cover, shadow], 1))

    def _shade(self, clear: Tensor, thick: Tensor, wanted: Tensor, generator: torch.Generator, inner: slice):
        """Ground under displaced shadows (n, 13, h, w) and the depth of the shadow (n, 1, h, w)."""
        count = len(clear)
        angle = uniform(0, 6.2832, count, generator).flatten()
        reach = uniform(3, self.settings.max_shadow_shift, count, generator).flatten()
        moved = displaced(thick, (reach * angle.sin()).round().long(), (reach * angle.cos()).round().long())
        moved = moved[:, :, inner, inner] * (wanted & (uniform(0, 1, count, generator) < 0.75))
        # Sometimes the clouds that shade a patch stand outside it: all of its ground lies in the gloom, deeper here and
        # there.
        gloom = uniform(0.3, 1.0, count, generator) * (uniform(0, 1, count, generator) < self.settings.gloom)
        uneven = uniform(0, 0.3, count, generator) * fractal_field(count, moved.shape[-1], generator)
        moved = torch.maximum(moved, (gloom * (1 + uneven)).clamp(0, 1))
        # What the air itself scatters stays, and skylight fills a shadow in the blue; a real shadow kept 0.9 of B02,
        # 0.7 of B04, 0.35 of B08 and 0.2 of B11.
        deepest = uniform(0.45, 0.88, count, generator)
        steepness = uniform(1.3, 2.8, count, generator)
        blue = uniform(0.75, 1.0, count, generator)
        loss = deepest * (1 - blue * (self.wavelengths * (490 / 443)) ** -steepness)
        return clear * (1 - loss * moved), moved

    def _haze(self, count: int, size: int, wanted: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Opacity (n, 13, h, w), thinner in long wavelengths, and brightness (n, 13, 1, 1) of haze or thin cloud."""
        field = fractal_field(count, size + 2 * REACH, generator, uniform(0.9, 1.9, count, generator))
        level = uniform(0.03, 1.1, count, generator) ** 1.3
        depth = (level * (1 + uniform(0.1, 0.7, count, generator) * field)).clamp(0, 2.5) * wanted
        # Half are aerosol-like (steep), half thin water cloud (flat).
        steep = uniform(0, 1, count, generator) < 0.5
        height = torch.where(steep, uniform(0, 2000, count, generator), uniform(0, 11000, count, generator))
        depth = seen_by_bands(depth, self._shifts(height, generator))
        angstrom = torch.where(steep, uniform(0.7, 2.0, count, generator), uniform(0.0, 0.5, count, generator))
        opacity = 1 - torch.exp(-depth * self.wavelengths**-angstrom)
        colour = self._pick(count, 0.0, 0.45, generator) * uniform(0.75, 1.15, count, generator)
        return opacity, colour

    def _shifts(self, heights: Tensor, generator: torch.Generator) -> Tensor:
        """Parallax (n, 13, 2) in pixels of clouds at ``heights`` (n, 1, 1, 1), in a direction of each sample's own."""
        return band_shifts(heights.flatten(), uniform(0, 6.2832, len(heights), generator).flatten())

    def _as_sampled(self, opacity: Tensor, colour: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """A cloud's fine structure as the bands of 20 m and 60 m see it: in blocks, as most products repeat pixels."""
        if torch.rand((), generator=generator, device=self.device) > 0.8:
            return opacity, colour
        # Premultiplied, so that a block mixes light, not colours that nothing of is seen.
        opacity, light = opacity.clone(), opacity * colour
        for size, bands in BLOCKS.items():
            row, col = torch.randint(size, (2,), generator=generator, device=self.device).tolist()
            for values in (opacity, light):
                values[:, bands] = in_blocks(values[:, bands], size, row, col)
        return opacity, light / opacity.clamp_min(1e-3)

    def _cirrus(self, count: int, size: int, wanted: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Opacity (n, 1, h, w) and added reflectance (n, 13, h, w) of cirrus: seen in B10 first, grey elsewhere."""
        field = smoothstep(0.5 + 0.6 * fractal_field(count, size + 2 * REACH, generator))
        field = seen_by_bands(field, self._shifts(uniform(5000, 13000, count, generator), generator))
        strength = uniform(0.01, 0.22, count, generator) * field * wanted
        tint = torch.ones(1, 13, 1, 1, device=self.device)
        tint[:, VAPOUR_BAND] = 0.6
        tint[:, 11:] = 0.55
        added = strength * tint
        added[:, CIRRUS_BAND] = strength[:, CIRRUS_BAND] * uniform(0.15, 0.6, count, generator)[:, 0]
        return strength[:, VISIBLE].mean(1, keepdim=True), added

    def _colour(self, count: int, size: int, shape: Tensor, generator: torch.Generator) -> Tensor:
        """Reflectance (n, 13, h, w) of the cloud itself: between two real spectra, with a texture of its own."""
        texture = fractal_field(count, size, generator, uniform(0.3, 1.4, count, generator))
        share = uniform(0.0, 0.8, count, generator)
        mix = torch.sigmoid(uniform(0.3, 2.0, count, generator) * (share * shape + (1 - share) * texture))
        # A quarter of the real overcasts are as smooth as milk, a quarter as rough as broccoli.
        rough = 0.03 + 1.5 * uniform(0, 1, count, generator) ** 2
        mix = mix.mean((2, 3), keepdim=True).lerp(mix, rough).clamp(0, 1)
        dim, bright = self._pick(count, 0.05, 0.7, generator), self._pick(count, 0.25, 1.0, generator)
        colour = dim + (bright - dim) * mix
        fine = fractal_field(count, size, generator, uniform(0.0, 0.8, count, generator))
        contrast = uniform(0.0, 0.55, count, generator) ** 1.5
        gain = uniform(0.75, 1.12, count, generator) * (1 + rough * contrast * fine).clamp_min(0.3)
        saturated = uniform(0, 1, count, generator) < self.settings.saturated
        gain = torch.where(saturated, gain * uniform(1.2, 2.2, count, generator), gain)
        # Bands of a real cloud do not vary in step; let colour drift a little over the patch.
        drift = torch.randn(count, 13, 1, 1, generator=generator, device=self.device) * 0.025 * texture
        # What each band adds of its own must be taken away band by band, or it stays as coloured texture.
        own = torch.randn(count, 13, 3, generator=generator, device=self.device)
        own = own * uniform(0.02, 0.25, count, generator)[:, 0] ** 2
        fields = torch.cat(
            [fractal_field(count, size, generator, uniform(0, 0.8, count, generator)) for _ in range(3)], 1
        )
        drift = drift + torch.einsum("nbk,nkhw->nbhw", own, fields)
        return (colour * self._tint(count, generator) * gain * (1 + rough * drift)).clamp(0, 1.6)

    def _tint(self, count: int, generator: torch.Generator) -> Tensor:
        """Factors (n, 13, 1, 1) that real clouds differ by: humidity above them (B09, B10), ice or water (B11, B12)."""
        normal = torch.randn(count, 4, generator=generator, device=self.device)
        tint = torch.ones(count, 13, device=self.device)
        tint[:, VAPOUR_BAND] = uniform(0.12, 1.25, count, generator).flatten()
        tint[:, CIRRUS_BAND] = (uniform(0.0, 1.3, count, generator) ** 2).flatten()
        tint[:, 11] = (0.2 * normal[:, 0] + 0.08 * normal[:, 1]).exp()
        tint[:, 12] = (0.2 * normal[:, 0] + 0.08 * normal[:, 2]).exp()
        slope = (self.wavelengths.view(1, -1) - 1).clamp(max=1.0)
        return (tint * (0.08 * normal[:, 3:] * slope).exp())[:, :, None, None]

    def _vapour(self, count: int, generator: torch.Generator) -> Tensor:
        """Factors (n, 13, 1, 1) on the ground: the cloudy date is often the more humid, which only B09 shows."""
        factor = torch.ones(count, 13, 1, 1, device=self.device)
        changed = uniform(0, 1, count, generator) < 0.7
        factor[:, VAPOUR_BAND : VAPOUR_BAND + 1] = torch.where(changed, uniform(0.35, 1.3, count, generator), 1.0)
        return factor

    def _pick(self, count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
        """Real cloud spectra (n, 13, 1, 1) between two quantiles of brightness."""
        last = len(self.spectra) - 1
        place = low + (high - low) * torch.rand(count, generator=generator, device=self.device)
        return self.spectra[(place * last).long()][:, :, None, None]
