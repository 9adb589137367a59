"""who read the summaries again, and forms on paper that an undone loan gives back

Revision ID: 0019
Revises: 0018
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('rereading',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('language', Plain, nullable=False),
    sa.Column('sha256', Plain, nullable=False),
    sa.Column('read_on', sa.Date(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('ended_act_id', REF, nullable=True),
    sa.Column('reader', Plain, nullable=True),
    sa.Column('salt', Plain, nullable=True),
    sa.CheckConstraint("(reader IS NULL) = (salt IS NULL)", name=op.f('ck_rereading_named_with_salt')),
    sa.CheckConstraint("(reader IS NULL) = (ended_act_id IS NOT NULL)", name=op.f('ck_rereading_named_while_it_stands')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_rereading_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_rereading_centre_id')),
    sa.ForeignKeyConstraint(['ended_act_id'], ['act.id'], name=op.f('fk_rereading_ended_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rereading')),
    sa.UniqueConstraint('act_id', name=op.f('uq_rereading_act_id'))
    )
    stands = sa.text("ended_act_id IS NULL")
    op.create_index('uq_rereading_stands', 'rereading', ['centre_id', 'language'], unique=True, sqlite_where=stands, postgresql_where=stands)
    with op.batch_alter_table('signing_paper', schema=None) as batch:
        batch.drop_constraint(op.f('uq_signing_paper_form_id'), type_='unique')
    op.create_index('ix_signing_paper_form_id', 'signing_paper', ['form_id'])


def downgrade():
    op.drop_index('ix_signing_paper_form_id', 'signing_paper')
    with op.batch_alter_table('signing_paper', schema=None) as batch:
        batch.create_unique_constraint(op.f('uq_signing_paper_form_id'), ['form_id'])
    op.drop_table('rereading')
