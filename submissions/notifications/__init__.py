"""Notifications: emails to authors and moderators, webhooks, and the background tasks that send both."""
