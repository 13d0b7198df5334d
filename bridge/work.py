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
from dataclasses import asdict, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from assistant import engine
from assistant.contract import Context, Progress, Request, Stage, Suggestion
from assistant.errors import MusicianError
from assistant.material import Material, Note, Score
from bridge import files, places, presets
from bridge.order import Order
from bridge.scratch import Scratch
from bridge.sound.bext import BextLoudness
from bridge.sound.tags import Tags
from bridge.tools import codec, speech, synth

__all__ = ["Event", "carry_out"]

Event: TypeAlias = dict[str, Any]

_NOTE = tuple(field.name for field in fields(Note))


def carry_out(order: Order) -> Iterator[Event]:
    """Read the material, ask the stage, and write what it suggests.

    Where several presets are asked for, the stage is asked once for each, on the same material.

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
        context = Context(
            order.seed,
            order.count,
            presets.data,
            scratch,
            synth.find(),
            presets.weights,
            speech.find(),
            order.report,
            codec.find(),
        )
        material = source.material if source else None
        asked = _with_materials(found, order.presets or {"": order.settings}, scratch)
        requests = {
            title: Request(order.stage, material, settings, context)
            for title, settings in asked.items()
        }
        n = 0
        for title, answer in _answers(requests):
            if isinstance(answer, Progress):
                yield {"progress": [answer.fraction, answer.doing]}
            else:
                n += 1
                yield {"suggestion": _written(order, _titled(title, answer), n, source)}


def _answers(requests: Mapping[str, Request]) -> Iterator[tuple[str, Progress | Suggestion]]:
    """Carry out one request after the other; what one of several cannot do keeps none from it."""
    failed: list[MusicianError] = []
    told: list[str] = []
    for done, (title, request) in enumerate(requests.items()):
        try:
            for answer in engine.run(request):
                if isinstance(answer, Progress):
                    fraction = (done + answer.fraction) / len(requests)
                    doing = f"{title}: {answer.doing}" if title else answer.doing
                    yield title, Progress(fraction, doing)
                else:
                    yield title, answer
        except MusicianError as error:
            if not title:
                raise
            failed.append(error)
            told.append(f"{title}: {error}")
    if failed:
        whole = MusicianError(" ".join(told))
        whole.code = failed[0].code
        raise whole


def _titled(title: str, answer: Suggestion) -> Suggestion:
    return replace(answer, title=f"{title}: {answer.title}") if title else answer


def _with_materials(
    found: Stage, asked: Mapping[str, Mapping[str, object]], scratch: Scratch
) -> dict[str, dict[str, object]]:
    """Turn the settings that are files into material, each file read once."""

    @cache
    def read(path: str, accepts: tuple[type, ...]) -> Material:
        return files.read(Path(path), accepts, scratch).material

    ready = {title: dict(settings) for title, settings in asked.items()}
    for settings in ready.values():
        for knob in found.knobs:
            if knob.kind == "material" and settings.get(knob.name):
                settings[knob.name] = read(str(settings[knob.name]), knob.accepts)
    return ready


def _written(order: Order, answer: Suggestion, n: int, source: files.Source | None) -> Event:
    """Write the files of a suggestion and put it into plain words."""
    folder, name = _destination(order)
    form = (source.form if source else files.DEFAULT_FORM).of_depth(answer.bits)
    said = _said(source, answer) if source else {}
    made = files.write_all(answer.material, folder, f"{name}.{order.stage}", n, form, said)
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


def _said(source: files.Source, answer: Suggestion) -> dict[str, Tags]:
    """Tell by role what the files of a suggestion say besides their sound."""
    unknown = BextLoudness()
    stems = {f"stem.{name}": tags.saying(unknown) for name, tags in source.stem_tags.items()}
    return {"main": source.tags.saying(_loudness(answer)), **stems}


def _loudness(answer: Suggestion) -> BextLoudness:
    """Take what was measured of the sound that was made."""
    names = [one.name for one in fields(BextLoudness) if one.name in answer.measured]
    return BextLoudness(**{name: answer.measured[name].after for name in names})


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
