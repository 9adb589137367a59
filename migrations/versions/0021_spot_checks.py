"""on-the-spot checks: who looked at what, what was found, answered and taken back

Revision ID: 0021
Revises: 0020
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('spot_check',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('operation_id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('body', Plain, nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('centre_id', REF, nullable=True),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('answer_due_on', sa.Date(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('concluded_on', sa.Date(), nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("kind IN ('service_fait', 'on_the_spot', 'operation_audit', 'other')", name=op.f('ck_spot_check_kind_known')),
    sa.CheckConstraint('answer_due_on >= checked_on', name=op.f('ck_spot_check_due_afterwards')),
    sa.CheckConstraint('answered_on >= checked_on', name=op.f('ck_spot_check_answered_afterwards')),
    sa.CheckConstraint('concluded_on >= checked_on', name=op.f('ck_spot_check_concluded_afterwards')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_spot_check_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_spot_check_centre_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_spot_check_gone_act_id')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_spot_check_operation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_check')),
    sa.UniqueConstraint('act_id', name=op.f('uq_spot_check_act_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_spot_check_uuid'))
    )
    op.create_index('ix_spot_check_operation_id_checked_on_id', 'spot_check', ['operation_id', 'checked_on', 'id'], unique=False)
    op.create_table('spot_check_finding',
    sa.Column('id', REF, nullable=False),
    sa.Column('check_id', REF, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('budget_line_id', REF, nullable=True),
    sa.Column('device_id', REF, nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('correction_cents', sa.BigInteger(), nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("(answer = '') = (answered_on IS NULL)", name=op.f('ck_spot_check_finding_answered_on_a_day')),
    sa.CheckConstraint('correction_cents >= 0', name=op.f('ck_spot_check_finding_correction')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_spot_check_finding_act_id')),
    sa.ForeignKeyConstraint(['budget_line_id'], ['budget_line.id'], name=op.f('fk_spot_check_finding_budget_line_id')),
    sa.ForeignKeyConstraint(['check_id'], ['spot_check.id'], name=op.f('fk_spot_check_finding_check_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_spot_check_finding_device_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_spot_check_finding_gone_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_check_finding')),
    sa.UniqueConstraint('act_id', name=op.f('uq_spot_check_finding_act_id')),
    sa.UniqueConstraint('check_id', 'number', name=op.f('uq_spot_check_finding_check_id_number'))
    )
    op.create_table('spot_check_item',
    sa.Column('id', REF, nullable=False),
    sa.Column('check_id', REF, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('direction', Plain, nullable=False),
    sa.Column('device_id', REF, nullable=True),
    sa.Column('result', Plain, nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("device_id IS NOT NULL OR words <> ''", name=op.f('ck_spot_check_item_told_somehow')),
    sa.CheckConstraint("direction = 'register' OR result IS NULL", name=op.f('ck_spot_check_item_looked_for')),
    sa.CheckConstraint("direction = 'shelf' OR device_id IS NOT NULL", name=op.f('ck_spot_check_item_drawn_from_the_register')),
    sa.CheckConstraint("direction IN ('register', 'shelf')", name=op.f('ck_spot_check_item_direction_known')),
    sa.CheckConstraint("result IN ('seen', 'not_seen')", name=op.f('ck_spot_check_item_result_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_spot_check_item_act_id')),
    sa.ForeignKeyConstraint(['check_id'], ['spot_check.id'], name=op.f('fk_spot_check_item_check_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_spot_check_item_device_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_spot_check_item_gone_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_check_item')),
    sa.UniqueConstraint('check_id', 'number', name=op.f('uq_spot_check_item_check_id_number'))
    )
    op.create_index('ix_spot_check_item_device_id', 'spot_check_item', ['device_id'], unique=False)
    op.create_index('uq_spot_check_item_once', 'spot_check_item', ['check_id', 'direction', 'device_id'], unique=True, sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))


def downgrade():
    op.drop_index('uq_spot_check_item_once', table_name='spot_check_item', sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.drop_index('ix_spot_check_item_device_id', table_name='spot_check_item')
    op.drop_table('spot_check_item')
    op.drop_table('spot_check_finding')
    op.drop_index('ix_spot_check_operation_id_checked_on_id', table_name='spot_check')
    op.drop_table('spot_check')
