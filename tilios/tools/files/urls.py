from django.urls import path

from tilios.tools.files.views import (
    as_text,
    bringing,
    changing,
    content,
    folders,
    marks,
    programs,
    readers,
    rights,
    rules,
    trash,
    versions,
    zipping,
)

urlpatterns = [
    path("", folders.home, name="home"),
    path("corbeille/", trash.home, name="trash"),
    path("corbeille/restaurer/", trash.restore, name="trash_restore"),
    path("corbeille/supprimer/", trash.forget, name="trash_forget"),
    path("appareils/", programs.programs, name="programs"),
    path("ranger/", changing.choose_place, name="choose_place"),
    path("zip/", zipping.zipped, name="zip"),
    path("<int:pk>/", folders.item, name="item"),
    path("<int:pk>/dossier/", folders.new_folder, name="new_folder"),
    path("<int:pk>/envoyer/", content.send, name="send"),
    path("<int:pk>/telecharger/", content.download, name="download"),
    path("<int:pk>/brut/", content.raw, name="raw"),
    path("<int:pk>/image/<int:side>/", content.picture, name="picture"),
    path("<int:pk>/renommer/", changing.rename, name="rename"),
    path("<int:pk>/ensemble/", changing.together, name="together"),
    path("<int:pk>/jeter/", changing.throw_away, name="throw_away"),
    path("<int:pk>/texte/", as_text.as_text, name="as_text"),
    path("<int:pk>/version/", content.send_version, name="send_version"),
    path("<int:pk>/version/nommer/", versions.name, name="name_version"),
    path("<int:pk>/version/<int:version_pk>/", content.version, name="version"),
    path("<int:pk>/version/<int:version_pk>/reprendre/", versions.restore, name="restore_version"),
    path("<int:pk>/version/<int:version_pk>/supprimer/", versions.forget, name="forget_version"),
]

sharing_urls = [
    path("partages/", marks.shared_with_me, name="shared_with_me"),
    path("favoris/", marks.favourites, name="favourites"),
    path("recents/", marks.recents, name="recents"),
    path("etiquettes/", marks.tags, name="tags"),
    path("etiquettes/<int:tag_pk>/", marks.tag, name="tag"),
    path("etiquettes/<int:tag_pk>/renommer/", marks.rename_tag, name="rename_tag"),
    path("etiquettes/<int:tag_pk>/supprimer/", marks.delete_tag, name="delete_tag"),
    path("regles/", rules.rules, name="rules"),
    path("regles/place/<int:person_pk>/", rules.room_of, name="room_of"),
    path("<int:pk>/droits/", rights.rights, name="rights"),
    path("<int:pk>/droits/propres/", rights.own_list, name="own_list"),
    path("<int:pk>/droits/heriter/", rights.inherit, name="inherit"),
    path("<int:pk>/droits/ajouter/", rights.add_line, name="add_line"),
    path("<int:pk>/droits/<int:line_pk>/", rights.change_line, name="change_line"),
    path("<int:pk>/favori/", marks.favourite, name="favourite"),
    path("<int:pk>/a-propos/", marks.about, name="about"),
    path("<int:pk>/etiquettes/<int:tag_pk>/retirer/", marks.untag, name="untag"),
    path("<int:pk>/lecteurs/", readers.readers, name="readers"),
]

urlpatterns += sharing_urls

bringing_urls = [
    path("<int:pk>/apporter/", bringing.begin, name="bring"),
    path("apporter/<int:bringing>/", bringing.home, name="bringing"),
    path("apporter/<int:bringing>/envoyer/", bringing.send, name="bring_send"),
    path("apporter/<int:bringing>/ajouter/", bringing.add, name="bring_add"),
    path("apporter/<int:bringing>/retirer/", bringing.remove, name="bring_remove"),
    path("apporter/<int:bringing>/regarder/", bringing.look, name="bring_look"),
    path("apporter/<int:bringing>/commencer/", bringing.start, name="bring_start"),
    path("apporter/<int:bringing>/arreter/", bringing.stop, name="bring_stop"),
    path("apporter/<int:bringing>/continuer/", bringing.go_on, name="bring_go_on"),
    path("apporter/<int:bringing>/annuler/", bringing.undo, name="bring_undo"),
    path("apporter/<int:bringing>/abandonner/", bringing.give_up, name="bring_give_up"),
    path("apporter/<int:bringing>/rapport.csv", bringing.report, name="bring_report"),
]
urlpatterns += bringing_urls
