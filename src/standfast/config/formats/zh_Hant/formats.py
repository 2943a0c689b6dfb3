"""Traditional Chinese as written in Taiwan: 20,000."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
