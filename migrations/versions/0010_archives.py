"""archives of imports

Revision ID: 0010
Revises: 0009
"""
from alembic import op
import sqlalchemy as sa

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('table_import') as batch:
        batch.add_column(sa.Column('archive_id', REF, nullable=True))
        batch.create_foreign_key('fk_table_import_archive_id', 'stored_file', ['archive_id'], ['id'])


def downgrade():
    with op.batch_alter_table('table_import') as batch:
        batch.drop_constraint('fk_table_import_archive_id', type_='foreignkey')
        batch.drop_column('archive_id')
