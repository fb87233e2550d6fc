from django.urls import path

from tilios.portal.views.people import groups, imports, invitations, joining, lists, mandates, records

urlpatterns = [
    path("personnes/", lists.index, name="people"),
    path("personnes/selection/", lists.selection, name="people_selection"),
    path("personnes/nouvelle/", records.add, name="person_add"),
    path("personnes/<int:person_pk>/", records.record, name="person"),
    path("personnes/<int:person_pk>/modifier/", records.change, name="person_change"),
    path("personnes/<int:person_pk>/role/", records.change_role, name="person_role"),
    path("personnes/<int:person_pk>/presence/", records.change_status, name="person_status"),
    path("personnes/montrer/", records.share, name="person_share"),
    path("personnes/<int:person_pk>/inviter/", invitations.invite_person, name="person_invite"),
    path("personnes/<int:person_pk>/representant/", mandates.give, name="mandate_give"),
    path("representants/<int:mandate_pk>/fin/", mandates.end, name="mandate_end"),
    path("representants/<int:mandate_pk>/papier/", mandates.scan, name="mandate_scan"),
    path("representants/<int:mandate_pk>/agir/", mandates.start, name="start_acting"),
    path("representants/ne-plus-agir/", mandates.stop, name="stop_acting"),
    path("groupes/", groups.index, name="groups"),
    path("groupes/nouveau/", groups.add, name="group_add"),
    path("groupes/<int:group_pk>/", groups.group, name="group"),
    path("groupes/<int:group_pk>/modifier/", groups.change, name="group_change"),
    path("groupes/<int:group_pk>/supprimer/", groups.delete, name="group_delete"),
    path("groupes/<int:group_pk>/membres/", groups.members, name="group_members"),
    path("invitations/", invitations.index, name="invitations"),
    path("invitations/nouvelle/", invitations.add, name="invitation_add"),
    path("invitations/lien/", invitations.add_link, name="invitation_link"),
    path("invitations/<int:invitation_pk>/", invitations.invitation, name="invitation"),
    path("invitations/<int:invitation_pk>/affiche/", invitations.poster, name="invitation_poster"),
    path("invitations/<int:invitation_pk>/renvoyer/", invitations.send_again, name="invitation_again"),
    path("invitations/<int:invitation_pk>/retirer/", invitations.revoke, name="invitation_revoke"),
    path("personnes/imports/", imports.index, name="imports"),
    path("personnes/imports/<int:batch_pk>/", imports.batch, name="import"),
    path("personnes/imports/<int:batch_pk>/colonnes/", imports.columns, name="import_columns"),
    path("personnes/imports/<int:batch_pk>/avancement/", imports.progress, name="import_progress"),
    path("personnes/imports/<int:batch_pk>/confirmer/", imports.confirm, name="import_confirm"),
    path("personnes/imports/<int:batch_pk>/annuler/", imports.undo, name="import_undo"),
    path("personnes/imports/<int:batch_pk>/reprendre/", imports.resume, name="import_resume"),
    path("personnes/imports/<int:batch_pk>/oublier/", imports.discard, name="import_discard"),
]

#: Outside any structure: whoever holds the token does not know the structure's address yet.
public_urlpatterns = [
    path("invitation/<str:token>/", joining.invitation, name="invitation"),
]
