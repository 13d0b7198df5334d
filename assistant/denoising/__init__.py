"""Takes cleaned: where what was found in a sound meets what is done about it.

`assistant.dsp` finds faults and mends samples and knows no taste; this floor puts the repairs in
their order, runs only those whose fault was found, decides how far each goes, and says why.
"""
