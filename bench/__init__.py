"""Comparisons with peers: `make bench`, or `.venv/bin/python -m bench NAME…`.

Each comparison runs its contenders in turn, several rounds, in one run on one machine, and gives medians and ratios:
figures of two different runs are never compared.
"""
