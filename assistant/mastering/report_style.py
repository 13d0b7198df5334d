"""How the report of a master looks, beyond what all reports share."""

from __future__ import annotations

from assistant.reports import style

__all__ = ["STYLE"]

STYLE = (
    style.STYLE
    + """
:root{--aim:#0f8a68;--band:#2bb38f;--taken:#d9762f}
@media (prefers-color-scheme:dark){:root{--aim:#4fd1ab;--band:#2ba584;--taken:#e08a45}}
.ground{fill:var(--card)}
.aim{fill:none;stroke:var(--aim);stroke-width:1.6;stroke-dasharray:6 4}
.band{fill:var(--band);fill-opacity:.16}
.taken{fill:var(--taken);fill-opacity:.75;stroke:var(--taken);stroke-width:.8}
.zero{stroke:var(--before)}
tbody th{text-align:left}
td.s{min-width:11rem;color:var(--soft)}
ol.moves{margin:.4rem 0;padding-left:1.6rem;max-width:70ch}
ol.moves li{margin:.25rem 0;overflow-wrap:anywhere}
"""
)
