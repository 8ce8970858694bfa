"""Settings come from the environment once; what cannot be meant is refused by name."""

from pathlib import Path

import pytest

from matcher.runtime.errors import ConfigurationRefused
from matcher.runtime.settings import SOCKET_PATH_BYTES_MAX, default_journal_url, read_settings, sqlite_path


def test_defaults_live_under_the_data_folder() -> None:
    settings = read_settings({"EXCHANGE_DATA": "/data/x"})
    assert settings.journal_url == "sqlite:////data/x/exchange-journal.sqlite3"
    assert settings.matcher_url == "unix:///data/x/run/matcher.sock"
    assert settings.metrics_port is None


def test_a_server_keeps_the_journal_beside_the_rows() -> None:
    url = "postgresql:///exchange?host=/tmp"
    assert read_settings({"DATABASE_URL": url}).journal_url == url
    assert default_journal_url("sqlite:////a/b.sqlite3") == "sqlite:////a/b-journal.sqlite3"
    assert read_settings({"DATABASE_URL": url, "JOURNAL_URL": "sqlite:////j"}).journal_url == "sqlite:////j"


def test_a_long_data_folder_gets_a_short_socket_that_is_its_own() -> None:
    first, second = (read_settings({"EXCHANGE_DATA": f"/{'d' * 120}/{n}"}).matcher_url for n in (1, 2))
    assert first != second
    assert len(first.removeprefix("unix://")) <= SOCKET_PATH_BYTES_MAX


def test_sqlite_path_is_absolute_with_four_slashes() -> None:
    assert sqlite_path("sqlite:////a/b.sqlite3") == "/a/b.sqlite3"
    assert sqlite_path("sqlite:///b.sqlite3?timeout=5") == "b.sqlite3"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOURNAL_URL", "mysql://user:secret@host/db"),
        ("MATCHER_URL", "http://host"),
        ("MATCHER_METRICS_PORT", "70000"),
        ("MATCHER_BATCH_COMMANDS", "0"),
        ("MATCHER_WAITING_COMMANDS", "-5"),
        ("MATCHER_SNAPSHOT_COMMANDS", "1e9"),
        ("MATCHER_SNAPSHOT_BATCHES", "١٢"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_never_shows_a_password(name: str, value: str) -> None:
    with pytest.raises(ConfigurationRefused, match=name) as refused:
        read_settings({name: value, "EXCHANGE_DATA": str(Path("/d"))})
    assert "secret" not in str(refused.value)
