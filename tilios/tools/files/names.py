"""Names of files and folders: those that systems leave behind them."""

import re

from tilios.core.shelves.names import beside, checked, sort_key, split

__all__ = ["beside", "checked", "is_of_a_system", "sort_key", "split"]

#: What systems leave behind them in folders they visit.
SYSTEM = re.compile(r"\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|\.directory", re.IGNORECASE | re.DOTALL)


def is_of_a_system(name: str) -> bool:
    """Whether macOS, Windows or a desktop left it there for itself."""
    return SYSTEM.fullmatch(name) is not None
