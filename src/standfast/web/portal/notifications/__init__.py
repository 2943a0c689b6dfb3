"""What people of a tenant are told, and over which channel."""
