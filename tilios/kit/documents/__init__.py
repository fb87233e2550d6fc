"""What documents say: their text, and what stands for them on a page. Pure Python and a few programs.

All but `kinds`, `problems`, `cleaning` and the encodings of `texts` reads bytes that nobody has checked, with parsers
that have faults like all parsers: it runs in the jail (`jailed.py`, `tilios.kit.jail`), never in the server.
"""
