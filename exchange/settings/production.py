"""Settings of a real deployment: everything comes from the environment, and what is unsafe is refused."""

import os

from django.core.exceptions import ImproperlyConfigured

from exchange.settings.base import *
from exchange.settings.base import EXCHANGE_DEMO, EXCHANGE_SECRETS, SIMPLE_JWT
from exchange.settings.environment import flag, read_secret, text_list

if flag("DJANGO_DEBUG"):
    raise ImproperlyConfigured("DJANGO_DEBUG: DEBUG may not be on in production")
if EXCHANGE_DEMO:
    raise ImproperlyConfigured("EXCHANGE_DEMO: demo data may not be seeded in production")
for _name in ("DATABASE_URL", "REDIS_URL", "EXCHANGE_SECRETS"):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"{_name}: must be set in production")

ALLOWED_HOSTS = text_list("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS: must name the hosts served, and never *")

SECRET_KEY = read_secret(EXCHANGE_SECRETS, "secret_key")
SIMPLE_JWT["SIGNING_KEY"] = read_secret(EXCHANGE_SECRETS, "jwt_key")
read_secret(EXCHANGE_SECRETS, f"kek_{os.environ.get('EXCHANGE_KEK_ID', '1')}")

DEBUG = False
CSRF_TRUSTED_ORIGINS = text_list("CSRF_TRUSTED_ORIGINS") or [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not flag("EXCHANGE_BEHIND_TLS_PROXY")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
