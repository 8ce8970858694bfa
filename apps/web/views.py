"""The trading page: static markup; everything that moves comes over the public API and its sockets."""

from __future__ import annotations

from django.conf import settings
from django.views.generic import TemplateView


class TradingPage(TemplateView):
    """GET / — the terminal. Demo families show where the demo accounts are found."""

    template_name = "web/trade.html"
    extra_context = {"demo": settings.EXCHANGE_DEMO}
