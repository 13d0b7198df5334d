"""Masters measured and decided upon: where what a sound is meets what is done about it.

`assistant.dsp` measures and works on samples and knows no taste; this floor compares what was
measured with curves, references and targets, decides within limits, and says why. The stage puts
the decisions together.
"""
