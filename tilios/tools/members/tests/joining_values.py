"""Forms to join by and applications, for the tests of joining online and the contract suite."""

from typing import Any

from django.utils import timezone

from tilios.tools.members.models import Applicant, Application, ApplicationState, DuesKind, JoinForm, Rate


def join_form(slug: str = "adherer", *, kind: DuesKind | None = None, **said: Any) -> JoinForm:
    """A form that offers one kind of dues, with one rate of 20 euros unless it has some."""
    form = JoinForm.objects.create(**{"title": "Adhérer", "slug": slug, "means": ["transfer"]} | said)
    form.kinds.set([kind or new_kind(slug)])
    return form


def new_kind(name: str) -> DuesKind:
    kind = DuesKind.objects.create(name=f"Adhésion {name}", span="months", months=12)
    Rate.objects.create(kind=kind, name="Plein tarif", amount_cents=2000)
    return kind


def application(form: JoinForm, *, people: int = 1, **said: Any) -> Application:
    """Somebody whose address is confirmed, who waits, with their family."""
    now = timezone.now()
    values = {"email": "ada@example.org", "state": ApplicationState.WAITING, "confirmed_at": now, "means": "transfer"}
    made = Application.objects.create(form=form, **values | said)
    rate = Rate.objects.filter(kind__in=form.kinds.all()).first()
    assert rate is not None
    for order, name in enumerate(("Ada", "Lou", "Jo")[:people]):
        Applicant.objects.create(
            application=made, order=order, given_name=name, family_name="Kerlouan", rate=rate,
            amount_cents=rate.amount_cents, said={"postcode": "29890", "town": "Brignogan"},
        )  # fmt: skip
    return made


def objects() -> dict[str, Any]:
    form = join_form()
    return {
        "form_pk": form.pk,
        "remove_join_form:form_pk": join_form("autre").pk,
        "application_pk": application(form).pk,
        "refuse_application:application_pk": application(form, email="lou@example.org").pk,
    }


def fill(n: int) -> dict[str, Any]:
    """`n` applications by a form of the structure, of two people each, with `n` forms beside."""
    form = JoinForm.objects.filter(slug="adherer").first() or join_form()
    made = [application(form, people=2, email=f"ada{number}@example.org") for number in range(n)]
    for number in range(n):
        join_form(f"autre-{n}-{number}", kind=form.kinds.get())
    return {"form_pk": form.pk, "application_pk": made[0].pk}
