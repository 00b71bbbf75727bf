from django.db import migrations

# Facets that only the API narrows by were not counted before; the others are there already.
COUNT = """
INSERT INTO catalog_facetcount (kind, by_facet, by_value, facet, value, label, count)
SELECT kind, '', '', facet, value, MAX(label), COUNT(*) FROM catalog_facetvalue WHERE true
GROUP BY kind, facet, value
ON CONFLICT (kind, by_facet, by_value, facet, value) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0007_renaming'),
    ]

    operations = [
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
