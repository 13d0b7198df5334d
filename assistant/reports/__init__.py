"""What every report shares: the frame of a page, its look, words for numbers, drawn lines.

A report is one page of HTML that stands alone, in light and dark, and the same wherever and
whenever it is made. What it tells belongs to those who make it.
"""
