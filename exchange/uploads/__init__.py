"""A folder sent to the admin: read, compared row by row, confirmed, loaded by a worker."""
