"""What people and programs are told: mails to authors and moderators, webhooks, and the thread that sends both."""
