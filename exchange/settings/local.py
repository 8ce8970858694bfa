"""Settings of `make run`: one machine, plain HTTP, secrets made on first use."""

from exchange.settings.base import *
from exchange.settings.base import (
    EMAIL_FILE_PATH,
    EXCHANGE_DEMO,
    EXCHANGE_ORIGIN,
    EXCHANGE_ORIGINS,
    EXCHANGE_SECRETS,
    SIMPLE_JWT,
)
from exchange.settings.environment import flag, kyc_default_level, make_missing_secrets, read_secret, text_list

make_missing_secrets(EXCHANGE_SECRETS)
SECRET_KEY = read_secret(EXCHANGE_SECRETS, "secret_key")
SIMPLE_JWT["SIGNING_KEY"] = read_secret(EXCHANGE_SECRETS, "jwt_key")
AUDIT_KEY = read_secret(EXCHANGE_SECRETS, "audit_key")
EXCHANGE_KYC_PROVIDER_KEY = read_secret(EXCHANGE_SECRETS, "kyc_provider_key")

# Demo accounts trade at once, up to what the instruments allow; a family that shows KYC at work sets 0.
EXCHANGE_KYC_DEFAULT_LEVEL = kyc_default_level(3)
DEBUG = flag("DJANGO_DEBUG")
ALLOWED_HOSTS = text_list("ALLOWED_HOSTS") or ["*"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
APPROVALS_SELF_SERVICE = EXCHANGE_DEMO and not flag("EXCHANGE_FOUR_EYES")
ADMIN_SECOND_FACTOR = flag("EXCHANGE_ADMIN_SECOND_FACTOR")

# Mail lies in files, which hold links and codes: for the owner of the family alone. Passkeys need a name, not a number.
EMAIL_FILE_PATH.mkdir(mode=0o700, exist_ok=True)
EXCHANGE_ORIGINS.append(f"http://localhost:{EXCHANGE_ORIGIN.rpartition(':')[2]}")
