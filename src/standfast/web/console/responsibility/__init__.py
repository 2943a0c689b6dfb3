"""The provider's responsibility chart: for all its services, and where one of them differs."""
