from django.urls import path

from tilios.portal.views import host

urlpatterns = [
    path("premiers-pas/", host.first_run, name="first_run"),
    path("hebergeur/", host.structures, name="host"),
    path("hebergeur/structures/nouvelle/<slug:slug>/", host.wizard, name="host_new_structure"),
    path("hebergeur/structures/<slug:slug>/", host.structure, name="host_structure"),
    path("hebergeur/structures/<slug:slug>/suspendre/", host.suspend, name="host_suspend"),
    path("hebergeur/structures/<slug:slug>/reprendre/", host.resume, name="host_resume"),
    path("hebergeur/structures/<slug:slug>/entrer/", host.step_in, name="host_step_in"),
    path("hebergeur/structures/<slug:slug>/sortir/", host.leave, name="host_leave"),
    path("hebergeur/couleur/", host.colour_preview, name="host_colour_preview"),
    path("hebergeur/hebergeurs/", host.hosts, name="host_hosts"),
    path("hebergeur/hebergeurs/<int:pk>/retirer/", host.take_host, name="host_take"),
    path("hebergeur/messages/", host.outbox, name="host_outbox"),
    path("hebergeur/messages/<int:pk>/", host.message, name="host_message"),
    path("hebergeur/messages/<int:pk>/renvoyer/", host.retry, name="host_retry"),
]
