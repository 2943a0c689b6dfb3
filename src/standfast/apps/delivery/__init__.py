"""Who is told over what: subscriptions, deliveries, attempts, retries."""
