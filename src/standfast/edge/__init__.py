"""What many people want at once, served without Django: event streams."""
