"""A controller that shows what it is told and says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.daws.adapter import Said


@dataclass
class Dummy:
    """Remembers what it shows."""

    shown: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def hear(self, said: Said) -> list[Said]:
        """Show it."""
        self.shown[said.address] = said.values
        return []
