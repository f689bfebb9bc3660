"""What tests talk to besides the database: real servers, started on this machine."""
