"""Ask the stages something small, so that code is loaded and compiled before the musician asks.

Numba keeps what it compiled on disk: the first full rehearsal after an installation takes a while,
the others take the time of an import.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from types import NoneType

import numpy as np

from assistant import engine
from assistant.contract import Context, Request, Stage
from assistant.errors import BandmateError
from assistant.material import Audio, Material, Note, Score, Session, Stem, Track
from bridge import presets

__all__ = ["rehearse"]

log = logging.getLogger("bandmate.rehearsal")

_RATE = 44_100
_SECONDS = 4  # enough for a beat to be looked for


def rehearse(*, full: bool) -> None:
    """Ask every stage once for each kind of material it takes, and forget the answers.

    Parameters
    ----------
    full : bool
        True to load everything: audio too, and every flag raised. False keeps the process small:
        only what needs no audio, as it stands.
    """
    for stage in engine.stages():
        for request in _requests(stage, full=full):
            try:
                for _ in engine.run(request):
                    pass
            except BandmateError as error:
                log.info("%s did not like the rehearsal: %s", stage.name, error)
            except Exception:
                log.exception("%s failed in rehearsal", stage.name)


def _requests(stage: Stage, *, full: bool) -> Iterator[Request]:
    flags = {knob.name: True for knob in stage.knobs if knob.kind == "flag" and full}
    for kind in stage.takes:
        if full or kind in {NoneType, Score}:
            yield Request(
                stage.name,
                _made_up(kind),
                flags,
                Context(
                    count=1,
                    shelf=presets.data,
                    weights=presets.weights,
                    report=full and stage.draws,
                ),
            )


def _made_up(kind: type) -> Material | None:
    """Make a little of a kind of material: noise at -20 dBFS, one held note, or nothing."""
    noise = np.random.default_rng(0).normal(0.0, 0.1, (2, _SECONDS * _RATE)).astype(np.float32)
    audio = Audio(noise, _RATE)
    made: dict[type, Material] = {
        Audio: audio,
        Score: Score((Track("guide", (Note(60.0, 0.0, 1.0),)),)),
        Session: Session((Stem("one", audio), Stem("two", audio))),
    }
    return made.get(kind)
