"""Subscriptions of tenants and visitors: found, judged, repaired."""
