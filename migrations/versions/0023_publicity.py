"""what tells the public of the Union's money

Revision ID: 0023
Revises: 0022
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('publicity',
    sa.Column('id', REF, nullable=False),
    sa.Column('operation_id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('centre_id', REF, nullable=True),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('file_id', REF, nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("(centre_id IS NOT NULL) = (kind IN ('poster', 'display'))", name=op.f('ck_publicity_centre_of_a_poster')),
    sa.CheckConstraint("kind IN ('poster', 'display', 'plaque', 'plaque_not_due', 'website')", name=op.f('ck_publicity_kind_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_publicity_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_publicity_centre_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_publicity_file_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_publicity_gone_act_id')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_publicity_operation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publicity')),
    sa.UniqueConstraint('act_id', name=op.f('uq_publicity_act_id')),
    sa.UniqueConstraint('file_id', name=op.f('uq_publicity_file_id'))
    )
    op.create_index('ix_publicity_operation_id_kind_id', 'publicity', ['operation_id', 'kind', 'id'], unique=False)


def downgrade():
    op.drop_table('publicity')
