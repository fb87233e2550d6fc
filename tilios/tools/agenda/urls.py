from django.urls import path

from tilios.tools.agenda.views import (
    calendars,
    changing,
    events,
    phone,
    rights,
    showing,
    trash,
)

urlpatterns = [
    path("", showing.home, name="home"),
    path("mois/", showing.month, name="month"),
    path("semaine/", showing.week, name="week"),
    path("jour/", showing.day, name="day"),
    path("liste/", showing.listed, name="list"),
    path("annee/", showing.year, name="year"),
    path("afficher/", showing.shown, name="shown"),
    path("couleurs.css", showing.colours, name="colours"),
    path("nouveau/", changing.new, name="new"),
    path("evenements/<int:pk>/", events.entry, name="entry"),
    path("evenements/<int:pk>/modifier/", changing.change, name="change"),
    path("evenements/<int:pk>/supprimer/", changing.remove, name="remove"),
    path("agendas/", calendars.home, name="calendars"),
    path("agendas/nouveau/<int:pk>/", calendars.new, name="new_collection"),
    path("agendas/<int:pk>/", calendars.item, name="item"),
    path("agendas/<int:pk>/couleur/", calendars.own_colour, name="own_colour"),
    path("agendas/<int:pk>/jeter/", trash.throw_away, name="throw_away"),
    path("agendas/<int:pk>/restaurer/", trash.restore, name="restore"),
    path("agendas/<int:pk>/droits/", rights.rights, name="rights"),
    path("agendas/<int:pk>/droits/propres/", rights.own_list, name="own_list"),
    path("agendas/<int:pk>/droits/heriter/", rights.inherit, name="inherit"),
    path("agendas/<int:pk>/droits/ajouter/", rights.add_line, name="add_line"),
    path("agendas/<int:pk>/droits/<int:line_pk>/", rights.change_line, name="change_line"),
    path("telephone/", phone.home, name="phone"),
]
