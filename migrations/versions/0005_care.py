"""care

Revision ID: 0005
Revises: 0004
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = Plain
IN_TRANSIT = sa.text("state = 'in_transit'")
ENDINGS = {"loan": "ending IN ('returned', 'undone', 'lost')", "loan_line": "ending IN ('returned', 'undone', 'lost')"}
FORMER = "ending IN ('returned', 'undone')"

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    _endings(ENDINGS)
    op.create_index('ix_device_in_transit', 'device', ['id'], sqlite_where=IN_TRANSIT, postgresql_where=IN_TRANSIT)
    op.create_table('partner',
    sa.Column('id', REF, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('folded', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner')),
    sa.UniqueConstraint('folded', name=op.f('uq_partner_folded'))
    )
    op.create_table('movement',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('supplier', TEXT, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('document', TEXT, nullable=False),
    sa.Column('unwiped', TEXT, nullable=False),
    sa.Column('result', TEXT, nullable=False),
    sa.Column('cost_cents', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_movement_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_movement_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movement')),
    sa.UniqueConstraint('act_id', name=op.f('uq_movement_act_id'))
    )
    op.create_index('ix_movement_device_id_id', 'movement', ['device_id', 'id'])
    op.create_table('theft_tick',
    sa.Column('id', REF, nullable=False),
    sa.Column('link_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('step', TEXT, nullable=False),
    sa.Column('done', sa.Boolean(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('reference', TEXT, nullable=False),
    sa.Column('replaced_by', REF, nullable=True),
    sa.CheckConstraint("step IN ('complaint', 'sim', 'lock', 'insurer', 'authority', 'replaced')", name=op.f('ck_theft_tick_step_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_theft_tick_act_id')),
    sa.ForeignKeyConstraint(['link_id'], ['custody_link.id'], name=op.f('fk_theft_tick_link_id')),
    sa.ForeignKeyConstraint(['replaced_by'], ['device.id'], name=op.f('fk_theft_tick_replaced_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theft_tick')),
    sa.UniqueConstraint('act_id', name=op.f('uq_theft_tick_act_id'))
    )
    op.create_index('ix_theft_tick_link_id_id', 'theft_tick', ['link_id', 'id'])
    op.create_table('wipe_record',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('level', TEXT, nullable=False),
    sa.Column('tool', TEXT, nullable=False),
    sa.Column('files', TEXT, nullable=False),
    sa.Column('accounts_out', sa.Boolean(), nullable=False),
    sa.Column('cards_out', sa.Boolean(), nullable=False),
    sa.Column('verified_by', REF, nullable=True),
    sa.CheckConstraint("level IN ('clear', 'purge', 'destroy')", name=op.f('ck_wipe_record_level_known')),
    sa.CheckConstraint("files IN ('offered', 'waited')", name=op.f('ck_wipe_record_files_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_wipe_record_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_wipe_record_device_id')),
    sa.ForeignKeyConstraint(['verified_by'], ['person.id'], name=op.f('fk_wipe_record_verified_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wipe_record')),
    sa.UniqueConstraint('act_id', name=op.f('uq_wipe_record_act_id'))
    )
    op.create_index(op.f('ix_wipe_record_device_id'), 'wipe_record', ['device_id'])
    op.create_table('maintenance_plan',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('every_days', sa.BigInteger(), nullable=True),
    sa.Column('every', sa.BigInteger(), nullable=True),
    sa.Column('unit', TEXT, nullable=False),
    sa.Column('ended_at', MomentType(), nullable=True),
    sa.CheckConstraint("unit IN ('hours', 'prints')", name=op.f('ck_maintenance_plan_unit_known')),
    sa.CheckConstraint('every_days IS NOT NULL OR every IS NOT NULL', name=op.f('ck_maintenance_plan_every_something')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_maintenance_plan_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_maintenance_plan_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance_plan')),
    sa.UniqueConstraint('act_id', name=op.f('uq_maintenance_plan_act_id'))
    )
    op.create_index(op.f('ix_maintenance_plan_device_id'), 'maintenance_plan', ['device_id'])
    op.create_table('maintenance_done',
    sa.Column('id', REF, nullable=False),
    sa.Column('plan_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_maintenance_done_act_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['maintenance_plan.id'], name=op.f('fk_maintenance_done_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance_done')),
    sa.UniqueConstraint('act_id', name=op.f('uq_maintenance_done_act_id'))
    )
    op.create_index('ix_maintenance_done_plan_id_id', 'maintenance_done', ['plan_id', 'id'])
    op.create_table('meter_reading',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('unit', TEXT, nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("unit IN ('hours', 'prints')", name=op.f('ck_meter_reading_unit_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_meter_reading_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_meter_reading_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meter_reading')),
    sa.UniqueConstraint('act_id', name=op.f('uq_meter_reading_act_id'))
    )
    op.create_index('ix_meter_reading_device_id_unit_id', 'meter_reading', ['device_id', 'unit', 'id'])


def downgrade():
    for table in ('meter_reading', 'maintenance_done', 'maintenance_plan', 'wipe_record', 'theft_tick', 'movement', 'partner'):
        op.drop_table(table)
    op.drop_index('ix_device_in_transit', 'device')
    _endings(dict.fromkeys(ENDINGS, FORMER))


def _endings(checks):
    """A loan may end because its thing was lost. SQLite builds the table anew, named checks and all."""
    for table, check in checks.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_ending_known'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_ending_known'), check)
