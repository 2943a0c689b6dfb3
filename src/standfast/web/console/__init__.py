"""The console: the calm control room of a provider's communicators and engineers."""
