"""How pages are found and shared: their pictures, what they say to machines, their list."""
