"""Pages that follow what happens: a stream says "changed", the page asks again for what it shows.

    live.announce("polls.poll", poll.pk)                       in an action, after a write
    <div data-live="{% live_stream "polls.poll" poll.pk %}">   in a page
    hx-trigger="live:changed from:body, every 20s"             on what is to be asked for again

The stream carries no data, ever: what changed is fetched through the view and its guard. A page without JavaScript
asks again by itself (`<meta http-equiv="refresh">`).
"""

from tilios.core.live.announcing import announce
from tilios.core.live.hub import hub

__all__ = ["announce", "hub"]
