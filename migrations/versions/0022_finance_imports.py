"""imports of money: of an organisation instead of a centre

Revision ID: 0022
Revises: 0021
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('table_import') as batch:
        batch.alter_column('centre_id', existing_type=REF, nullable=True)
        batch.add_column(sa.Column('organisation_id', REF, nullable=True))
        batch.add_column(sa.Column('operation', Plain, nullable=False, server_default=''))
        batch.create_foreign_key('fk_table_import_organisation_id', 'organisation', ['organisation_id'], ['id'])
        batch.create_check_constraint(op.f('ck_table_import_of_one'), '(centre_id IS NULL) <> (organisation_id IS NULL)')
    with op.batch_alter_table('table_import') as batch:
        batch.alter_column('operation', existing_type=Plain, server_default=None)


def downgrade():
    op.execute('DELETE FROM table_import WHERE centre_id IS NULL')
    with op.batch_alter_table('table_import') as batch:
        batch.drop_constraint(op.f('ck_table_import_of_one'), type_='check')
        batch.drop_constraint('fk_table_import_organisation_id', type_='foreignkey')
        batch.drop_column('operation')
        batch.drop_column('organisation_id')
        batch.alter_column('centre_id', existing_type=REF, nullable=False)
