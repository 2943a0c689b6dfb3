from django.db import migrations
from django.db.models import OuterRef, Subquery


def own_notices(apps, schema_editor):
    """Notices so far are of issues, so in the log of the issue's provider."""
    Notice = apps.get_model("delivery", "Notice")
    Issue = apps.get_model("incidents", "Issue")
    provider = Issue.objects.filter(pk=OuterRef("issue")).values("provider")[:1]
    Notice.objects.filter(issue__isnull=False).update(provider=Subquery(provider))


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0003_choices_holding_and_visitors'),
        ('incidents', '0002_initial'),
    ]

    operations = [
        migrations.RunPython(own_notices, migrations.RunPython.noop, elidable=True),
    ]
