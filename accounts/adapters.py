"""How allauth behaves here: accounts come from GitHub, so the local sign-up form is closed."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No local sign-up; a social sign-up asks the social adapter instead."""
        return False
