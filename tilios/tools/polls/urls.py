from django.urls import path

from tilios.tools.polls.views import editing, importing, life, lists, results, voting

urlpatterns = [
    path("", lists.home, name="home"),
    path("nouveau/", editing.choose, name="new"),
    path("nouveau/dates/", editing.new_dates, name="new_dates"),
    path("nouveau/choix/", editing.new_choice, name="new_choice"),
    path("importer/", importing.upload, name="import"),
    path("<int:pk>/", voting.detail, name="detail"),
    path("<int:pk>/voter/", voting.vote, name="vote"),
    path("<int:pk>/retirer/", voting.withdraw, name="withdraw"),
    path("<int:pk>/proposer/", voting.propose, name="propose"),
    path("<int:pk>/saisir/", voting.key_in, name="key_in"),
    path("<int:pk>/saisir/<int:ballot_pk>/", voting.correct, name="correct"),
    path("<int:pk>/bulletins/<int:ballot_pk>/supprimer/", voting.remove, name="remove_ballot"),
    path("<int:pk>/votes/", results.votes, name="votes"),
    path("<int:pk>/participation/", results.participation, name="participation"),
    path("<int:pk>/resultats.<str:form>", results.export, name="export"),
    path("<int:pk>/image/<int:option_pk>/", results.image, name="image"),
    path("<int:pk>/fichier/<int:option_pk>/", results.attachment, name="file"),
    path("<int:pk>/modifier/", editing.edit, name="edit"),
    path("<int:pk>/dupliquer/", editing.duplicate, name="duplicate"),
    path("<int:pk>/relancer/", life.remind, name="remind"),
    path("<int:pk>/clore/", life.close, name="close"),
    path("<int:pk>/rouvrir/", life.reopen, name="reopen"),
    path("<int:pk>/archiver/", life.archive, name="archive"),
    path("<int:pk>/desarchiver/", life.unarchive, name="unarchive"),
    path("<int:pk>/supprimer/", life.delete, name="delete"),
    path("<int:pk>/restaurer/", life.restore, name="restore"),
    path("<int:pk>/evenement/", life.event, name="event"),
]
