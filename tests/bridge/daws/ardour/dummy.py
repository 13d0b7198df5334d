"""A scripted Ardour: strips that answer, and tell what changed, as the real one was heard to."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.daws.adapter import Said, Value


@dataclass
class Strip:
    """A strip; pan is 1 at the left, as Ardour's OSC has it."""

    name: str
    kind: str = "AT"
    gain: float = 0.0
    pan_stereo_position: float = 0.5
    mute: float = 0.0


@dataclass
class Dummy:
    """Ardour with two tracks and a bus. Until feedback is asked for it tells no changes."""

    feedback: int = 0
    master: Strip = field(default_factory=lambda: Strip("Master", "MA"))
    strips: list[Strip] = field(
        default_factory=lambda: [
            Strip("Vocal", gain=-3.0, pan_stereo_position=0.75),
            Strip("Keys", "MT"),
            Strip("Reverb", "B"),
        ]
    )

    def hear(self, said: Said) -> list[Said]:
        """Do what was said; what is unknown has no answer."""
        room, _, word = said.address.removeprefix("/").partition("/")
        if said.address == "/set_surface/feedback":
            self.feedback = int(str(said.values[0]))
            return self._all()
        if said.address == "/strip/list":
            return [*self._listed(), *self._all()]
        if room == "master" and len(said.values) == 1:
            return self._set(self.master, 0, word, said.values[0])
        if room == "strip" and len(said.values) == 2:
            index = int(str(said.values[0]))
            known = 1 <= index <= len(self.strips)
            return self._set(self.strips[index - 1], index, word, said.values[1]) if known else []
        return []

    def _listed(self) -> list[Said]:
        rows = [
            Said("#reply", (strip.kind, strip.name, 1, 2, int(strip.mute), 0, index, 0))
            for index, strip in enumerate(self.strips, 1)
        ]
        return [*rows, Said("#reply", ("end_route_list", 48000, 0, 0))]

    def _all(self) -> list[Said]:
        if not self.feedback:
            return []
        told = [one for index, strip in enumerate(self.strips, 1) for one in _told(strip, index)]
        return [*told, *_told(self.master, 0)]

    def _set(self, strip: Strip, index: int, word: str, value: Value) -> list[Said]:
        if word not in {"gain", "pan_stereo_position", "mute"} or not isinstance(
            value, int | float
        ):
            return []
        setattr(strip, word, min(6.0377, float(value)) if word == "gain" else float(value))
        return [_value(strip, index, word)] if self.feedback else []


def _told(strip: Strip, index: int) -> list[Said]:
    words = ("name", "select", "mute", "gain", "trimdB", "pan_type", "pan_stereo_position")
    return [_value(strip, index, word) for word in words]


def _value(strip: Strip, index: int, word: str) -> Said:
    others: dict[str, Value] = {"select": 0.0, "trimdB": 0.0, "pan_type": "panner_1in2out"}
    value = others[word] if word in others else getattr(strip, word)
    return Said(f"/strip/{word}", (index, value)) if index else Said(f"/master/{word}", (value,))
