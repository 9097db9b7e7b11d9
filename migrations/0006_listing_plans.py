"""What lists read is looked up product by product, whatever is thought of how much there is.

While a shop fills, the statistics are behind: a merge join is then taken for cheap that reads all
attribute values from the first one on, for each product once more.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

FUNCTIONS = ("catalog_list(int[])", "catalog_index(int[])")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_listing_values")]

    operations = [
        ops.RunSQL(
            [f"ALTER FUNCTION {each} SET enable_mergejoin = off" for each in FUNCTIONS],
            [f"ALTER FUNCTION {each} RESET enable_mergejoin" for each in FUNCTIONS],
        ),
    ]
