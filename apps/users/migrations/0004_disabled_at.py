from django.db import migrations, models
from django.utils import timezone


def keep_who_is_disabled(apps, schema_editor):
    """Inactive, but neither frozen nor closed: that was how a disabled person looked."""
    users = apps.get_model("users", "User").objects
    users.filter(is_active=False, frozen_at=None, closed_at=None).update(disabled_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ("users", "0003_identity"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="disabled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(keep_who_is_disabled, migrations.RunPython.noop),
    ]
