"""The ASGI application: two lanes and the sockets, composed here and nowhere else.

Trading lane: what its table of routes names, /fapi/ and /futures/. Sockets: /ws-fapi/v1 is the trading
API, /ws/v1 the native socket, /ws /stream /public /market /private are the compatible feeds. All else is the
platform's, which Channels shares out: HTTP to Django, /ws/v1/session to the session socket.
"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.local")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

# Apps may be imported only after Django is set up.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from apps.fapi.trading_socket import PATH as TRADING_SOCKET_PATH  # noqa: E402
from apps.feeds.native_socket import NATIVE_PATH  # noqa: E402
from apps.feeds.sockets import websocket as feed_socket  # noqa: E402
from apps.gateway.platform_door import PlatformDoor  # noqa: E402
from apps.gateway.service import GatewayService  # noqa: E402
from apps.users.sockets import SESSION_SOCKET_PATH, websocket_urlpatterns  # noqa: E402

FEED_PREFIXES = ("/ws", "/stream", "/public", "/market", "/private")
service = GatewayService()
platform = PlatformDoor(
    ProtocolTypeRouter({"http": django_application, "websocket": URLRouter(websocket_urlpatterns)}), service.log
)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """One connection, to whom it belongs."""
    kind = scope["type"]
    if kind == "lifespan":
        await service.lifespan(receive, send)
        return
    if not service.started:
        await service.start()  # servers that speak no lifespan
    path = scope["path"]
    if kind == "http":
        if service.lane.serves(path):
            await service.lane(scope, receive, send)
        else:
            await platform(scope, receive, send)
    elif path.rstrip("/") == TRADING_SOCKET_PATH:
        await service.trading_socket(scope, receive, send)
    elif path.rstrip("/") == SESSION_SOCKET_PATH:
        await platform(scope, receive, send)
    elif path.rstrip("/") == NATIVE_PATH:
        await service.native_socket(scope, receive, send)
    elif path.startswith(FEED_PREFIXES):
        await feed_socket(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4404})
