"""Settings of a real deployment: everything comes from the environment, and what is unsafe is refused."""

import os

from exchange.settings.base import *
from exchange.settings.base import (
    CACHES,
    CELERY_BROKER_URL,
    CHANNEL_LAYERS,
    EXCHANGE_KEK_ID,
    EXCHANGE_KYC_PROVIDER_URL,
    EXCHANGE_SECRETS,
    SIMPLE_JWT,
)
from exchange.settings.environment import flag, read_secret, text_list
from exchange.settings.safety import refuse_memory_stores, refuse_unsafe_environment, refuse_unsafe_secrets

refuse_unsafe_environment()
refuse_unsafe_secrets(EXCHANGE_SECRETS, EXCHANGE_KEK_ID)
refuse_memory_stores(CACHES, CHANNEL_LAYERS, CELERY_BROKER_URL)

ALLOWED_HOSTS = text_list("ALLOWED_HOSTS")
SECRET_KEY = read_secret(EXCHANGE_SECRETS, "secret_key")
SIMPLE_JWT["SIGNING_KEY"] = read_secret(EXCHANGE_SECRETS, "jwt_key")
AUDIT_KEY = read_secret(EXCHANGE_SECRETS, "audit_key")
if EXCHANGE_KYC_PROVIDER_URL:
    EXCHANGE_KYC_PROVIDER_KEY = read_secret(EXCHANGE_SECRETS, "kyc_provider_key")

EXCHANGE_REQUIRE_VERIFIED_EMAIL = True
EXCHANGE_MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ["EXCHANGE_SMTP_HOST"]
EMAIL_PORT = int(os.environ.get("EXCHANGE_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EXCHANGE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = read_secret(EXCHANGE_SECRETS, "smtp_password", shortest=1) if EMAIL_HOST_USER else ""
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL

DEBUG = False
ADMIN_SECOND_FACTOR = True
CSRF_TRUSTED_ORIGINS = text_list("CSRF_TRUSTED_ORIGINS") or [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not flag("EXCHANGE_BEHIND_TLS_PROXY")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
