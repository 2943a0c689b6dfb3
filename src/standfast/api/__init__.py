"""What programs talk to: the native API, webhooks of monitoring systems."""
