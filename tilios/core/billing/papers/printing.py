"""A paper as PDF: laid out once from what it says, kept, and given again as it is ever after."""

import io
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.billing.models import Means, Paper, PaperKind
from tilios.core.billing.papers import factur_x, giving
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.errors import Damaged
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict
from tilios.core.structures.scope import current_structure
from tilios.ui import pdf

TEMPLATES = {
    PaperKind.INVOICE: "billing/papers/invoice.html",
    PaperKind.CREDIT_NOTE: "billing/papers/invoice.html",
    PaperKind.RECEIPT: "billing/papers/receipt.html",
    PaperKind.TAX_RECEIPT: "billing/papers/tax_receipt.html",
    PaperKind.DEPOSIT: "billing/papers/deposit.html",
}
WITH_DATA = (PaperKind.INVOICE, PaperKind.CREDIT_NOTE)  # that a program reads: Factur-X


def printed(paper: Paper) -> Blob:
    """The PDF of `paper`. The first time it takes about a second, outside any transaction: call it there.

    Invoices and credit notes are Factur-X (a PDF/A-3 that holds its data). Of two who ask at once, both get the one
    that is kept. Raises Conflict where no PDF can be laid out.
    """
    if paper.pdf is not None:
        return paper.pdf
    if not pdf.is_available():
        raise Conflict(_("This server cannot lay out PDF documents: Pango is missing."))
    made = blobs.store(io.BytesIO(laid_out(paper)), media_type="application/pdf", name=f"{paper.reference}.pdf")
    with transaction.atomic():
        held = Paper.objects.select_for_update().get(pk=paper.pk)
        if held.pdf is None:
            held.pdf = blobs.keep(made)
            held.save(update_fields=["pdf"])
    paper.pdf = held.pdf
    return held.pdf


def laid_out(paper: Paper) -> bytes:
    """The bytes of the PDF, in the language of the structure."""
    kind = PaperKind(paper.kind)
    with override(current_structure().language):
        pictures = {name: found for name in ("logo", "signature") if (found := _picture(getattr(paper, name)))}
        context = {"paper": paper, "content": paper.content, **_words(paper), "pictures": pictures}
        if kind not in WITH_DATA:
            return pdf.render(TEMPLATES[kind], context, pictures)
        page = pdf.render(TEMPLATES[kind], context, pictures, variant="pdf/a-3a")
        return factur_x.embedded(page, paper, title=f"{kind.label} {paper.reference}")


def _picture(blob: Blob | None) -> tuple[bytes, str] | None:
    """The bytes of a logo or a signature; None for one that was lost: the paper says the same without it."""
    if blob is None or not blob.media_type.startswith("image/"):
        return None
    try:
        with blob.open() as file:
            return file.read(), blob.media_type
    except Damaged:
        return None


def _words(paper: Paper) -> dict[str, Any]:
    """What the codes of the content are called."""
    said = paper.content
    found: dict[str, Any] = {}
    if paper.kind in WITH_DATA:
        found["rates"] = factur_x.by_rate(said["lines"])
        found["notes"] = [text for _code, text in factur_x.notes(said)]
        found["left"] = paper.total_cents - said.get("paid_cents", 0)
    if "means" in said:
        found["means"] = Means(said["means"]).label
    if paper.kind == PaperKind.TAX_RECEIPT:
        found["form"], found["nature"] = giving.Form(said["form"]).label, giving.Nature(said["nature"]).label
        found["all_means"] = sorted({str(Means(line["means"]).label) for line in said["lines"]})
        found["first"], found["last"] = said["lines"][0]["on"], said["lines"][-1]["on"]
    return found
