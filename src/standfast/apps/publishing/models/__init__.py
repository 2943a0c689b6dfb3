"""What is known of the backup site: see each module for one idea."""

from standfast.apps.publishing.models.emergency import EmergencyPost
from standfast.apps.publishing.models.target import Target, WrittenSite
from standfast.apps.publishing.models.tenant_page import TenantPage

__all__ = ["EmergencyPost", "Target", "TenantPage", "WrittenSite"]
