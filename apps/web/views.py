"""The pages: static markup; everything that moves comes over the public API and its sockets."""

from __future__ import annotations

from django.conf import settings
from django.views.generic import TemplateView

# A local family shows where its demo accounts and its mails are found.
FAMILY = {"demo": settings.EXCHANGE_DEMO, "mail_folder": str(settings.EMAIL_FILE_PATH)}


class TradingPage(TemplateView):
    """GET / — the terminal. Demo families show where the demo accounts are found."""

    template_name = "web/trade.html"
    extra_context = FAMILY


class SecurityPage(TemplateView):
    """GET /security - how a person signs in, where they are signed in, and what stops everything."""

    template_name = "web/security.html"
    extra_context = FAMILY


class AccountsPage(TemplateView):
    """GET /accounts - a person's trading accounts, money between them, and the API keys of each."""

    template_name = "web/accounts.html"
    extra_context = FAMILY


class VerificationPage(TemplateView):
    """GET /verification - a person's level and limits, and the application for the next one."""

    template_name = "web/verification.html"
    extra_context = FAMILY


class ConfirmPage(TemplateView):
    """GET /confirm - carries out what a mailed link allows; the link's text never reaches the server by itself."""

    template_name = "web/confirm.html"
