"""Carrying out an order: words into material, suggestions into files and words again.

The same code serves the command line (in its own process) and the daemon's workers. What comes
back are *events*, plain dicts that cross a pipe as JSON and are kept in the journal::

    {"progress": [0.4, "measuring"]}
    {"suggestion": {"n": 1, "title": ..., "why": ..., "confidence": ..., "file": path or "",
                    "files": {role: path}, "measured": {name: {"before", "after", "unit"}},
                    "chords": [...], "notes": [...], "moves": [...]}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeAlias

from assistant import engine
from assistant.contract import Context, Progress, Request, Stage, Suggestion
from assistant.material import Material, Note, Score
from bridge import files, places, presets
from bridge.order import Order
from bridge.scratch import Scratch
from bridge.tools import speech, synth

__all__ = ["Event", "carry_out"]

Event: TypeAlias = dict[str, Any]

_NOTE = tuple(field.name for field in fields(Note))


def carry_out(order: Order) -> Iterator[Event]:
    """Read the material, ask the stage, and write what it suggests.

    Parameters
    ----------
    order : Order
        What is asked.

    Yields
    ------
    Event
        Progress and suggestions; the files of a suggestion are written before it is yielded.

    Raises
    ------
    MusicianError
        Where something is not as it should be.
    """
    found = engine.stage(order.stage)
    with Scratch(places.cache_folder()) as scratch:
        yield {"progress": [0.0, "reading"]} if order.path else {"progress": [0.0, "thinking"]}
        source = files.read(Path(order.path), found.takes, scratch) if order.path else None
        settings = _with_materials(found, order.settings, scratch)
        context = Context(
            order.seed,
            order.count,
            presets.data,
            scratch,
            synth.find(),
            presets.weights,
            speech.find(),
            order.report,
        )
        material = source.material if source else None
        request = Request(order.stage, material, settings, context)
        form = source.form if source else files.DEFAULT_FORM
        n = 0
        for answer in engine.run(request):
            if isinstance(answer, Progress):
                yield {"progress": [answer.fraction, answer.doing]}
            else:
                n += 1
                yield {"suggestion": _written(order, answer, n, form)}


def _with_materials(
    found: Stage, settings: Mapping[str, object], scratch: Scratch
) -> dict[str, object]:
    """Turn the settings that are files into material."""
    ready = dict(settings)
    for knob in found.knobs:
        if knob.kind == "material" and settings.get(knob.name):
            path = Path(str(settings[knob.name]))
            ready[knob.name] = files.read(path, knob.accepts, scratch).material
    return ready


def _written(order: Order, answer: Suggestion, n: int, form: files.Form) -> Event:
    """Write the files of a suggestion and put it into plain words."""
    folder, name = _destination(order)
    made = files.write_all(answer.material, folder, f"{name}.{order.stage}", n, form)
    named = {role: str(path) for role, path in made.items()}
    return {
        "n": n,
        "title": answer.title,
        "why": answer.why,
        "confidence": answer.confidence,
        "file": named.get("main", ""),
        "files": {role: path for role, path in named.items() if role != "main"},
        "measured": {name: asdict(quantity) for name, quantity in answer.measured.items()},
        "chords": [asdict(chord) for chord in answer.chords],
        "notes": list(_notes(answer.material)),
        "moves": [{**asdict(move), "unit": move.unit} for move in answer.moves],
    }


def _destination(order: Order) -> tuple[Path, str]:
    """Tell the folder and the first part of the names of what is made."""
    beside = Path(order.path).parent if order.path else places.music_folder()
    folder = Path(order.out) if order.out else beside
    return folder, Path(order.path).stem if order.path else "bandmate"


def _notes(material: Mapping[str, Material | str]) -> Iterator[Event]:
    """List the notes of a suggestion: those of its ``notes``, else those of its ``main``."""
    score = material.get("notes", material.get("main"))
    if isinstance(score, Score):
        for track in score.tracks:
            for note in track.notes:
                yield {"track": track.name, **{name: getattr(note, name) for name in _NOTE}}
