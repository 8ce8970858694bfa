"""Settings all environments share. Nothing here is secret and nothing depends on the machine."""

import os
from datetime import timedelta
from typing import Any

from exchange.settings.environment import (
    ROOT,
    celery_broker,
    data_folder,
    database,
    default_matcher_url,
    flag,
    secrets_folder,
)
from exchange.settings.logs import logging_config

BASE_DIR = ROOT
EXCHANGE_DATA = data_folder()
EXCHANGE_SECRETS = secrets_folder(EXCHANGE_DATA)
EXCHANGE_KEK_ID = os.environ.get("EXCHANGE_KEK_ID", "1")
EXCHANGE_METRICS_TOKEN = os.environ.get("EXCHANGE_METRICS_TOKEN", "")
EXCHANGE_DEMO = flag("EXCHANGE_DEMO")
REDIS_URL = os.environ.get("REDIS_URL", "")
MATCHER_URL = os.environ.get("MATCHER_URL") or default_matcher_url(EXCHANGE_DATA)
ENGINE_SEND = "apps.accounts.engine.send"
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "exchange.development.DevelopmentServer",  # daphne, ahead of staticfiles: both bring a runserver
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "django_filters",
    "django_otp",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    # our floors, lowest first
    "apps.common",
    "apps.notifications",
    "apps.users",
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
    "apps.backoffice",
    "apps.monitoring",
    "apps.gateway",
    "apps.feeds",
    "apps.fapi",
    "apps.web",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
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
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
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
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/admin/login/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
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
    "DEFAULT_THROTTLE_RATES": {
        "anon": "300/min",
        "user": "600/min",
        "login": "60/min",
        "register": "30/min",
        "refresh": "120/min",
    },
    "EXCEPTION_HANDLER": "apps.common.error_responses.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": int(os.environ.get("EXCHANGE_PROXIES", "0")),
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
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.common.openapi.add_trading_lane",
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
