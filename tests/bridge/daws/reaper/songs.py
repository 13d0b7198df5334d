"""What is in the session and what bandmate says of it, for tests of the script."""

from typing import Any

from tests.bridge.daws.reaper.conftest import Script
from tests.bridge.daws.reaper.things import TICKS, Item, Source, Take


def note(pitch: int, start: float, length: float = 1.0, track: str = "chords") -> dict[str, Any]:
    return {"track": track, "pitch": pitch, "start": start, "length": length, "velocity": 90}


def suggestion(n: int = 1, **more: Any) -> dict[str, Any]:
    return {"n": n, "title": f"Way {n}", "why": "Because it was heard.", "file": "", **more}


def answer(*suggestions: dict[str, Any]) -> dict[str, Any]:
    return {"job": "ask-7", "stage": "x", "suggestions": list(suggestions)}


def move(target: str, parameter: str, value: float, **more: Any) -> dict[str, Any]:
    return {"target": target, "parameter": parameter, "value": value, "mode": "set", **more}


CHORDS = answer(
    suggestion(1, notes=[note(60, 0.0), note(64, 4.0, 4.0)]),
    suggestion(2, notes=[note(57, 0.0), note(45, 0.5, track="bass")]),
)


def recording(script: Script, name: str = "take.wav", **values: float) -> Item:
    """Put a recording of 10 s into the session and select it."""
    path = script.folder / name
    path.write_bytes(b"RIFF")
    take = Take(Source(str(path)))
    take.values.update(values)
    item = Item(4.0, 10.0, [take])
    script.reaper.track(name, item)
    script.reaper.selected.append(item)
    return item


def clip(script: Script, *notes: tuple[int, float, float], position: float = 8.0) -> Item:
    """Put notes (pitch, start, end in quarters of the song) into the session and select them."""
    take = Take(Source(), is_midi=True, scale=(9, 0x5AD))
    take.notes = [(False, int(a * TICKS), int(b * TICKS), 0, pitch, 80) for pitch, a, b in notes]
    item = Item(position, 4.0, [take])
    script.reaper.track("keys", item)
    script.reaper.selected.append(item)
    return item


def landed(script: Script) -> list[tuple[int, float, float, int]]:
    """Tell what notes are in the newest item: (pitch, start, end in quarters, channel)."""
    take = script.reaper.items[-1].take
    assert take.is_sorted
    return [(p, a / TICKS, b / TICKS, channel) for _, a, b, channel, p, _ in take.notes]
