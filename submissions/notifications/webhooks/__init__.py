"""Webhooks: what is published, told to addresses that subscribed; they follow the ledger and never hold it up."""
