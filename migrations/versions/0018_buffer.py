"""each booking carries the days to wipe its thing, and a centre settles how many

Revision ID: 0018
Revises: 0016
"""
from alembic import op
import sqlalchemy as sa

revision = '0018'
down_revision = '0016'
branch_labels = None
depends_on = None

TABLES = ('booking', 'lending_policy')


def upgrade():
    """What is kept already was kept with one day."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column('buffer_days', sa.BigInteger(), nullable=False, server_default='1'))
            batch.create_check_constraint(op.f(f'ck_{table}_buffer'), 'buffer_days BETWEEN 0 AND 14')


def downgrade():
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f'ck_{table}_buffer'), type_='check')
            batch.drop_column('buffer_days')
