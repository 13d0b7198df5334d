"""How the report of a take looks, beyond what all reports share."""

from __future__ import annotations

from assistant.reports import style

__all__ = ["STYLE"]

STYLE = (
    style.STYLE
    + """
:root{--lane:#fff;--bar:#b9c1ce;--block:#2bb38f;--edge:#63bfa6;--aloneblock:#d9962f;--mark:#fff3d6}
@media (prefers-color-scheme:dark){:root{--lane:#1b222d;--bar:#4b586b;--block:#2ba584;
--edge:#2d7f69;--aloneblock:#b98022;--mark:#3a3016}}
.lane{fill:var(--lane)}.lane.sharp{fill:var(--shade)}
.bar{stroke:var(--bar)}
.block{fill:var(--block);stroke:var(--edge)}
rect.alone{fill:url(#hatch);stroke:var(--warn);stroke-dasharray:4 3}
svg .name{font-weight:600;fill:var(--ink)}
svg .reason{fill:var(--warn)}
a.note:hover rect,a.note:focus rect{stroke-width:2.5}
td.alone{color:var(--warn);text-align:left}
tr:target,tr:target th{background:var(--mark)}
"""
)
