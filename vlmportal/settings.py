"""Settings of VLM Portal, from environment variables (README, “Configuration”); none is required."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import django
from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from vlmportal.env import BASE_DIR, data_dir, env, secret_key

DATA_DIR = data_dir()
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SITE_NAME = env.str("SITE_NAME", "VLM Portal")
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
# names the site in the ids of feeds (RFC 4151), which stay when the site moves if this does
TAG_AUTHORITY = env.str("TAG_AUTHORITY", f"{urlsplit(SITE_URL).hostname or 'localhost'},2026")
CONTACT_URL = env.str("CONTACT_URL", "")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")  # for /.well-known/security.txt, with the day it holds until
SECURITY_EXPIRES = env.date("SECURITY_EXPIRES", None)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# -- applications: ours come first, so that our templates override those of allauth and the admin
INSTALLED_APPS = [
    "accounts",
    "submissions",
    "submissions.api",
    "submissions.notifications.webhooks",
    "catalog",
    "background",
    "django_tasks_db",
    "accounts.admin_apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.mfa",
    "corsheaders",
    "csp",
    "django_filters",
    "drf_spectacular",
    "rest_framework",
]

MIDDLEWARE = [
    "vlmportal.middleware.SecurityHeaders",
    "catalog.api.problems.ProblemMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "vlmportal.middleware.BodyLimit",
    "vlmportal.middleware.QueryLimit",
    "vlmportal.middleware.UTF8Only",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "catalog.page_cache.PageCache",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "catalog.api.compression.CompressionMiddleware",
    "catalog.web.documents.CleanDocuments",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "vlmportal.middleware.Methods",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.SessionUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.OneSite",
    "catalog.web.as_of.AsOf",
]

ROOT_URLCONF = "vlmportal.urls"
WSGI_APPLICATION = "vlmportal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "vlmportal.templates.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "catalog.web.context_processors.site",
                "accounts.context_processors.people",
            ],
        },
    },
]

# -- data: SQLite on one machine, or PostgreSQL by DATABASE_URL
SQLITE_ENGINE = "vlmportal.sqlite"  # of the databases of past days, too
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
    ),
}


# a server that does not answer is given up: while connecting, and when its machine no longer acknowledges what is sent
POSTGRES_OPTIONS = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
# set by vlmportal/wsgi.py: web requests have a limit, management commands such as `migrate` have none
STATEMENT_TIMEOUT = env.float("STATEMENT_TIMEOUT") if env.str("STATEMENT_TIMEOUT", "") else 0.0  # seconds


def database(url: str) -> dict[str, Any]:
    """Django's settings of a database from its URL, with the options that each engine needs to be safe."""
    config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if config["ENGINE"].endswith("sqlite3"):
        config["ENGINE"] = SQLITE_ENGINE
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        config["TEST"] = {"NAME": env.str("TEST_SQLITE", "") or None}
    elif config["ENGINE"].endswith("postgresql"):
        config["ENGINE"] = "vlmportal.postgresql"
        config["OPTIONS"] = {**POSTGRES_OPTIONS, **config.get("OPTIONS", {})}
        if STATEMENT_TIMEOUT:
            config["OPTIONS"]["answer_timeout"] = STATEMENT_TIMEOUT + 1  # for a server that does not keep to its own
            # a process that was ended leaves no lock behind, even if the server does not hear of its end
            limits = (("statement_timeout", STATEMENT_TIMEOUT), ("idle_in_transaction_session_timeout", 60))
            given = config["OPTIONS"].get("options", "")
            config["OPTIONS"]["options"] = " ".join([*(f"-c {name}={value}s" for name, value in limits), given]).strip()
    return config


DATABASES = {"default": database(env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
# a past day is read from a database of its own (catalog.ledger.past), rebuilt while the reader waits
DATABASE_ROUTERS = ["catalog.models.database.Router"]
PAST_DIR = DATA_DIR / "past"
PAST_MAX_REVISIONS = env.int("PAST_MAX_REVISIONS", 20_000)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 32)  # per process, for cached responses

REDIS_URL = env.str("REDIS_URL", "")
REDIS_TIMEOUT = 0.04  # seconds to connect, and for each answer: together below 0.1; a URL may have its own
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "vlmportal.cache.OptionalRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": REDIS_TIMEOUT, "socket_connect_timeout": REDIS_TIMEOUT},
        }
        if REDIS_URL
        # Django's default limit of 300 would drop counters of accounts/limits.py and submissions/limits.py
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    )
}

# -- accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # trusted for X-Forwarded-For when sign-ins are counted
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds; see accounts/confirming.py
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# beyond these, accounts/limits.py answers 429 with the seconds to wait
SIGN_INS_A_MINUTE = env.int("SIGN_INS_A_MINUTE", 20)  # per IP address
ACCOUNT_RATE_LIMITS = {
    "login": f"{SIGN_INS_A_MINUTE}/m/ip",
    "sign_in": f"{SIGN_INS_A_MINUTE}/m/ip",
    "login_failed": f"{SIGN_INS_A_MINUTE}/m/ip,5/5m/key",
}
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = True
GITHUB_URL = env.str("GITHUB_URL", "https://github.com").rstrip("/")
GITHUB_CLIENT_ID = env.str("GITHUB_CLIENT_ID", "")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "github": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["user:email"],
        "APPS": (
            [{"client_id": GITHUB_CLIENT_ID, "secret": env.str("GITHUB_CLIENT_SECRET", ""), "key": ""}]
            if GITHUB_CLIENT_ID
            else []
        ),
        # given github.com here, allauth would use /api/v3, which only an Enterprise Server has
        **({} if GITHUB_URL == "https://github.com" else {"GITHUB_URL": GITHUB_URL}),
    }
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # periods of 30 s; accounts/codes.py takes each code once
MFA_FORMS = {
    "authenticate": "accounts.codes.SignInCodeForm",
    "reauthenticate": "accounts.codes.ConfirmationCodeForm",
    "activate_totp": "accounts.codes.SetUpCodeForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody can enter an address, so it cannot be somebody else's
LOCAL_DEMO = env.bool("LOCAL_DEMO", False)

# -- email: by SMTP if EMAIL_HOST is set, else to the console
MAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.str('EMAIL_HOST', '') else 'console'}.EmailBackend"
SMTP: dict[str, Any] = {
    "host": env.str("EMAIL_HOST", ""),
    "port": env.int("EMAIL_PORT", 587),
    "username": env.str("EMAIL_HOST_USER", ""),
    "password": env.str("EMAIL_HOST_PASSWORD", ""),
    "use_tls": env.bool("EMAIL_USE_TLS", True),
    "timeout": 10,
}
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": MAIL_BACKEND, "OPTIONS": SMTP if SMTP["host"] else {}}}
else:
    EMAIL_BACKEND = MAIL_BACKEND
    EMAIL_HOST, EMAIL_PORT = SMTP["host"], SMTP["port"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP["username"], SMTP["password"]
    EMAIL_USE_TLS, EMAIL_TIMEOUT = SMTP["use_tls"], SMTP["timeout"]
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "noreply@localhost")

# -- review
QUEUE_DIGEST_MINUTES = env.int("QUEUE_DIGEST_MINUTES", 60)
FETCH_METADATA = env.bool("FETCH_METADATA", True)
FETCH_METADATA_EXCEPT = env.str("FETCH_METADATA_EXCEPT", "").replace(",", " ").split()
FETCH_TEST_HOSTS: list[str] = []
# rate limits per account: (times, seconds)
LIMITS = {
    "propose": (60, 600),
    "batch": (10, 600),
    "paste": (60, 600),
    "comment": (60, 600),
    "flag": (20, 600),
    "help": (600, 600),
    "check": (12, 600),  # a list: per account, or per IP address without one
    "keep": (30, 600),  # per IP address: forms kept from people who have not signed in yet
}
# for forms with many rows (submissions/forms/posted.py) and the checkboxes of a batch; Django's default is 1,000. Of a
# query fewer are read (vlmportal/middleware.py)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_100  # a list of 10,000 entries, all of them ticked
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # a batch of a thousand lines, a list of three megabytes

# -- background work (manage.py worker): each queue has a thread of its own
TASKS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "email", "webhooks"]}
}
# what the worker looks for, and every how many seconds; a look reads, and writes only where it finds something
BACKGROUND_LOOKS = {
    "submissions.notifications.webhooks.delivery.take_up_deliveries": 5,
    "submissions.notifications.email_queue.take_up_late_emails": 60,
    "submissions.workflow.deciding_many.take_up_decisions": 60,
    "submissions.workflow.importing_lists.take_up_lists": 60,
    "background.upkeep.take_up_lost_tasks": 60,
    "background.upkeep.schedule_pruning": 3600,
}

# -- the API
API_RATES = {  # requests per client: (times, seconds)
    "anonymous": (env.int("API_RATE_ANONYMOUS", 300), 60),
    "signed-in": (env.int("API_RATE_SIGNED_IN", 900), 60),
    "token": (env.int("API_RATE_TOKEN", 1800), 60),
}
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["catalog.api.renderers.JSON", "catalog.api.renderers.ProblemJSON"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["catalog.api.throttles.TierThrottle"],
    "DEFAULT_SCHEMA_CLASS": "catalog.api.schema.PortalSchema",
    "EXCEPTION_HANDLER": "catalog.api.problems.handle",
    "NUM_PROXIES": int(BEHIND_PROXY),
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": f"{SITE_NAME} API",
    "VERSION": "1",
    "DESCRIPTION": "Everything a page of the portal shows, without an account; and the same way in for proposals.",
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": SITE_URL}],
    "LICENSE": {"name": "Data under CC BY 4.0", "identifier": "CC-BY-4.0"},
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATION_PARAMETERS": False,
    "PATH_CONVERTER_OVERRIDES": {
        "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
        "id": {"type": "integer"},
        "revision": {"type": "integer"},
    },
}
# for the API reference: the types of problems
API_PROBLEM_TYPES = ["catalog.api.problems.PROBLEMS", "submissions.api.problems.PROBLEMS"]
# pages of any origin may read, but not with a visitor's credentials
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match", "if-modified-since"]
CORS_EXPOSE_HEADERS = ["ETag", "Last-Modified", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"]

# -- language and time
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "vlmportal.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# -- static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# -- security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, GITHUB_URL],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL = env.bool("SECURE_SSL", False)
SECURE_SSL_REDIRECT = SECURE_SSL
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL
SECURE_HSTS_PRELOAD = SECURE_SSL
SECURE_REDIRECT_EXEMPT = [r"^healthz(/live|/ready)?$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL or SITE_URL.startswith("https://")
if SESSION_COOKIE_SECURE:
    # browsers take such a cookie only from this very host over https, for the whole of it (RFC 6265bis, 4.1.3.2)
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# no ADMINS: Django sends no error mails, which would quote whole requests
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "vlmportal.logs.Formatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"short_outages": {"()": "vlmportal.outages.ShortOutages"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET"},  # to the root's handler only
        "django.request": {"filters": ["short_outages"]},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},  # `make dev`
    },
}
