"""Settings of a Hongtu installation; every deployment choice comes from the environment."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from hongtu.site.database import database, home

PACKAGE = Path(__file__).resolve().parents[1]
DEBUG = os.environ.get("HONGTU_DEBUG", "") == "1"
PRODUCTION = os.environ.get("HONGTU_PRODUCTION", "") == "1"


def _secret_key() -> str:
    """HONGTU_SECRET_KEY, else one made at the first start and kept in the home folder."""
    if key := os.environ.get("HONGTU_SECRET_KEY"):
        return key
    path = home() / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)  # atomic: the first of two starting processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("HONGTU_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("HONGTU_TRUSTED_ORIGINS", "").split(",") if o]

DOMAINS = [
    "projects",
    "problems",
    "visits",
    "dispatch",
    "matters",
    "consultation",
    "assessment",
    "family_visits",
]
KERNEL = [
    "base",
    "events",
    "audit",
    "places",
    "calendar",
    "people",
    "profile",
    "access",
    "indicators",
    "chains",
    "problems",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "hongtu.ui",
    *[f"hongtu.kernel.{name}" for name in KERNEL],
    "hongtu.ledger",
    *[f"hongtu.domains.{name}" for name in DOMAINS],
    "hongtu.boards",
    "hongtu.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hongtu.site.middleware.NulMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hongtu.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "hongtu.site.middleware.DistrictMiddleware",
    "hongtu.site.middleware.ClosedRoomsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hongtu.site.urls"
WSGI_APPLICATION = "hongtu.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hongtu.ui.context.chrome",
                "hongtu.site.context.house",
            ],
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "hongtu.site.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "hongtu.site.forms.LogInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_RATE_LIMITS = False  # axes counts failed log-ins; two counters contradict each other
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_LOCKOUT_TEMPLATE = "site/locked_out.html"
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 30 * 60  # a common requirement of graded protection: out after 30 idle minutes
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
    }
}

# The assistant's sentence model: on (when installed) or off; without it search goes by words and sound.
HONGTU_SENTENCE_MODEL = os.environ.get("HONGTU_SENTENCE_MODEL", "on")

# Optional servers that speak the OpenAI protocol. HONGTU_MODEL_NETWORK: which addresses they may lie at,
# public ones only, also this host (loopback), or also inside a private network.
_MODEL_NETWORK = os.environ.get("HONGTU_MODEL_NETWORK", "public")
HONGTU_CHAT: dict[str, Any] = {
    "url": os.environ.get("HONGTU_CHAT_URL", ""),
    "model": os.environ.get("HONGTU_CHAT_MODEL", ""),
    "key": os.environ.get("HONGTU_CHAT_KEY", ""),
    "network": _MODEL_NETWORK,
    "wait": float(os.environ.get("HONGTU_CHAT_WAIT", "5")),
    "within": float(os.environ.get("HONGTU_CHAT_WITHIN", "20")),
}
HONGTU_EMBEDDINGS: dict[str, Any] = {
    "url": os.environ.get("HONGTU_EMBEDDINGS_URL", ""),
    "model": os.environ.get("HONGTU_EMBEDDINGS_MODEL", ""),
    "key": os.environ.get("HONGTU_EMBEDDINGS_KEY", ""),
    "network": _MODEL_NETWORK,
    "wait": float(os.environ.get("HONGTU_EMBEDDINGS_WAIT", "2")),
}
HONGTU_EMBEDDINGS_QUERY_PREFIX = os.environ.get("HONGTU_EMBEDDINGS_QUERY_PREFIX", "")
HONGTU_EMBEDDINGS_PASSAGE_PREFIX = os.environ.get("HONGTU_EMBEDDINGS_PASSAGE_PREFIX", "")

# Requests one address may make without an account, where not the usual ones (kernel/access/limits.py):
# HONGTU_RATE_LIMITS="assistant.ask=60/minute 600/hour;open311=500/minute"
HONGTU_RATE_LIMITS = dict(
    part.split("=", 1) for part in os.environ.get("HONGTU_RATE_LIMITS", "").split(";") if "=" in part
)
# Sites that may show the assistant's widget in a frame: https://www.example.gov.cn, space between them.
HONGTU_WIDGET_SITES = os.environ.get("HONGTU_WIDGET_SITES", "").split()

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("HONGTU_TIME_ZONE", "Asia/Shanghai")
FORMAT_MODULE_PATH = ["hongtu.site.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = home() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = home() / "files"
HONGTU_AUDIT_KEY = home() / "audit-key"
# The key of the closed rooms' texts: neither in the database nor in a backup of it.
HONGTU_CLOSED_KEY = Path(os.environ.get("HONGTU_CLOSED_KEY") or home() / "closed-rooms.key")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PGHISTORY_APPEND_ONLY = True
HONGTU_TILE_URL = os.environ.get("HONGTU_TILE_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private_links": {"()": "hongtu.site.logs.PrivateLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["private_links"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "hongtu": {"level": "INFO"},
        # Django has handlers of its own for these two, which the filter of ours would not reach.
        "django.request": {"filters": ["private_links"]},
        "django.server": {
            "level": "INFO",
            "filters": ["private_links"],
            "handlers": ["console"],
            "propagate": False,
        },
    },
}
