"""The same pages under Django's own ASGI handler: the contender of bench/serving.py."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilios.config.settings")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
