"""Notifications: emails to authors and moderators, webhooks, and the worker thread that sends both."""
