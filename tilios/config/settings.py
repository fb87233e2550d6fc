"""Django's settings, the same for every instance; what differs is read in `environment.py`."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from tilios.config import environment

ROOT = environment.ROOT
DATA = environment.data_folder()
ADDRESS = environment.public_address()

SECRET_KEY = environment.secret("django")
DEBUG = environment.flag("TILIOS_DEBUG")
ALLOWED_HOSTS = [ADDRESS.host, "127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS += [name for name in environment.read("TILIOS_HOSTS").replace(",", " ").split() if name]
CSRF_TRUSTED_ORIGINS = [ADDRESS.url]

TILIOS_URL = ADDRESS.url
TILIOS_MAIL_FROM = environment.read("TILIOS_MAIL_FROM", f"Tilios <tilios@{ADDRESS.host}>")
TILIOS_TRUSTED_PROXIES = int(environment.read("TILIOS_TRUSTED_PROXIES", "0"))
TILIOS_DATA = DATA
TILIOS_SENDFILE = environment.send_file()


def _tool_apps() -> list[str]:
    """Every folder of `tools/` that holds a `tool.py`: adding a tool is adding a folder."""
    folder = Path(__file__).resolve().parents[1] / "tools"
    return sorted(f"tilios.tools.{path.parent.name}" for path in folder.glob("*/tool.py"))


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "tilios.ui",  # before allauth: its templates dress allauth's pages
    "tilios.core.jobs",
    "tilios.core.structures",
    "tilios.core.live",
    "tilios.core.journal",
    "tilios.core.blobs",
    "tilios.core.reading",
    "tilios.core.people",
    "tilios.core.access",
    "tilios.core.toolbox",
    "tilios.core.notify",
    "tilios.core.mailroom",
    "tilios.core.conversations",
    "tilios.core.search",
    "tilios.core.billing",
    "tilios.core.dav",
    "tilios.core.uploads",
    "tilios.core.shelves",
    "tilios.core.documents",
    "tilios.core.portability",
    "tilios.portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *_tool_apps(),
]

MIDDLEWARE = [
    "tilios.portal.middleware.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "tilios.portal.middleware.headers.SecurityHeaders",
    "tilios.portal.middleware.programs.Programs",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tilios.portal.middleware.preferences.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tilios.portal.middleware.activity.SessionActivity",
]

ROOT_URLCONF = "tilios.config.urls"
WSGI_APPLICATION = "tilios.config.wsgi.application"
ASGI_APPLICATION = "tilios.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tilios.portal.shell.context",
            ],
        },
    }
]
FORM_RENDERER = "tilios.ui.forms.Renderer"

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": {"BACKEND": "tilios.core.blobs.storage.DiskStorage", "OPTIONS": {"location": DATA / "blobs"}},
    "blobs": environment.blobs(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 31536000

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if environment.read("TILIOS_REDIS_URL"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.read("TILIOS_REDIS_URL"),
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# People ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["tilios.core.access.login.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tilios.core.access.login.LongEnough"},
    {"NAME": "tilios.core.access.login.NotTooCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tilios.core.access.login.Adapter"
ACCOUNT_FORMS = {
    "login": "tilios.core.access.login_forms.LoginForm",
    "reset_password": "tilios.core.access.login_forms.ResetPasswordForm",
    "reset_password_from_key": "tilios.core.access.login_forms.ResetPasswordKeyForm",
    "change_password": "tilios.core.access.login_forms.ChangePasswordForm",
    "set_password": "tilios.core.access.login_forms.SetPasswordForm",
    "reauthenticate": "tilios.core.access.login_forms.ReauthenticateForm",
    "add_email": "tilios.core.access.login_forms.AddEmailForm",
}
# Guessing is counted by core/access/attempts.py, in the database: one count for every door and every process.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/key", "reset_password": "60/m/ip"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = ADDRESS.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = TILIOS_TRUSTED_PROXIES
MFA_ADAPTER = "tilios.core.access.second_factor.Adapter"
MFA_FORMS = {
    "authenticate": "tilios.core.access.login_forms.AuthenticateForm",
    "reauthenticate": "tilios.core.access.login_forms.ReauthenticateCodeForm",
    "activate_totp": "tilios.core.access.login_forms.ActivateCodeForm",
    "add_webauthn": "tilios.core.access.login_forms.AddPasskeyForm",
    "edit_webauthn": "tilios.core.access.login_forms.EditPasskeyForm",
}
MFA_TOTP_TOLERANCE = 1  # a phone whose clock is half a minute late
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ADDRESS.secure
MFA_TOTP_ISSUER = "Tilios"
USERSESSIONS_TRACK_ACTIVITY = True

# Languages ---------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "tilios_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# Mail: every message is first a row of the outbox, then leaves by a job (core/notify) --------------------------------
EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"
DEFAULT_FROM_EMAIL = TILIOS_MAIL_FROM
SERVER_EMAIL = TILIOS_MAIL_FROM
TILIOS_MAIL_SERVER = environment.mail_server()
TILIOS_LMTP, TILIOS_MAIL_DOMAIN = environment.mailroom()

# Security ----------------------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "tilios_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ADDRESS.secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
CSRF_COOKIE_NAME = "tilios_csrf"
CSRF_FAILURE_VIEW = "tilios.portal.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if ADDRESS.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = False  # the reverse proxy does it; behind it we see its X-Forwarded-Proto
if TILIOS_TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = DATA / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
TILIOS_UPLOADS = environment.uploads()
TILIOS_OUTSIDE_NETWORKS = environment.outside_networks()
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS is set when TILIOS_URL is https
    "security.W005",  # a structure's other subdomains are not ours to bind
    "security.W021",
    "security.W008",  # the reverse proxy redirects to https
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "tilios.config.logs.KeyValueFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.read("TILIOS_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # every request has its line already
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
        "weasyprint": {"level": "CRITICAL"},  # what it leaves out of a document is no news
        "weasyprint.progress": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
