"""Carrying out an order: words into material, suggestions into files and words again.

The same code serves the command line (in its own process) and the daemon's workers. What comes
back are *events*, plain dicts that cross a pipe as JSON and are kept in the journal::

    {"progress": [0.4, "measuring"]}
    {"suggestion": {"n": 1, "title": ..., "why": ..., "confidence": ..., "file": path or "",
                    "files": {role: path}, "measured": {name: {"before", "after", "unit"}},
                    "chords": [...], "notes": [...], "moves": [...]}}
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from assistant import contract, engine
from assistant.contract import Context, Progress, Request, Stage, Suggestion
from assistant.errors import MusicianError
from assistant.material import Audio, Material, Note, Score
from bridge import disk, files, places, presets, prints
from bridge.dawproject.exchange import Exchange, exchange
from bridge.names import listed
from bridge.order import Order, cut_seconds
from bridge.scratch import Scratch
from bridge.sound import encoding
from bridge.sound.bext import BextLoudness
from bridge.sound.tags import Tags
from bridge.tools import codec, speech, synth

__all__ = ["Event", "carry_out"]

Event: TypeAlias = dict[str, Any]

_NOTE = tuple(field.name for field in fields(Note))
_READ = 0.03  # of all work: what is done once the material is read
_WRITE = 0.02  # and what is kept for writing: half of what is left for each suggestion
_TELL_SECONDS = 0.02  # more often than this nobody looks

_Made = TypeVar("_Made")


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
    with Scratch(places.cache_folder()) as scratch:
        yield from _now_and_then(_events(order, scratch))


def _now_and_then(events: Iterator[Event]) -> Iterator[Event]:
    """Leave out progress that comes too soon after the last, unless something else is done."""
    told, doing = -math.inf, ""
    for event in events:
        if "progress" in event:
            now, (fraction, does) = time.monotonic(), event["progress"]
            if does == doing and now - told < _TELL_SECONDS and fraction < 1.0:
                continue
            told, doing = now, does
        yield event


def _events(order: Order, scratch: Scratch) -> Iterator[Event]:
    """Tell all that happens, as soon as it does."""
    found, source, begun, kept = engine.stage(order.stage), None, 0.0, 0.0
    yield {"progress": [0.0, "reading"]} if order.path else {"progress": [0.0, "thinking"]}
    if order.path:
        opening = files.reading(
            Path(order.path),
            found.takes,
            scratch.for_work(found.copies),
            order.stage,
            cut_seconds(order.cut),
            Path(order.right) if order.right else None,
            sums=found.sums,
        )
        begun, kept = _READ, _WRITE
        source = yield from _doing(opening, "reading", 0.0, begun)
        _check_room(order, found, source)
    n, reached, doing, share = 0, begun, "", 1.0 - begun - kept
    for title, answer in _answers(_requests(order, found, source, scratch)):
        if isinstance(answer, Progress):
            reached, doing = max(reached, begun + share * answer.fraction), answer.doing
            yield {"progress": [reached, doing]}
            continue
        n, kept = n + 1, kept / 2.0
        work = _written(order, _titled(title, answer), n, source)
        suggestion = yield from _doing(work, "writing", reached, kept)
        reached, begun = reached + kept, begun + kept
        yield {"suggestion": suggestion}
    yield {"progress": [1.0, doing]}


def _check_room(order: Order, found: Stage, source: files.Source) -> None:
    """See before hours of work that its disk takes the sound that is made of sound."""
    if found.copies > 1 and isinstance(source.material, Audio):
        folder = _destination(order)[0]
        there = next(one for one in (folder, *folder.parents) if one.exists())
        disk.check_room(there, encoding.room_for(source.material, source.form))


def _doing(
    work: Generator[float, None, _Made], doing: str, begun: float, share: float
) -> Generator[Event, None, _Made]:
    """Do a piece of work, and tell how far all of it is."""
    telling = contract.telling(work, doing, begun, share)
    while True:
        try:
            progress = next(telling)
        except StopIteration as done:
            made: _Made = done.value
            return made
        yield {"progress": [progress.fraction, progress.doing]}


def _requests(
    order: Order, found: Stage, source: files.Source | None, scratch: Scratch
) -> dict[str, Request]:
    """Put what is asked into requests, one for each preset."""
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
    return {
        title: Request(order.stage, material, settings, context)
        for title, settings in asked.items()
    }


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
        return files.read(Path(path), accepts, scratch, sums=found.sums).material

    ready = {title: dict(settings) for title, settings in asked.items()}
    for settings in ready.values():
        for knob in found.knobs:
            if knob.kind == "material" and settings.get(knob.name):
                settings[knob.name] = read(str(settings[knob.name]), knob.accepts)
    return ready


def _written(
    order: Order, answer: Suggestion, n: int, source: files.Source | None
) -> Generator[float, None, Event]:
    """Write the files of a suggestion and put it into plain words."""
    folder, name = _destination(order)
    form = (source.form if source else files.DEFAULT_FORM).of_depth(answer.bits)
    said = _said(source, answer) if source else {}
    material = {**answer.material, **_exchanged(order, answer, name, source)}
    kept = {role: material.pop(role) for role in tuple(material) if role.startswith(prints.ROLE)}
    made: dict[str, Path] = {}
    for role, one in kept.items():  # first: one that fails leaves no files that nobody is told of
        if isinstance(one, Audio):
            made[role] = yield from prints.keep(one, role.removeprefix(prints.ROLE))
    made |= yield from files.writing(material, folder, f"{name}.{order.stage}", n, form, said)
    named = {role: str(path) for role, path in made.items()}
    return {
        "n": n,
        "title": answer.title,
        "why": answer.why + (_remarks(source) if source else ""),
        "confidence": answer.confidence,
        "file": named.get("main", ""),
        "files": {role: path for role, path in named.items() if role != "main"},
        "measured": {name: asdict(quantity) for name, quantity in answer.measured.items()},
        "chords": [asdict(chord) for chord in answer.chords],
        "notes": list(_notes(answer.material)),
        "moves": [{**asdict(move), "unit": move.unit} for move in answer.moves],
    }


def _exchanged(
    order: Order, answer: Suggestion, name: str, source: files.Source | None
) -> dict[str, Exchange]:
    """Make the DAWproject of a suggestion where one is asked for, and there is anything to play."""
    given, song = (source.material, source.song) if source else (None, None)
    made = exchange(answer, given, song, name) if order.dawproject else None
    return {"dawproject": made} if made else {}


def _remarks(source: files.Source) -> str:
    """Say what was done to the stems of a folder, and which files of it were not taken."""
    left_out = listed(source.left_out)
    results = [f"Results of bandmate left out of the folder: {left_out}."] if left_out else []
    return "".join(f" {remark}" for remark in (*source.remarks, *results))


def _said(source: files.Source, answer: Suggestion) -> dict[str, Tags]:
    """Tell by role what the files of a suggestion say besides their sound."""
    stems = {
        f"stem.{name}": tags.saying(_loudness(answer, f"{name} "))
        for name, tags in source.stem_tags.items()
    }
    return {"main": source.tags.saying(_loudness(answer)), **stems}


def _loudness(answer: Suggestion, of: str = "") -> BextLoudness:
    """Take what was measured of the sound that was made: of all of it, or of a track."""
    found = {one.name: answer.measured.get(of + one.name) for one in fields(BextLoudness)}
    return BextLoudness(**{name: one.after for name, one in found.items() if one is not None})


def _destination(order: Order) -> tuple[Path, str]:
    """Tell the folder and the first part of the names of what is made."""
    if not order.path:
        return Path(order.out) if order.out else places.music_folder(), "bandmate"
    path = Path(os.path.abspath(order.path))  # noqa: PTH100  "." and ".." have no name of their own
    return Path(order.out) if order.out else path.parent, path.stem


def _notes(material: Mapping[str, Material | str]) -> Iterator[Event]:
    """List the notes of a suggestion: those of its ``notes``, else those of its ``main``."""
    score = material.get("notes", material.get("main"))
    if isinstance(score, Score):
        for track in score.tracks:
            for note in track.notes:
                yield {"track": track.name, **{name: getattr(note, name) for name in _NOTE}}
