# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything the engine raises on purpose. Each message is one sentence: the fact, then the remedy."""


class DbcrError(Exception):
    """Root of the engine's errors; catching it catches all of them and nothing else."""


class InputError(DbcrError):
    """Raised when a raster, a band, a grid or a parameter does not fit the job."""


class InputChanged(InputError):
    """Raised when an input's file changed while it was being read; what was computed of it is of no use."""


class BandOrderError(InputError):
    """Raised when bands without names do not look like what they were taken for by their number."""


class UnreadableError(InputError):
    """Raised when an input is missing or cannot be read; where it lies on a network, another try may find it."""


class RadiometryError(InputError):
    """Raised when a file's metadata and its values contradict each other, or a mask's values fit several kinds of mask,
    so that guessing would be unsafe.

    option: the field of `CloudRemovalJob` that decides; choices: its values, for whoever can ask the user.
    """

    def __init__(self, message: str, option: str = "", choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.option, self.choices = option, choices


class ModelError(DbcrError):
    """Raised when a model file is damaged, is not a model file, or does not fit this version."""


class DeviceError(ModelError):
    """Raised when a device fails at its work, mostly for lack of memory; finished rows wait for the next run."""


class BackendMissingError(DbcrError):
    """Raised when the library behind a backend (ONNX Runtime, torch, rasterio, GDAL) cannot be imported."""


class OutputError(DbcrError):
    """Raised when the output cannot be written; the previous output, if any, is untouched, and finished rows wait."""


class OutputInUse(OutputError):
    """Raised when another run is writing the output."""


class Cancelled(DbcrError):
    """Raised when the user cancelled; nothing is left under the output's final name."""

    def __init__(self, message: str = "Cancelled; no output was written.") -> None:
        super().__init__(message)


class BatchIncomplete(DbcrError):
    """Raised when a batch has ended and not every scene is complete; a rerun goes on with those."""


class WorkerError(DbcrError):
    """Raised when the worker process cannot be started, or ends without an answer."""
