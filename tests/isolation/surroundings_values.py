"""Things of what surrounds the tools, for the isolation matrix: said, shared and told about a poll."""

from typing import Any

from allauth.usersessions.models import UserSession

from tests.harness.push import Browser
from tilios.core.access import sharing
from tilios.core.conversations.actions import comment
from tilios.core.notify import devices
from tilios.core.notify.models import Notification
from tilios.core.people.models import Person
from tilios.tools.polls.models import Poll
from tilios.tools.polls.tests import contract

COMMENTS = ("comment_change", "comment_remove", "comment_react")
LINKS = ("share_change", "share_poster", "share_revoke")
ON_A_THING = ("conversation", "comment_names", "share_links", *LINKS)


def objects(by: Person) -> dict[str, Any]:
    contract.objects(by)
    poll = Poll.objects.filter(deleted_at=None).order_by("pk").last()
    said = comment(target=poll, by=by, text="Bonjour")
    link = sharing.create_link(by=by, target=poll, mode="vote")
    told = Notification.objects.create(person=by, notice="portal.replied", text="Bonjour", url="/")
    session = UserSession.objects.create(user=by.account, session_key=f"matrix-{by.pk}", ip="127.0.0.1")
    device = devices.register(session=session, **Browser(f"https://push.example.org/{by.pk}").values)
    return {
        "tool": "portal",
        **{f"{route}:kind": "polls.poll" for route in ON_A_THING},
        **{f"{route}:target": poll.pk for route in ON_A_THING},
        **{f"{route}:pk": said.pk for route in COMMENTS},
        **{f"{route}:pk": link.pk for route in LINKS},
        "notice:pk": told.pk,
        "notice_mark:pk": told.pk,
        "push_forget:pk": device.pk,
        "push_trial:pk": device.pk,
    }
