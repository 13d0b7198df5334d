"""Bandmate in the denoise bench: the whole stage, and repairs alone."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assistant import engine
from assistant.contract import Context, Request, Suggestion
from assistant.material import Audio, Samples
from assistant.steps import result
from bench.denoise_cases import Case
from bench.denoise_scores import Tool
from bridge import presets

__all__ = ["NO_PRINT", "PIECES", "STAGE", "pieces", "stage"]

STAGE, NO_PRINT = "bandmate", "bandmate, no print"


def stage() -> Mapping[str, Tool]:
    """Return the stage, where there is one; it hears for itself what the material is."""
    if "denoise" not in engine.stage_names():
        return {}
    return {STAGE: _with_print, NO_PRINT: _without_print}


def pieces() -> Mapping[str, Tool]:
    """Return the repairs that are there, each alone and told nothing but the print."""
    return {name: tool for name, (modules, tool) in PIECES.items() if all(map(_there, modules))}


def _with_print(case: Case) -> Samples:
    return _suggested(case, {} if case.print is None else {"print": case.print})


def _without_print(case: Case) -> Samples:
    return _suggested(case, {})


def _suggested(case: Case, settings: Mapping[str, Audio]) -> Samples:
    """Ask for the first suggestion."""
    context = Context(count=1, shelf=presets.data, weights=presets.weights)
    for said in engine.run(Request("denoise", case.noisy, settings, context)):
        if isinstance(said, Suggestion):
            made = said.material["main"]
            assert isinstance(made, Audio)
            return made.samples
    raise RuntimeError("the stage made no suggestion")


def _spectral(case: Case) -> Samples:
    if case.print is None:
        return case.noisy.samples
    alone = _piece("noise_print").print_of(case.print, 0.0, case.print.seconds)
    return case.noisy.samples - _samples(
        _piece("noise_removal").noise_in(case.noisy, alone, _zeros)
    )


def _declipped(case: Case) -> Samples:
    walls = result(_piece("walls").find_walls(case.noisy))
    return _samples(_piece("declip").declip(case.noisy, walls, _zeros))


def _declicked(case: Case) -> Samples:
    piece = _piece("clicks")
    found = result(piece.find_clicks(case.noisy))
    return _samples(piece.declick(case.noisy, found, _zeros))


def _dehummed(case: Case) -> Samples:
    piece = _piece("hum")
    found = result(piece.find_hum(case.noisy))
    return _samples(piece.without_hum(case.noisy, found, 1.0, _zeros))


def _voiced(case: Case) -> Samples:
    behind: Audio = result(_piece("deep_filter").noise_behind_voice(case.noisy, _zeros))
    return case.noisy.samples - behind.samples


PIECES: Mapping[str, tuple[Sequence[str], Tool]] = {
    "spectral alone": (("noise_print", "noise_removal"), _spectral),
    "voice net alone": (("deep_filter",), _voiced),
    "declip alone": (("walls", "declip"), _declipped),
    "declick alone": (("clicks",), _declicked),
    "dehum alone": (("hum",), _dehummed),
}


def _there(name: str) -> bool:
    return importlib.util.find_spec(f"assistant.dsp.{name}") is not None


def _piece(name: str) -> Any:
    return importlib.import_module(f"assistant.dsp.{name}")


def _samples(steps: Any) -> Samples:
    made: Audio = result(steps)
    return made.samples


def _zeros(shape: Sequence[int]) -> Samples:
    return np.zeros(shape, dtype=np.float32)
