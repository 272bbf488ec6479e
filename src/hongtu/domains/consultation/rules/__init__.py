"""Decisions of a consultation; plain Python.

`common_property`: the double majority of owners. `steps`: what is missing before a step is done. `table`: who
must sit at the table, who may vote, how a meeting concludes.
"""
