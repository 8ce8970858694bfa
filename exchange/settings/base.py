"""Settings all environments share. Nothing here is secret and nothing depends on the machine."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import csp.constants

from exchange.settings.environment import (
    ROOT,
    celery_broker,
    data_folder,
    database,
    default_matcher_url,
    flag,
    kyc_default_level,
    own_origin,
    secrets_folder,
    text_list,
    throttle_rates,
)
from exchange.settings.logs import logging_config

BASE_DIR = ROOT
EXCHANGE_DATA = data_folder()
EXCHANGE_SECRETS = secrets_folder(EXCHANGE_DATA)
EXCHANGE_KEK_ID = os.environ.get("EXCHANGE_KEK_ID", "1")
EXCHANGE_METRICS_TOKEN = os.environ.get("EXCHANGE_METRICS_TOKEN", "")
EXCHANGE_DEMO = flag("EXCHANGE_DEMO")
EXCHANGE_KYC_DEFAULT_LEVEL = kyc_default_level(0)
EXCHANGE_KYC_FOLDER = Path(os.environ.get("EXCHANGE_KYC_FOLDER") or EXCHANGE_DATA / "kyc")
EXCHANGE_KYC_PROVIDER_URL = os.environ.get("EXCHANGE_KYC_PROVIDER_URL", "")
EXCHANGE_KYC_PROVIDER_KEY = ""
APPROVALS_SELF_SERVICE = False  # whoever asks has allowed it too: for a demo alone
ADMIN_SECOND_FACTOR = False
AUDIT_ANCHOR_SINKS = ["apps.audit.anchors.LogSink"]  # besides the signed file in the data folder
REDIS_URL = os.environ.get("REDIS_URL", "")
EXCHANGE_NAME = os.environ.get("EXCHANGE_NAME", "Perpetual Exchange")
# Where people find us: links in mails begin with it. Passkeys work under the names among EXCHANGE_ORIGINS.
EXCHANGE_ORIGIN = os.environ.get("EXCHANGE_ORIGIN", "").rstrip("/") or own_origin()
EXCHANGE_ORIGINS = list(dict.fromkeys([EXCHANGE_ORIGIN, *text_list("EXCHANGE_ORIGINS")]))
# Whether an address must be confirmed before anybody signs in by it.
EXCHANGE_REQUIRE_VERIFIED_EMAIL = flag("EXCHANGE_REQUIRE_VERIFIED_EMAIL")
MATCHER_URL = os.environ.get("MATCHER_URL") or default_matcher_url(EXCHANGE_DATA)
INDEX_READING_DAYS = int(os.environ.get("EXCHANGE_INDEX_READING_DAYS", "30"))  # 0: kept for ever
ENGINE_SEND = "apps.accounts.engine.send"
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "exchange.development.DevelopmentServer",  # daphne, ahead of staticfiles: both bring a runserver
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "apps.backoffice.admin_config.BackOfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "constance",
    "django_filters",
    "django_otp",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    # our floors, lowest first
    "apps.common",
    "apps.audit",
    "apps.approvals",
    "apps.configuration",
    "apps.notifications",
    "apps.users",
    "apps.kyc",
    "apps.assets",
    "apps.instruments",
    "apps.bridge",
    "apps.accounts",
    "apps.risk",
    "apps.orders",
    "apps.positions",
    "apps.funding",
    "apps.liquidations",
    "apps.insurance",
    "apps.marketdata",
    "apps.marketmakers",
    "apps.projection",
    "apps.surveillance",
    "apps.backoffice",
    "apps.monitoring",
    "apps.gateway",
    "apps.feeds",
    "apps.fapi",
    "apps.web",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.common.browser_rules.BrowserRulesMiddleware",
    "apps.common.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "exchange.urls"
ASGI_APPLICATION = "exchange.asgi.application"
APPEND_SLASH = True
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": database(EXCHANGE_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 2.0, "socket_connect_timeout": 2.0},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "exchange"}
    )
}
# Published, not queued: a notice is news. The queueing layer's blocking reads end on redis-py 8's read timeout and
# outlive their sockets: a canceled receive was measured never to end.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "channels:"},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}

AUTH_USER_MODEL = "users.User"
# Argon2id, costs of OWASP's table: 46 MiB, two passes, one lane; about 70 ms here, off the event loop.
ARGON2 = {"time_cost": 2, "memory_cost": 47_104, "parallelism": 1}
PASSWORD_HASHERS = [
    "apps.users.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.users.passwords.NotCommon"},
    {"NAME": "apps.users.passwords.NotTooLong"},
]
# Mail: every message has one recipient, whatever carries it on.
EMAIL_BACKEND = "apps.notifications.mail_backend.OneRecipientBackend"
EXCHANGE_MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = EXCHANGE_DATA / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EXCHANGE_MAIL_FROM", f"{EXCHANGE_NAME} <no-reply@exchange.invalid>")
LOGIN_URL, LOGIN_REDIRECT_URL = "/admin/login/", "/admin/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600  # a working day in the back office
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
EXCHANGE_PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # The hash is of the one rule the chart library writes for its own mark.
        "style-src": ["'self'", csp.constants.NONCE, "'sha256-3pRED1tOXas1FXFoPb9TGCjmYe9XQsmO9OV23khV2nY='"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
# Pages of other sites that may call the API from a browser: none, unless named. Tokens travel in headers, never in
# cookies, so no origin is given credentials.
CORS_ALLOWED_ORIGINS: list[str] = text_list("EXCHANGE_CORS_ORIGINS")
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_HEADERS = ["authorization", "content-type", "x-mbx-apikey", "x-request-id"]
CORS_EXPOSE_HEADERS = ["X-Request-Id", "Retry-After"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = EXCHANGE_DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "apps.web.assets.ChartLibraryFinder",
]

LOGGING = logging_config()

SIMPLE_JWT: dict[str, Any] = {
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "ISSUER": "exchange",
    "LEEWAY": 5,
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.users.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["apps.common.strict_json.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": throttle_rates(
        {
            "anon": "300/min",
            "user": "600/min",
            "login": "60/min",
            "register": "30/min",
            "refresh": "120/min",
            "kyc_upload": "60/min",
            "kyc_webhook": "600/min",
            "challenge": "120/min",
            "mail": "30/min",
            "security": "60/min",
        }
    ),
    "EXCEPTION_HANDLER": "apps.common.error_responses.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": 0,  # the gateway's door puts the client's own address in REMOTE_ADDR
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Exchange API",
    "DESCRIPTION": (
        "Accounts, keys, orders, positions, ledger and markets. Every refusal is {code, message, details}. "
        "The socket /ws/v1/session tells credits, revoked keys and ended sessions: its first message is "
        '{"method": "auth", "token": "<access token>"}.'
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStateEnum": "apps.kyc.types.ApplicationState",
        "CodeMethodEnum": "apps.users.serializers.CODE_METHODS",
        "StepUpMethodEnum": "apps.users.serializers.STEP_UP_METHODS",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.common.openapi.add_trading_lane",
        "apps.common.openapi.complete",
    ],
}
OPENAPI_EXTRA = "apps.gateway.openapi"

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Exchange",
    "SITE_HEADER": "Exchange back office",
    "SITE_SYMBOL": "candlestick_chart",
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": f"{STATIC_URL}img/mark.svg"}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "apps.backoffice.dashboard.dashboard",
    "SIDEBAR": {"show_search": True, "show_all_applications": True},
}

# Live settings: values stand in the database; apps declare them (apps/configuration), which fills the table of names.
CONSTANCE_BACKEND = "constance.backends.database.DatabaseBackend"
CONSTANCE_CONFIG: dict[str, Any] = {}

CELERY_BROKER_URL = celery_broker(REDIS_URL)
CELERY_RESULT_BACKEND = CELERY_BROKER_URL if REDIS_URL else "cache+memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(EXCHANGE_DATA / "run" / "beat-schedule")
