"""The responsibility chart: who owns what, in regular operations and in an incident."""
