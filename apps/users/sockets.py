"""Addresses of the platform lane's sockets, for the Channels router in exchange/asgi.py."""

from django.urls import re_path

from apps.users.consumers import SessionConsumer

SESSION_SOCKET_PATH = "/ws/v1/session"

websocket_urlpatterns = [re_path(r"^ws/v1/session/?$", SessionConsumer.as_asgi())]
