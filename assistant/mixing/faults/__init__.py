"""What can be wrong in a mix: one module for what is found by one kind of evidence.

Each finder takes the tracks of a session, yields the share that is done where that takes time, and
returns `assistant.mixing.fault.Fault`; none knows the others.
"""
