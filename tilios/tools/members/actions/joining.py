"""Asking to join: kept unseen until the address is confirmed, withdrawn, forgotten."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.holders import holders
from tilios.core.access.links import link
from tilios.core.errors import Conflict
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.tools.members import joining_letters as letters
from tilios.tools.members.actions.accepting import accept_at_once, lock_application
from tilios.tools.members.actions.waiting import follow_waiting, note_application
from tilios.tools.members.models import Applicant, Application, ApplicationState, JoinForm, JoinMode
from tilios.tools.members.queries.joining import member_at

SALT = "tilios.members.application"
SENT_SALT = "tilios.members.application-sent"  # of the page that says to look in the mail: it confirms nothing
CONFIRM_WITHIN = timedelta(hours=48)
SEEN_WITHIN = timedelta(days=90)  # the page of the letter: how it stands, how to pay, withdrawing it
KEPT_UNCONFIRMED = timedelta(days=7)
#: Applications of one form that nobody has confirmed; beyond, visitors are asked to come back later.
MOST_UNCONFIRMED = 500


@transaction.atomic
def apply_to_join(*, form: JoinForm, people: Sequence[Mapping[str, Any]], **said: Any) -> Application:
    """Keep what somebody asks for themselves and their family, unseen, and write to them to confirm their address.

    `people` are the fields of Applicant, the one who asks first; `said` those of Application. The answer is the same
    whether or not the address is a member's: the letter alone differs. Publishes "members.applied"; raises Conflict for
    a form that is closed, or too many that nobody confirms.
    """
    if not form.takes_applications:
        raise Conflict(_("This form is closed."))
    if form.applications.filter(state=ApplicationState.SENT).count() >= MOST_UNCONFIRMED:
        raise Conflict(_("Many people ask at the moment: please come back in a few days."))
    application = Application.objects.create(
        form=form,
        consent_text=form.consent_text,
        consent_version=form.consent_version,
        statutes=statutes_of(form),
        language=get_language() or "",
        **said,
    )
    for order, one in enumerate(people):
        Applicant.objects.create(application=application, order=order, **one)
    publish("members.applied", target=form)
    _write(application)
    return application


def statutes_of(form: JoinForm) -> str:
    """Which statutes are accepted: their address, or the name of the file and the SHA-256 of its bytes; "" for none."""
    if form.statutes_file is not None:
        return f"{form.statutes_name[:200]} sha256:{form.statutes_file.sha256}"
    return form.statutes_url


def _write(application: Application) -> None:
    # SECURITY: who is a member is said to the address itself, and nowhere else.
    if member_at(application.email):
        letters.say_already_member(application)
    else:
        letters.ask_confirmation(application, confirm_path(application))


def confirm_path(application: Application) -> str:
    return link("members:join_confirm", application.form.slug, token_of(application, SALT))


def token_of(application: Application, salt: str) -> str:
    return signing.dumps(application.pk, salt=salt).replace(":", "~")


def application_of(form: JoinForm, token: str, salt: str = SALT) -> Application | None:
    """The application of a letter; None for a wrong token, or one too old for how far the application is."""
    try:
        pk = signing.loads(token.replace("~", ":"), salt=salt, max_age=SEEN_WITHIN)
        found = Application.objects.select_related("form", "record__person").filter(pk=pk, form=form).first()
        if found is not None and found.state == ApplicationState.SENT:
            signing.loads(token.replace("~", ":"), salt=salt, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return found


@transaction.atomic
def send_again(*, application: Application) -> None:
    """Write the letter once more. Raises Conflict the second time, or when it was confirmed meanwhile."""
    held = lock_application(application)
    if held.state != ApplicationState.SENT or held.sent_again_at:
        raise Conflict(_("The letter was sent again already."))
    held.sent_again_at = timezone.now()
    held.save(update_fields=["sent_again_at"])
    _write(held)


@transaction.atomic
def confirm(*, application: Application) -> Application:
    """The address is theirs: make them members at once where the form says so and nobody is alike in the register;
    otherwise tell those who keep it. Nothing for one that is confirmed.

    Publishes "members.application_confirmed"; raises Conflict when the address is a member's by now.
    """
    held = lock_application(application)
    if held.state != ApplicationState.SENT:
        return held
    if member_at(held.email):
        raise Conflict(_("This application cannot be confirmed any more: ask for a new letter."))
    held.state, held.confirmed_at = ApplicationState.WAITING, timezone.now()
    held.save(update_fields=["state", "confirmed_at"])
    note_application(held)
    publish("members.application_confirmed", target=held)
    done = held.form.mode == JoinMode.AT_ONCE and accept_at_once(held)
    if not done:
        letters.say_waiting(held, confirm_path(held))
    _tell_keepers(held)
    return held


def _tell_keepers(held: Application) -> None:
    name, joined = str(held.applicants.first()), held.state == ApplicationState.ACCEPTED
    notify(
        "members.applied",
        to=holders("members.register"),
        target=held,
        text=lambda: (gettext("%(name)s has joined") if joined else gettext("%(name)s asks to join")) % {"name": name},
    )


@transaction.atomic
def withdraw(*, application: Application) -> None:
    """They do not wish to join any more. Publishes "members.application_withdrawn"; raises Conflict once answered."""
    held = lock_application(application)
    if held.state == ApplicationState.WITHDRAWN:
        return
    if held.state not in (ApplicationState.SENT, ApplicationState.WAITING):
        raise Conflict(_("This application has been answered already."))
    held.state, held.decided_at = ApplicationState.WITHDRAWN, timezone.now()
    held.save(update_fields=["state", "decided_at"])
    note_application(held)
    publish("members.application_withdrawn", target=held)


def forget_old() -> int:
    """Periodic: erase what was never confirmed, and what was refused or withdrawn when its form says so. How many."""
    follow_waiting()  # what is erased has left its days to the figures
    now, count = timezone.now(), 0
    rows = [Application.objects.filter(state=ApplicationState.SENT, agreed_at__lt=now - KEPT_UNCONFIRMED)]
    for form in JoinForm.objects.all():
        over = (ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
        limit = now - timedelta(days=form.kept_days)
        rows.append(Application.objects.filter(form=form, state__in=over, decided_at__lt=limit))
    for found in rows:
        count += found.count()
        found.delete()
    return count
