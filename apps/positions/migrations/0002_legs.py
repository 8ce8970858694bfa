"""A row a leg: the side joins the key, and what isolated margin needs stands beside it."""

from django.db import migrations, models

# Through negative numbers, so that no row meets another one's key on the way.
_WIDER = [
    "UPDATE positions_position SET position_id = -(position_id * 4 + position_side)",
    "UPDATE positions_position SET position_id = -position_id",
]
_NARROWER = [
    "DELETE FROM positions_position WHERE position_side <> 0",
    "UPDATE positions_position SET position_id = -(position_id / 4)",
    "UPDATE positions_position SET position_id = -position_id",
]


class Migration(migrations.Migration):

    dependencies = [
        ("positions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(_WIDER, _NARROWER),
        migrations.AddField(
            model_name="position",
            name="isolated_units",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="position",
            name="margin_mode",
            field=models.SmallIntegerField(choices=[(0, "cross"), (1, "isolated")], default=0),
        ),
        migrations.AlterField(
            model_name="position",
            name="position_side",
            field=models.SmallIntegerField(choices=[(0, "both"), (1, "long"), (2, "short")]),
        ),
    ]
