"""Counting methods: pure functions of ballots, whose results carry the steps that led to them.

A ballot is a mapping of options (whole numbers) to what it says of them, with a weight of at least 1 that stands for so
many equal ballots. No method ever uses the order in which options or ballots come: what is level is told level.
"""
