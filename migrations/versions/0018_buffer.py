"""each booking carries the days to wipe its thing, a centre settles how many; what left for a workshop

Revision ID: 0018
Revises: 0017
"""
from alembic import op
import sqlalchemy as sa

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ('booking', 'lending_policy')

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade():
    """What is kept already was kept with one day."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column('buffer_days', sa.BigInteger(), nullable=False, server_default='1'))
            batch.create_check_constraint(op.f(f'ck_{table}_buffer'), 'buffer_days BETWEEN 0 AND 14')
    with op.batch_alter_table('reservation_line') as batch:
        batch.add_column(sa.Column('out_act_id', REF, nullable=True))
        batch.create_foreign_key('fk_reservation_line_out_act_id', 'act', ['out_act_id'], ['id'])


def downgrade():
    with op.batch_alter_table('reservation_line') as batch:
        batch.drop_constraint('fk_reservation_line_out_act_id', type_='foreignkey')
        batch.drop_column('out_act_id')
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f'ck_{table}_buffer'), type_='check')
            batch.drop_column('buffer_days')
