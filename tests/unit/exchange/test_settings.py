"""Production settings name what is missing or unsafe and refuse; the top-level celery.py steps aside."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from exchange.settings import environment, safety
from tests.support.pace import PATIENCE_S

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
        "EXCHANGE_ORIGIN": "https://example.com",
        "EXCHANGE_SMTP_HOST": "mail.example.com",
        "EXCHANGE_MAIL_FROM": "Exchange <exchange@example.com>",
    }


def load(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = "from django.conf import settings; print(settings.DEBUG, settings.SECURE_SSL_REDIRECT)"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def refuse_unsafe() -> None:
    safety.refuse_unsafe_environment()
    safety.refuse_unsafe_secrets(Path(os.environ["EXCHANGE_SECRETS"]), os.environ.get("EXCHANGE_KEK_ID", "1"))


def test_a_complete_environment_is_taken(production: dict[str, str]) -> None:
    done = load(production)
    assert done.stdout.split() == ["False", "True"], done.stderr


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"DJANGO_DEBUG": "1"}, "DJANGO_DEBUG"),
        ({"EXCHANGE_DEMO": "1"}, "EXCHANGE_DEMO"),
        ({"APPROVALS_SELF_SERVICE": "1"}, "APPROVALS_SELF_SERVICE"),
        ({"EXCHANGE_ADMIN_SECOND_FACTOR": "0"}, "EXCHANGE_ADMIN_SECOND_FACTOR"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"EXCHANGE_ORIGIN": ""}, "EXCHANGE_ORIGIN"),
        ({"EXCHANGE_ORIGIN": "http://example.com"}, "EXCHANGE_ORIGIN"),
        ({"EXCHANGE_SMTP_HOST": ""}, "EXCHANGE_SMTP_HOST"),
        ({"EXCHANGE_MAIL_FROM": ""}, "EXCHANGE_MAIL_FROM"),
        ({"EXCHANGE_SECRETS": ""}, "EXCHANGE_SECRETS"),
        ({"EXCHANGE_SECRETS": "/nowhere"}, "EXCHANGE_SECRETS"),
        ({"EXCHANGE_KEK_ID": "2"}, "kek_2"),
        ({"DATABASE_URL": "sqlite://:memory:"}, "DATABASE_URL"),
        ({"ALLOWED_HOSTS": "example.com,*.example.com"}, "ALLOWED_HOSTS"),
        ({"EXCHANGE_CORS_ORIGINS": "*"}, "EXCHANGE_CORS_ORIGINS"),
        ({"EXCHANGE_CORS_ORIGINS": "https://*.example.com"}, "EXCHANGE_CORS_ORIGINS"),
        ({"EXCHANGE_CORS_ORIGINS": "http://app.example.com"}, "EXCHANGE_CORS_ORIGINS"),
        ({"CSRF_TRUSTED_ORIGINS": "https://*"}, "CSRF_TRUSTED_ORIGINS"),
        ({"EXCHANGE_PROXIES": "1"}, "EXCHANGE_TRUSTED_PROXIES"),
        ({"EXCHANGE_PROXIES": "one"}, "EXCHANGE_PROXIES"),
        ({"EXCHANGE_PROXIES": "1", "EXCHANGE_TRUSTED_PROXIES": "0.0.0.0/0"}, "EXCHANGE_TRUSTED_PROXIES"),
        ({"EXCHANGE_PROXIES": "1", "EXCHANGE_TRUSTED_PROXIES": "10.0.0"}, "EXCHANGE_TRUSTED_PROXIES"),
        ({"EXCHANGE_LIMITS": "0,1,1"}, "EXCHANGE_LIMITS"),
        ({"EXCHANGE_LIMITS": "2400"}, "EXCHANGE_LIMITS"),
        ({"EXCHANGE_KYC_PROVIDER_URL": "http://kyc.example"}, "EXCHANGE_KYC_PROVIDER_URL"),
        ({"EXCHANGE_KYC_DEFAULT_LEVEL": "3"}, "EXCHANGE_KYC_DEFAULT_LEVEL"),
        ({"EXCHANGE_KYC_DEFAULT_LEVEL": "many"}, "EXCHANGE_KYC_DEFAULT_LEVEL"),
    ],
)
def test_each_danger_is_refused_by_name(
    production: dict[str, str], monkeypatch: pytest.MonkeyPatch, change: dict[str, str], named: str
) -> None:
    for name, value in (production | change).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=named):
        refuse_unsafe()


def test_production_asks_for_all_of_this(production: dict[str, str]) -> None:
    for change, named in (({"DJANGO_DEBUG": "1"}, "DJANGO_DEBUG"), ({"EXCHANGE_SMTP_USER": "mailer"}, "smtp_password")):
        done = load(production | change)
        assert done.returncode != 0
        assert "ImproperlyConfigured" in done.stderr
        assert named in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "content", "mode", "told"),
    [
        ("secret_key", "changeme", 0o600, "secret_key is shorter"),
        ("secret_key", "django-insecure-" + "0a1b2c3d" * 8, 0o600, "secret_key can be guessed"),
        ("jwt_key", "ab" * 32, 0o600, "jwt_key can be guessed"),
        ("jwt_key", None, 0o644, "jwt_key can be read by everybody"),
        ("kek_1", "00" * 32, 0o600, "kek_1 is no key of 32 random bytes"),
        ("kek_1", "0123456789abcdef" * 4, 0o600, "kek_1 is no key of 32 random bytes"),
        ("kek_2", "zz" * 32, 0o600, "kek_2 is no key of 32 random bytes"),
        ("kek_current", "9", 0o600, "kek_9 cannot be read"),
    ],
)
def test_each_weak_secret_is_refused_by_its_file(
    production: dict[str, str], name: str, content: str | None, mode: int, told: str
) -> None:
    path = Path(production["EXCHANGE_SECRETS"]) / name
    if content is not None:
        path.write_text(content)
    path.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match=told):
        safety.refuse_unsafe_secrets(path.parent, "1")


def test_two_uses_of_one_secret_are_refused(production: dict[str, str]) -> None:
    folder = Path(production["EXCHANGE_SECRETS"])
    (folder / "jwt_key").write_text((folder / "secret_key").read_text())
    with pytest.raises(ImproperlyConfigured, match="must differ"):
        safety.refuse_unsafe_secrets(folder, "1")


def test_stores_in_memory_are_refused() -> None:
    good = {"default": {"BACKEND": "x.RedisCache"}}
    safety.refuse_memory_stores(good, good, "redis://h")
    for caches, layers, broker, named in (
        ({"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, good, "redis://h", "CACHES"),
        (good, {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}, "redis://h", "CHANNEL_LAYERS"),
        (good, good, "memory://", "CELERY_BROKER_URL"),
    ):
        with pytest.raises(ImproperlyConfigured, match=named):
            safety.refuse_memory_stores(caches, layers, broker)


def test_djangos_own_check_finds_nothing_in_production(production: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=production, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


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
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "exchange.settings.test"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "site-packages" in done.stdout
