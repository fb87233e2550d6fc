"""Have the C library give memory back: by default it keeps a heap for each thread that ever served a page."""

import ctypes
import platform

M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8  # mallopt(3)
HEAPS = 2
GIVE_BACK_FROM = 1_000_000  # bytes


def be_sparing() -> bool:
    """To be called before threads start; whether the C library could be told (glibc only)."""
    if platform.libc_ver()[0] != "glibc":
        return False
    library = ctypes.CDLL(None)
    return bool(library.mallopt(M_ARENA_MAX, HEAPS) and library.mallopt(M_TRIM_THRESHOLD, GIVE_BACK_FROM))
