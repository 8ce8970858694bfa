"""Settings of the test suite: secrets of its own, quick hashes, no outside services unless named."""

import os
import tempfile

if "EXCHANGE_DATA" not in os.environ:
    FOLDER = tempfile.TemporaryDirectory(prefix="exchange-test-")
    os.environ["EXCHANGE_DATA"] = FOLDER.name

from exchange.settings.base import *
from exchange.settings.base import EXCHANGE_SECRETS, SIMPLE_JWT
from exchange.settings.environment import make_missing_secrets, read_secret

make_missing_secrets(EXCHANGE_SECRETS)
SECRET_KEY = read_secret(EXCHANGE_SECRETS, "secret_key")
SIMPLE_JWT["SIGNING_KEY"] = read_secret(EXCHANGE_SECRETS, "jwt_key")

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
WHITENOISE_USE_FINDERS = True
