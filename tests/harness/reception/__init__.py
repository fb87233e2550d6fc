"""A Tilios of its own for trials: the polls also take files, and a page shows the form that sends them.

`running(data, DJANGO_SETTINGS_MODULE=reception.SETTINGS)`; the page is at /s/<structure>/reception/.
"""

SETTINGS = "tests.harness.reception.settings"
