"""Daphne as an installed app: `manage.py runserver` serves HTTP and sockets over ASGI, and nobody else pays for it.

Daphne's own app config installs a Twisted reactor and an event loop in every process that sets Django up, the
gateway and the workers too. This one brings the command alone, which imports its server when it is run.
"""

from django.apps import AppConfig


class DevelopmentServer(AppConfig):
    """Stands before staticfiles in INSTALLED_APPS: both bring a runserver, and the first is taken."""

    name = "daphne"
    verbose_name = "Daphne"
