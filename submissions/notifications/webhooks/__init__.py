"""Webhooks: send published changes to subscribed URLs, without delaying publishing."""
