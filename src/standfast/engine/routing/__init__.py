"""Who is told what over which channel, and why the others are not."""
