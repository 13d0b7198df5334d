"""The guitar: shapes, tunings, capo, and the right hand."""
