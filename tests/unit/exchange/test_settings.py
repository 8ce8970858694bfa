"""Production settings name what is missing or unsafe and refuse; the top-level celery.py steps aside."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from exchange.settings import environment

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    secrets = tmp_path / "secrets"
    environment.make_missing_secrets(secrets)
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "exchange.settings.production",
        "EXCHANGE_DATA": str(tmp_path / "data"),
        "EXCHANGE_SECRETS": str(secrets),
        "DATABASE_URL": "postgresql://user@localhost/db",
        "REDIS_URL": "redis://localhost",
        "ALLOWED_HOSTS": "example.com",
    }


def load(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = "from django.conf import settings; print(settings.DEBUG, settings.SECURE_SSL_REDIRECT)"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_complete_environment_is_taken(production: dict[str, str]) -> None:
    done = load(production)
    assert done.stdout.split() == ["False", "True"], done.stderr


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"DJANGO_DEBUG": "1"}, "DJANGO_DEBUG"),
        ({"EXCHANGE_DEMO": "1"}, "EXCHANGE_DEMO"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"EXCHANGE_SECRETS": ""}, "EXCHANGE_SECRETS"),
        ({"EXCHANGE_SECRETS": "/nowhere"}, "EXCHANGE_SECRETS"),
        ({"EXCHANGE_KEK_ID": "2"}, "kek_2"),
    ],
)
def test_each_danger_is_refused_by_name(production: dict[str, str], change: dict[str, object], named: str) -> None:
    done = load(production | change)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert named in done.stderr.splitlines()[-1]


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("changeme")
    with pytest.raises(ImproperlyConfigured, match="secret_key is shorter"):
        environment.read_secret(tmp_path, "secret_key")


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    environment.make_missing_secrets(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    environment.make_missing_secrets(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before
    assert set(before) == set(environment.SECRET_NAMES)
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_the_matchers_address_agrees_with_the_matchers_own_rule(tmp_path: Path) -> None:
    from matcher.runtime.settings import default_matcher_url

    for data in (tmp_path, tmp_path / ("x" * 120)):
        assert environment.default_matcher_url(data) == default_matcher_url(data)


def test_celery_spells_a_redis_socket_its_own_way() -> None:
    assert environment.celery_broker("unix:///run/r.sock") == "redis+socket:///run/r.sock"
    assert environment.celery_broker("redis://h/1") == "redis://h/1"
    assert environment.celery_broker("") == "memory://"


@pytest.mark.parametrize("first", ["import celery", "import exchange", "from celery.signals import worker_ready"])
def test_importing_celery_from_the_root_finds_the_library(first: str) -> None:
    program = f"import sys; sys.path.insert(0, ''); {first}; import celery; print(celery.__file__, celery.Celery)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "exchange.settings.test"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "site-packages" in done.stdout
