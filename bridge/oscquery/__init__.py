"""The address space in the words of OSCQuery, so that other programs can find their way in it."""
