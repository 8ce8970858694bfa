"""Addresses of our pages for mails. They begin with the configured origin, never with what a request calls us.

What a link allows stands behind `#`: it reaches neither a server's log nor another site.
"""

from django.conf import settings


def page(name: str) -> str:
    return f"{settings.EXCHANGE_ORIGIN}/{name}"


def deed(what: str, text: str) -> str:
    """The page that carries out a one-time text."""
    return f"{settings.EXCHANGE_ORIGIN}/confirm#{what}={text}"
