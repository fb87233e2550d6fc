"""What other processes say, on PostgreSQL: LISTEN, for as long as somebody wants to hear."""

import logging
import threading
from collections.abc import Callable

from django.db import connections
from django.db.utils import DatabaseError

logger = logging.getLogger("tilios.live")
AGAIN_AFTER_S = 2
LOOK_UP_EVERY_S = 1


def listen(
    channel: str, *, heard: Callable[[str], object], missed: Callable[[], object], closed: Callable[[], bool]
) -> None:
    """Call `heard` with each notice of `channel` until `closed`; blocks, so give it a thread of its own.

    The database may go and come back: `missed` is called each time listening begins, for what was said meanwhile.
    """
    while not closed():
        ours = connections["default"].copy()
        try:
            with ours.cursor() as cursor:
                cursor.execute(f"LISTEN {channel}")
            missed()
            while not closed():
                for notice in ours.connection.notifies(timeout=LOOK_UP_EVERY_S):
                    heard(notice.payload)
        except DatabaseError:
            logger.warning("the database did not answer; listening again")
        except Exception:
            logger.exception("listening again")
        finally:
            ours.close()
        if not closed():
            threading.Event().wait(AGAIN_AFTER_S)
