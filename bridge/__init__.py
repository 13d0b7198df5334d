"""The cables: all input and output, no music."""
