"""Problems that tenants report."""
