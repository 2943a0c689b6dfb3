"""The demo's world: plans of everything there is, the same at every call. No Django here."""
