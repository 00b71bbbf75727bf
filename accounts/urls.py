"""URLs under /accounts/: our own, and those of allauth that we use. Sign-up by form, password reset and email addresses
are not used, and have none."""

from allauth.account import views as account
from allauth.socialaccount import views as socialaccount
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import github, token_views, unsubscribe, views
from accounts.confirming import confirm_by_github, confirmed_lately
from accounts.limits import limit_sign_ins
from accounts.methods import accepts

own = (
    [
        path("settings/", views.settings, name="settings"),
        path("settings/tokens/", token_views.tokens, name="tokens"),
        path("settings/tokens/<id:pk>/revoke/", token_views.revoke, name="revoke-token"),
        path("reauthenticate/github/", confirm_by_github, name="confirm-by-github"),
        path("local/", views.local_sign_in, name="local"),
        path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    ],
    "accounts",
)
to_settings = RedirectView.as_view(pattern_name="accounts:settings")

urlpatterns = [
    path("", include(own)),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", confirmed_lately(account.password_change), name="account_change_password"),
    # names that allauth reverses, though the pages are not used
    path("signup/", account.signup, name="account_signup"),
    path("password/set/", to_settings, name="account_set_password"),
    path("email/", to_settings, name="account_email"),
    path("github/login/", accepts("GET", "POST")(limit_sign_ins(github.login)), name="github_login"),
    path("github/login/callback/", github.callback, name="github_callback"),
    path("3rdparty/", confirmed_lately(socialaccount.connections), name="socialaccount_connections"),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    path("2fa/totp/activate/", views.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/generate/", views.MakeRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("2fa/webauthn/keys/<id:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/webauthn/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]
