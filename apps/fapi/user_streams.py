"""Listen keys of the user stream."""

from __future__ import annotations

from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.gateway import listen_keys


async def post_listen_key(request: LaneRequest) -> LaneResponse:
    return answer({"listenKey": await listen_keys.open_key(request.account_id)})


async def put_listen_key(request: LaneRequest) -> LaneResponse:
    key = await listen_keys.extend(request.account_id)
    if key is None:
        raise LaneError(-1125, "This listenKey does not exist.", name="LISTEN_KEY_MISSING")
    return answer({"listenKey": key})


async def delete_listen_key(request: LaneRequest) -> LaneResponse:
    await listen_keys.close(request.account_id)
    return LaneResponse(b"{}")
