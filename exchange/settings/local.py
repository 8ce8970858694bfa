"""Settings of `make run`: one machine, plain HTTP, secrets made on first use."""

from exchange.settings.base import *
from exchange.settings.base import EXCHANGE_SECRETS, SIMPLE_JWT
from exchange.settings.environment import flag, make_missing_secrets, read_secret, text_list

make_missing_secrets(EXCHANGE_SECRETS)
SECRET_KEY = read_secret(EXCHANGE_SECRETS, "secret_key")
SIMPLE_JWT["SIGNING_KEY"] = read_secret(EXCHANGE_SECRETS, "jwt_key")

DEBUG = flag("DJANGO_DEBUG")
ALLOWED_HOSTS = text_list("ALLOWED_HOSTS") or ["*"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
