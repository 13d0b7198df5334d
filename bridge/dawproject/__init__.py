"""DAWproject files: what DAWs hand to each other; a ZIP of ``project.xml``, its metadata and sound.

`reading` makes scores and stems of one, `writing` makes one of scores, stems and moves.
"""
