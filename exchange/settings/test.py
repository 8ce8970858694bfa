"""Settings of the test suite: secrets of its own, quick hashes, no outside services unless named."""

import os
import tempfile

if "EXCHANGE_DATA" not in os.environ:
    FOLDER = tempfile.TemporaryDirectory(prefix="exchange-test-")
    os.environ["EXCHANGE_DATA"] = FOLDER.name

from exchange.settings.base import *
from exchange.settings.base import EXCHANGE_SECRETS, SIMPLE_JWT
from exchange.settings.environment import kyc_default_level, make_missing_secrets, read_secret

make_missing_secrets(EXCHANGE_SECRETS)
SECRET_KEY = read_secret(EXCHANGE_SECRETS, "secret_key")
SIMPLE_JWT["SIGNING_KEY"] = read_secret(EXCHANGE_SECRETS, "jwt_key")
AUDIT_KEY = read_secret(EXCHANGE_SECRETS, "audit_key")
EXCHANGE_KYC_PROVIDER_KEY = read_secret(EXCHANGE_SECRETS, "kyc_provider_key")

EXCHANGE_KYC_DEFAULT_LEVEL = kyc_default_level(3)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
WHITENOISE_USE_FINDERS = True
ARGON2 = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
EXCHANGE_MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
EXCHANGE_ORIGIN = "http://localhost:8000"
EXCHANGE_ORIGINS = [EXCHANGE_ORIGIN, "http://testserver", "http://127.0.0.1:8000"]
