"""Give colours, change them, take them back; key in those given on paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.people.queries import groups_of
from tilios.kit.text import fold
from tilios.tools.colours import devices, queries, rules
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.actions.mixing import mix
from tilios.tools.colours.models import Answer, College, Identity, Origin, Remark, Roll, Round, Session, Voice
from tilios.tools.colours.queries import Whom

CLOSED = _("This session is closed: answers can no longer be given or changed. What you filled in is still here below.")
ELSEWHERE = _(
    "You have answered from another device. Answers are secret here: only the device that gave them can change them."
)
LONGEST_REMARK = 500


@dataclass(frozen=True)
class Given:
    """What somebody answers: a colour by statement (None takes it back), a remark by statement ("" takes it back),
    the name they choose, the college they say they belong to.
    """

    answers: Mapping[int, int | None] = field(default_factory=dict)
    remarks: Mapping[int, str] = field(default_factory=dict)
    pseudonym: str = ""
    college: int | None = None


@transaction.atomic
def answer(*, whom: Whom, session: Session, given: Given) -> Voice:
    """Record what `whom` answers in the round that is open; statements left out keep what they had.

    Publishes "colours.answered" the first time in a round; nothing in a secret session, where the roll alone says that
    they answered. Raises NotAllowed for who is not asked, Conflict once closed or from another device in a secret
    session, Invalid("answers", "pseudonym", "college", "remarks").
    """
    session = queries.lock(session.pk)
    _require_asked(whom, session)
    if not session.is_open:
        raise Conflict(CLOSED)
    round_ = queries.current_round(session)
    voice = _voice_of(whom, session, round_, given)
    is_first = not voice.answers.filter(round=round_).exists()
    _write(session, round_, voice, given, author=None if session.is_secret else whom.person)
    if session.is_secret:
        _sign_roll(whom, round_)
    elif is_first:
        publish("colours.answered", by=whom.person, visitor=whom.visitor, target=session, round=round_.number)
    changed(session)
    return voice


@transaction.atomic
def key_in(
    *,
    by: Person,
    session: Session,
    given: Given,
    name: str = "",
    person: Person | None = None,
    voice: Voice | None = None,
) -> Voice:
    """Record a sheet of paper. `person` is somebody the session asks, `name` anybody else; both may be left out.

    With `voice`, a sheet keyed in before is corrected. Whoever has answered themselves is never overwritten. In a
    secret session the voice bears nothing of this, and `person` is put on the roll. Publishes "colours.keyed_in".

    Raises NotAllowed for who does not run the session, Conflict when closed or already answered, Invalid("person",
    "name", "answers", "college").
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    if not session.is_open:
        raise Conflict(CLOSED)
    round_ = queries.current_round(session)
    if not any(value is not None for value in given.answers.values()):
        raise Invalid("answers", _("Key in at least one answer."))
    if person is not None:
        _require_silent(person, session, round_)
    if voice is None:
        voice = _paper(session, name, person, by)
    elif voice.session_id != session.pk or voice.origin != Origin.KEYED:
        raise Conflict(_("Only a sheet that was keyed in can be corrected here."))
    if given.college is not None:
        voice.college = _college(session, given.college)
        voice.save(update_fields=["college"])
    _write(session, round_, voice, given, author=None)
    if session.is_secret and person is not None:
        _sign_roll(Whom(person=person), round_)
    publish("colours.keyed_in", by=by, target=session, round=round_.number)
    changed(session)
    return voice


@transaction.atomic
def remove_voice(*, by: Person, session: Session, voice: Voice) -> None:
    """Remove a voice that should not be there (a joker, a double). Publishes "colours.voice_removed".

    Raises NotAllowed for who does not run the session or when it is secret, Conflict once it is closed.
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session) and not session.is_secret)
    if not session.is_open:
        raise Conflict(CLOSED)
    Voice.objects.filter(pk=voice.pk, session=session).delete()
    publish("colours.voice_removed", by=by, target=session)
    changed(session)


# Parts --------------------------------------------------------------------------------------------------------------


def _require_asked(whom: Whom, session: Session) -> None:
    if whom.person is not None:
        listed = queries.is_listed(whom.person, session)
        require(may(whom.person, "colours.answer") and rules.is_entitled(whom.person, session, listed=listed))
    elif whom.invited is not None:
        require(whom.invited.session_id == session.pk)
    else:
        require(whom.visitor is not None and session.guests, _("This session takes no answers from guests."))


def find_voice(session: Session, whom: Whom) -> Voice | None:
    """The voice of `whom`, or None: by name, or in a secret session by what their device keeps."""
    if session.is_secret:
        key = devices.key_of(session, whom)
        return session.voices.filter(key=key).first() if key else None
    return session.voices.filter(**whom.filters()).first()


def _voice_of(whom: Whom, session: Session, round_: Round, given: Given) -> Voice:
    """The voice of `whom`, made when there is none."""
    voice = find_voice(session, whom)
    if session.is_secret:
        if voice is None:
            if queries.on_roll(whom, round_):
                raise Conflict(ELSEWHERE)
            if not whom.device:
                raise Invalid("answers", _("Allow cookies for this page: they are what makes your answer yours."))
            voice = Voice(session=session, key=devices.key_of(session, whom))
    elif voice is None:
        voice = Voice(session=session, **whom.filters())
    before = _state(voice)
    if not session.is_secret:
        voice.acted_by = whom.person.acted_by if whom.person else None
    _name(voice, session, whom, given.pseudonym)
    _place(voice, session, whom, given.college)
    if _state(voice) == before and not voice._state.adding:
        return voice
    try:
        with transaction.atomic():
            voice.save()
    except IntegrityError as error:  # somebody has just taken this pseudonym
        raise Invalid("pseudonym", _("Somebody has already taken this pseudonym: choose another.")) from error
    if session.is_secret:
        mix(Voice.objects.filter(session=session), [voice.pk])
    return voice


def _state(voice: Voice) -> tuple[object, ...]:
    return voice.name, voice.college_id, voice.acted_by_id


def _name(voice: Voice, session: Session, whom: Whom, pseudonym: str) -> None:
    if session.identity == Identity.PSEUDONYM:
        pseudonym = " ".join(pseudonym.replace("\0", "").split())[:60]
        if pseudonym:
            voice.name, voice.name_key = pseudonym, fold(pseudonym)
        if not voice.name_key:
            raise Invalid("pseudonym", _("Choose the pseudonym under which you answer."))
    elif session.identity == Identity.NAMED and whom.visitor is not None:
        voice.name = whom.visitor.name


def _place(voice: Voice, session: Session, whom: Whom, chosen: int | None) -> None:
    """The college of the voice: given by a group or an invitation, else the one they say."""
    if whom.invited is not None and whom.invited.college_id:
        voice.college_id = whom.invited.college_id
        return
    colleges = queries.colleges_of(session)
    if whom.person is not None:
        mine = groups_of(whom.person)
        own = next((college for college in colleges if college.group_id in mine), None)
        if own is not None:
            voice.college = own
            return
    if chosen is not None:
        college = next((one for one in colleges if one.pk == chosen), None)
        # SECURITY: nobody gives their own voice more weight by a field of the form.
        if college is None or not rules.may_choose_college(college):
            raise Invalid("college", _("Choose one of the groups offered."))
        voice.college = college


def _college(session: Session, number: int) -> College:
    found = session.colleges.filter(pk=number).first()
    if found is None:
        raise Invalid("college", _("Choose one of the groups offered."))
    return found


def _paper(session: Session, name: str, person: Person | None, by: Person) -> Voice:
    """A new voice for a sheet of paper."""
    if session.is_secret:
        voice = Voice.objects.create(session=session, origin=Origin.KEYED)
        mix(Voice.objects.filter(session=session), [voice.pk])
        return voice
    name = " ".join(name.replace("\0", "").split())[:120]
    if name and session.voices.filter(name_key=fold(name)).exists():
        raise Conflict(_("There is already a sheet under the name %(name)s.") % {"name": name})
    keyed_by = by.acted_by or by
    own = {} if session.identity == Identity.PSEUDONYM else {"person": person}
    return Voice.objects.create(
        session=session, origin=Origin.KEYED, keyed_by=keyed_by, name=name, name_key=fold(name), **own
    )


def _require_silent(person: Person, session: Session, round_: Round) -> None:
    if not queries.entitled_people(session).filter(pk=person.pk).exists():
        raise Invalid("person", _("This session does not ask this person."))
    whom = Whom(person=person)
    answered = queries.on_roll(whom, round_) if session.is_secret else session.voices.filter(person=person).exists()
    if answered:
        raise Conflict(_("%(name)s has already answered.") % {"name": person.display_name})


def _write(session: Session, round_: Round, voice: Voice, given: Given, *, author: Person | None) -> None:
    """Check and store the answers and remarks of a voice of a locked session."""
    known = set(session.statements.values_list("pk", flat=True))
    allowed = set(session.levels.answers)
    if not (set(given.answers) | set(given.remarks)) <= known:
        raise Invalid("answers", _("One of these statements is no longer part of the session: load the page again."))
    if any(value is not None and value not in allowed for value in given.answers.values()):
        raise Invalid("answers", _("One of these answers is not on the scale of this session."))
    kept = {statement: value for statement, value in given.answers.items() if value is not None}
    gone = [statement for statement, value in given.answers.items() if value is None]
    before = {one.statement_id: one for one in Answer.objects.filter(round=round_, voice=voice)}
    for statement in gone:
        if statement in before:
            before[statement].delete()
    for statement, value in kept.items():
        row = before.get(statement)
        if row is not None and row.value != value:
            row.value = value
            row.save(update_fields=["value"])
    fresh = Answer.objects.bulk_create(
        Answer(round=round_, statement_id=statement, voice=voice, value=value)
        for statement, value in kept.items()
        if statement not in before
    )
    if session.is_secret:
        touched = [one.pk for one in fresh] + [before[one].pk for one in kept if one in before]
        if touched:
            mix(Answer.objects.filter(round=round_, statement__in=list(kept)), touched)
    _write_remarks(session, round_, voice, given, gone, author)


def _write_remarks(
    session: Session, round_: Round, voice: Voice, given: Given, gone: list[int], author: Person | None
) -> None:
    if not session.remarks:
        return
    texts = {statement: " ".join(text.replace("\0", "").split()) for statement, text in given.remarks.items()}
    if any(len(text) > LONGEST_REMARK for text in texts.values()):
        raise Invalid("remarks", _("A remark has at most %d letters.") % LONGEST_REMARK)
    empty = [statement for statement, text in texts.items() if not text] + gone
    mine = Remark.objects.filter(round=round_, voice=voice)
    mine.filter(statement__in=empty).delete()
    before = {one.statement_id: one for one in mine}
    numbers = []
    for statement, text in texts.items():
        if not text or statement in gone:
            continue
        row = before.get(statement) or Remark(round=round_, statement_id=statement, voice=voice, author=author)
        if row.text != text:
            row.text, row.discussed = text, False
            row.save()
            numbers.append(row.pk)
    if session.is_secret and numbers:
        mix(Remark.objects.filter(round=round_), numbers)


def _sign_roll(whom: Whom, round_: Round) -> None:
    row, made = Roll.objects.get_or_create(round=round_, **whom.filters())
    if made:
        mix(Roll.objects.filter(round=round_), [row.pk])
