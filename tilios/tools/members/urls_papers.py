"""Addresses of what is printed of members, below /s/<structure>/adhesions/."""

from django.urls import path

from tilios.tools.members.views import cards, letters, papers, sheets

urlpatterns = [
    path("documents/", papers.papers, name="papers"),
    path("documents/faire/<slug:paper>/", papers.paper, name="paper"),
    path("documents/faits/<int:made_pk>/", papers.made, name="made_paper"),
    path("documents/faits/<int:made_pk>/avancement/", papers.progress, name="made_paper_progress"),
    path("documents/faits/<int:made_pk>/papier.pdf", papers.made_pdf, name="made_paper_pdf"),
    path("documents/bulletin/", papers.blank, name="blank_form"),
    path("documents/planches/", sheets.sheets, name="sheets"),
    path("documents/planches/nouvelle/", sheets.add_sheet, name="add_sheet"),
    path("documents/planches/<int:sheet_pk>/", sheets.change_sheet, name="change_sheet"),
    path("documents/planches/<int:sheet_pk>/retirer/", sheets.remove_sheet, name="remove_sheet"),
    path("documents/lettres/", letters.templates, name="letter_templates"),
    path("documents/lettres/nouvelle/", letters.add_template, name="add_letter"),
    path("documents/lettres/<int:letter_pk>/", letters.change_template, name="change_letter"),
    path("documents/lettres/<int:letter_pk>/retirer/", letters.remove_template, name="remove_letter"),
    path("documents/lettres/<int:letter_pk>/apercu/", letters.preview, name="preview_letter"),
    path("ma-fiche/carte/", cards.own_card, name="own_card"),
    path("fiches/<int:pk>/carte/", cards.card, name="card"),
    path("fiches/<int:pk>/carte/nouvelle/", cards.renew, name="new_card"),
    path("fiches/<int:pk>/carte/carte.pdf", cards.card_pdf, name="card_pdf"),
    path("fiches/<int:pk>/fiche.pdf", cards.record_pdf, name="record_pdf"),
    path("carte/<str:token>/", cards.scan, name="scan"),
    path("carte/<str:token>/photo/", cards.scan_photo, name="scan_photo"),
]
