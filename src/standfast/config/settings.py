"""Django settings, all of them, read from the environment (see `docs/configuration.md`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from standfast.config import env, log
from standfast.config.backup import backup_targets
from standfast.config.channels import channel_options
from standfast.config.mail import django_mail
from standfast.config.secret_key import stored_secret_key
from standfast.config.vapid import stored_vapid_key

PACKAGE = Path(__file__).resolve().parent.parent


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


# Where and how ------------------------------------------------------------------------------
DATA_DIR = Path(
    env.text("STANDFAST_DATA_DIR", ".data/standfast", "Folder of everything that is stored.")
).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.boolean("STANDFAST_DEBUG", False, "Show tracebacks in the browser; never in service.")
DEMO = env.boolean("STANDFAST_DEMO", False, "Show the demo's logins on the sign-in page.")
BASE_URL = env.text(
    "STANDFAST_BASE_URL", "http://127.0.0.1:8000", "Address that links in notifications start with."
).rstrip("/")
SECRET_KEY = env.secret(
    "STANDFAST_SECRET_KEY",
    "Signs sessions and encrypts secrets; made and kept in the data folder when not given.",
) or stored_secret_key(DATA_DIR)
ALLOWED_HOSTS = env.listing(
    "STANDFAST_ALLOWED_HOSTS",
    f"{urlsplit(BASE_URL).hostname},localhost,127.0.0.1,[::1]",
    "Host names that are answered, comma-separated; * for any.",
)
BEHIND_TLS = env.boolean(
    "STANDFAST_BEHIND_TLS", False, "A proxy in front speaks HTTPS: secure cookies, HSTS."
)
STANDFAST_DUE_SOON_MINUTES = env.integer(
    "STANDFAST_DUE_SOON_MINUTES", 15, "An update is due soon this many minutes before its promise."
)
STANDFAST_MAX_BODY_BYTES = env.integer(
    "STANDFAST_MAX_BODY_BYTES", 4_000_000, "Largest body of a monitoring webhook, in bytes."
)
STANDFAST_BURST_SECONDS = env.integer(
    "STANDFAST_BURST_SECONDS",
    120,
    "Updates of one issue within so many seconds become one message to those who can wait.",
)
STANDFAST_ALLOW_PRIVATE_WEBHOOKS = env.boolean(
    "STANDFAST_ALLOW_PRIVATE_WEBHOOKS",
    False,
    "Let webhooks and other channels reach private and loopback addresses.",
)
STANDFAST_PRIVATE_HOSTS = env.listing(
    "STANDFAST_PRIVATE_HOSTS",
    "",
    "Hosts in private networks that channels may reach all the same, comma-separated.",
)
STANDFAST_EMAIL_URL = (
    env.secret(
        "STANDFAST_EMAIL_URL",
        "smtp://user:password@host:587?tls=starttls (or tls=tls, tls=none), or folder:PATH to "
        "write each mail as a file; by default the folder mail below the data folder.",
    )
    or f"folder:{DATA_DIR / 'mail'}"
)
DEFAULT_FROM_EMAIL = env.text(
    "STANDFAST_EMAIL_FROM", "Standfast <status@localhost>", "Sender of every e-mail."
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Browsers ask for the public half when somebody allows push messages.
STANDFAST_VAPID = stored_vapid_key(DATA_DIR)
STANDFAST_CHANNELS = channel_options()

WEB_THREADS = env.integer(
    "STANDFAST_WEB_THREADS", 8, "Threads that serve pages and APIs in one process.", minimum=1
)

STANDFAST_BACKUP_TARGETS = backup_targets(
    env.listing(
        "STANDFAST_BACKUP_TARGETS",
        "",
        "Stores that the backup site is written to, comma-separated: folders, s3://bucket/path, "
        "gs://…, az://…; by default the folder bundle below the data folder; none for no backup "
        "site.",
    ),
    DATA_DIR,
)
STANDFAST_BACKUP_URL = env.text(
    "STANDFAST_BACKUP_URL", "http://127.0.0.1:8001", "Address at which people read the backup site."
)
STANDFAST_BACKUP_STALE_MINUTES = env.integer(
    "STANDFAST_BACKUP_STALE_MINUTES",
    15,
    "The backup site calls itself out of date after so many minutes without a new generation.",
    minimum=1,
)
STANDFAST_BACKUP_PROVIDER = env.text(
    "STANDFAST_BACKUP_PROVIDER",
    "",
    "Short name of the provider whose status is the first page of the backup site; the oldest "
    "one with a public page when not given.",
)
STANDFAST_BACKUP_KEY_FILE = env.text(
    "STANDFAST_BACKUP_KEY_FILE",
    "",
    "File with the key that signs the backup site; made below the data folder when not given.",
)
STANDFAST_EMERGENCY_PUBLIC_KEYS = env.listing(
    "STANDFAST_EMERGENCY_PUBLIC_KEYS",
    "",
    "Public keys (ed25519:…) that may post to the backup site when the application is gone; when "
    "not given, a key is made below the data folder.",
)

# Parts --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "ninja",
    "standfast.apps.tenancy",
    "standfast.apps.catalog",
    "standfast.apps.incidents",
    "standfast.apps.responsibility",
    "standfast.apps.messagecenter",
    "standfast.apps.delivery",
    "standfast.apps.social",
    "standfast.apps.ingest",
    "standfast.apps.publishing",
    "standfast.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "standfast.web.null_characters.NullCharacterMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "standfast.web.preferences.PreferencesMiddleware",
    "standfast.web.phone.reader.ReaderMiddleware",
]
ROOT_URLCONF = "standfast.config.urls"
WSGI_APPLICATION = "standfast.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "standfast.web.chrome.page_chrome",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "standfast.web.templatetags.frame",
                "standfast.web.templatetags.phone",
                "standfast.web.templatetags.standfast",
            ],
        },
    }
]
FORM_RENDERER = "standfast.web.forms.FormRenderer"

# Data ---------------------------------------------------------------------------------------
DATABASE_URL = env.secret(
    "DATABASE_URL", "postgres://user:password@host/name; SQLite in the data folder when empty."
)
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        DATABASE_URL or f"sqlite:///{DATA_DIR / 'standfast.sqlite3'}", conn_max_age=600
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    # A server-side binding keeps prepared plans; pooled connections suit the thread bridge.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = STANDFAST_MAX_BODY_BYTES

# People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "standfast.web.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "standfast.web.accounts.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts begin with an invitation sent to the address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "signed_out"  # the page whose worker forgets what was kept
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can make us write to a stranger
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Standfast: "
# Single sign-on signs in to the account under the address that the server has verified.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
OIDC_SERVER = env.text("STANDFAST_OIDC_SERVER", "", "Issuer address of an OpenID Connect provider.")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("STANDFAST_OIDC_NAME", "Single sign-on", "Its name on the page."),
                "client_id": env.text("STANDFAST_OIDC_CLIENT_ID", "", "Client id there."),
                "secret": env.secret("STANDFAST_OIDC_CLIENT_SECRET", "Client secret there."),
                "settings": {"server_url": OIDC_SERVER},
            }
        ]
    }

# Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hant", _("Traditional Chinese"))]
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "web/locale"]
FORMAT_MODULE_PATH = ["standfast.config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files and protection -----------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns when it is missing; finders fill the gap
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        # Browsers apply this to the redirect that follows the form “sign in with …”, too.
        "form-action": [SELF, *([_origin(OIDC_SERVER)] if OIDC_SERVER else [])],
        "frame-ancestors": [NONE],
    }
}
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "standfast.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # the proxy in front redirects to HTTPS

globals().update(django_mail(STANDFAST_EMAIL_URL))
LOGGING = log.logging_config(
    level=env.text("STANDFAST_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR.")
)
