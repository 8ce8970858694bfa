"""Listen keys without Redis: one an account, the same again, gone when closed."""

from collections.abc import Iterator

import pytest

from apps.gateway import listen_keys


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("REDIS_URL", raising=False)
    listen_keys.reset()
    yield
    listen_keys.reset()


async def test_a_key_is_the_same_until_it_is_closed() -> None:
    key = await listen_keys.open_key(7)
    assert await listen_keys.open_key(7) == key
    assert await listen_keys.open_key(8) != key
    assert await listen_keys.extend(7) == key
    assert await listen_keys.resolve(key) == 7
    await listen_keys.close(7)
    await listen_keys.close(7)
    assert await listen_keys.resolve(key) is None
    assert await listen_keys.extend(7) is None
    assert await listen_keys.open_key(7) != key


async def test_a_key_ends_after_its_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(listen_keys.time, "monotonic", lambda: now)
    key = await listen_keys.open_key(7)
    now += listen_keys.LIFETIME_S - 1
    assert await listen_keys.extend(7) == key
    now += listen_keys.LIFETIME_S - 1
    assert await listen_keys.resolve(key) == 7
    now += 2
    assert await listen_keys.resolve(key) is None
    assert await listen_keys.open_key(7) != key


@pytest.mark.parametrize("text", ["", "x", "../etc", "a" * 31, "é" * 64, "a" * 200])
async def test_what_is_no_key_asks_nobody(text: str) -> None:
    assert await listen_keys.resolve(text) is None
