from django.urls import path

from tilios.portal.views import journal, transfer, transfer_erasing

urlpatterns = [
    path("journal/", journal.index, name="journal"),
    path("journal/journal.csv", journal.download, name="journal_csv"),
    path("journal/effacements/<int:erasure_pk>/", transfer_erasing.proof, name="erasure"),
    path("transfert/", transfer.index, name="transfer"),
    path("transfert/archives/", transfer.ask, name="takeout_ask"),
    path("transfert/archives/en-cours/", transfer.state, name="takeout_state"),
    path("transfert/archives/<int:takeout_pk>/", transfer.download, name="takeout"),
    path("transfert/archives/<int:takeout_pk>/retirer/", transfer.remove, name="takeout_remove"),
    path("personnes/<int:pk>/effacer/", transfer_erasing.erase, name="erase"),
]
