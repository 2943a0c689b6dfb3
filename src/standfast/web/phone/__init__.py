"""The installable app: manifest, service worker, what is shown offline, push to this device."""
