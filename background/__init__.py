"""Background work: one worker process runs the tasks that the site enqueues in its database (django-tasks-db)."""
