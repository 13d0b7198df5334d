"""Words on the wire: OSC packets <-> calls and replies; pure.

======================  ==================================================================
`bridge.osc.guard`      is this packet safe to decode?
`bridge.osc.grammar`    how a message is written down
`bridge.osc.table`      every message there is
`bridge.osc.calls`      packets that came in -> what is asked, or why it is not understood
`bridge.osc.replies`    what bandmate says -> packets
`bridge.osc.float32`    what a number meant before it travelled as a float32
`bridge.osc.thin`       the other side's codec, of the standard library alone
`bridge.osc.gather`     replies that a client heard -> the suggestion that was said
======================  ==================================================================

Nothing is imported here, so that `bridge.ask` can use the last three without loading the others.
"""
