"""stock

Revision ID: 0007
Revises: 0006
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = Plain

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('supply',
    sa.Column('id', REF, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('folded', TEXT, nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('unit', TEXT, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.CheckConstraint("kind IN ('consumable', 'accessory')", name=op.f('ck_supply_kind_known')),
    sa.CheckConstraint("unit IN ('piece', 'g', 'ml', 'm', 'sheet')", name=op.f('ck_supply_unit_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_supply_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supply')),
    sa.UniqueConstraint('act_id', name=op.f('uq_supply_act_id')),
    sa.UniqueConstraint('folded', name=op.f('uq_supply_folded'))
    )
    op.create_table('delivery',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('supplier', TEXT, nullable=False),
    sa.Column('order_number', TEXT, nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('programme', TEXT, nullable=True),
    sa.Column('closed_at', MomentType(), nullable=True),
    sa.CheckConstraint("programme IN ('2014-2020', '2021-2027')", name=op.f('ck_delivery_programme_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_delivery_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_delivery_centre_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('act_id', name=op.f('uq_delivery_act_id'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_centre_id'), ['centre_id'], unique=False)

    op.create_table('stock_take',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('opened_at', MomentType(), nullable=False),
    sa.Column('closed_at', MomentType(), nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_stock_take_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_stock_take_centre_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_take')),
    sa.UniqueConstraint('act_id', name=op.f('uq_stock_take_act_id'))
    )
    with op.batch_alter_table('stock_take', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_take_centre_id'), ['centre_id'], unique=False)

    op.create_table('supply_stock',
    sa.Column('id', REF, nullable=False),
    sa.Column('supply_id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('on_hand', sa.BigInteger(), nullable=False),
    sa.Column('value_cents', sa.BigInteger(), nullable=False),
    sa.Column('minimum', sa.BigInteger(), nullable=False),
    sa.Column('moves', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('on_hand >= 0', name=op.f('ck_supply_stock_never_below_zero')),
    sa.CheckConstraint('value_cents >= 0', name=op.f('ck_supply_stock_value_not_negative')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_supply_stock_centre_id')),
    sa.ForeignKeyConstraint(['supply_id'], ['supply.id'], name=op.f('fk_supply_stock_supply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supply_stock')),
    sa.UniqueConstraint('supply_id', 'centre_id', name=op.f('uq_supply_stock_supply_id_centre_id'))
    )
    with op.batch_alter_table('supply_stock', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supply_stock_centre_id'), ['centre_id'], unique=False)

    op.create_table('delivery_line',
    sa.Column('id', REF, nullable=False),
    sa.Column('delivery_id', REF, nullable=False),
    sa.Column('model_id', REF, nullable=False),
    sa.Column('ordered', sa.BigInteger(), nullable=False),
    sa.Column('serials', sa.JSON(), nullable=False),
    sa.CheckConstraint('ordered >= 1', name=op.f('ck_delivery_line_ordered_some')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_delivery_line_delivery_id')),
    sa.ForeignKeyConstraint(['model_id'], ['device_model.id'], name=op.f('fk_delivery_line_model_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_line'))
    )
    with op.batch_alter_table('delivery_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_line_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('preparation_tick',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('step', TEXT, nullable=False),
    sa.Column('done', sa.Boolean(), nullable=False),
    sa.Column('at', MomentType(), nullable=False),
    sa.Column('by', REF, nullable=False),
    sa.CheckConstraint("step IN ('install', 'accounts', 'charger')", name=op.f('ck_preparation_tick_step_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_preparation_tick_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_preparation_tick_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preparation_tick')),
    sa.UniqueConstraint('act_id', name=op.f('uq_preparation_tick_act_id'))
    )
    with op.batch_alter_table('preparation_tick', schema=None) as batch_op:
        batch_op.create_index('ix_preparation_tick_device_id_id', ['device_id', 'id'], unique=False)

    op.create_table('sighting',
    sa.Column('id', REF, nullable=False),
    sa.Column('take_id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('code', TEXT, nullable=False),
    sa.Column('how', TEXT, nullable=False),
    sa.Column('at', MomentType(), nullable=False),
    sa.Column('by', REF, nullable=False),
    sa.Column('note', TEXT, nullable=False),
    sa.Column('file_id', REF, nullable=True),
    sa.CheckConstraint("how IN ('scan', 'visit', 'photo', 'declared', 'mistake')", name=op.f('ck_sighting_how_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_sighting_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_sighting_device_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_sighting_file_id')),
    sa.ForeignKeyConstraint(['take_id'], ['stock_take.id'], name=op.f('fk_sighting_take_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sighting')),
    sa.UniqueConstraint('act_id', name=op.f('uq_sighting_act_id'))
    )
    with op.batch_alter_table('sighting', schema=None) as batch_op:
        batch_op.create_index('ix_sighting_take_id_device_id_id', ['take_id', 'device_id', 'id'], unique=False)

    op.create_table('sim',
    sa.Column('id', REF, nullable=False),
    sa.Column('iccid', TEXT, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('operator', TEXT, nullable=False),
    sa.Column('plan_ends_on', sa.Date(), nullable=True),
    sa.Column('device_id', REF, nullable=True),
    sa.Column('note', TEXT, nullable=False),
    sa.Column('ended_at', MomentType(), nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_sim_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_sim_centre_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_sim_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sim')),
    sa.UniqueConstraint('iccid', name=op.f('uq_sim_iccid'))
    )
    with op.batch_alter_table('sim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sim_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sim_device_id'), ['device_id'], unique=False)

    op.create_table('stock_take_expected',
    sa.Column('id', REF, nullable=False),
    sa.Column('take_id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('code', TEXT, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('state', TEXT, nullable=False),
    sa.Column('here', sa.Boolean(), nullable=False),
    sa.CheckConstraint("state IN ('available', 'on_loan', 'with_staff', 'with_partner', 'on_outing', 'in_transit', 'to_check', 'in_repair', 'lost', 'stolen', 'retired', 'gone')", name=op.f('ck_stock_take_expected_state_known')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_stock_take_expected_device_id')),
    sa.ForeignKeyConstraint(['take_id'], ['stock_take.id'], name=op.f('fk_stock_take_expected_take_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_take_expected')),
    sa.UniqueConstraint('take_id', 'device_id', name=op.f('uq_stock_take_expected_take_id_device_id'))
    )
    op.create_table('supply_move',
    sa.Column('id', REF, nullable=False),
    sa.Column('stock_id', REF, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('change', sa.BigInteger(), nullable=False),
    sa.Column('cost_cents', sa.BigInteger(), nullable=False),
    sa.Column('device_id', REF, nullable=True),
    sa.Column('words', TEXT, nullable=False),
    sa.Column('at', MomentType(), nullable=False),
    sa.Column('by', REF, nullable=False),
    sa.CheckConstraint("kind IN ('supply_in', 'supply_out', 'supply_count')", name=op.f('ck_supply_move_kind_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_supply_move_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_supply_move_device_id')),
    sa.ForeignKeyConstraint(['stock_id'], ['supply_stock.id'], name=op.f('fk_supply_move_stock_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supply_move')),
    sa.UniqueConstraint('act_id', name=op.f('uq_supply_move_act_id')),
    sa.UniqueConstraint('stock_id', 'number', name=op.f('uq_supply_move_stock_id_number'))
    )
    with op.batch_alter_table('supply_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supply_move_device_id'), ['device_id'], unique=False)

    op.create_table('delivery_item',
    sa.Column('id', REF, nullable=False),
    sa.Column('line_id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('serial_key', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_delivery_item_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_delivery_item_device_id')),
    sa.ForeignKeyConstraint(['line_id'], ['delivery_line.id'], name=op.f('fk_delivery_item_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_item')),
    sa.UniqueConstraint('act_id', name=op.f('uq_delivery_item_act_id')),
    sa.UniqueConstraint('device_id', name=op.f('uq_delivery_item_device_id'))
    )
    with op.batch_alter_table('delivery_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_item_line_id'), ['line_id'], unique=False)

    op.create_table('kit',
    sa.Column('id', REF, nullable=False),
    sa.Column('code', TEXT, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('folded', TEXT, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_kit_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_kit_centre_id')),
    sa.ForeignKeyConstraint(['code'], ['given_code.code'], name=op.f('fk_kit_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kit')),
    sa.UniqueConstraint('act_id', name=op.f('uq_kit_act_id')),
    sa.UniqueConstraint('code', name=op.f('uq_kit_code'))
    )
    with op.batch_alter_table('kit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kit_centre_id'), ['centre_id'], unique=False)

    op.create_table('kit_thing',
    sa.Column('id', REF, nullable=False),
    sa.Column('kit_id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('left_at', MomentType(), nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_kit_thing_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_kit_thing_device_id')),
    sa.ForeignKeyConstraint(['kit_id'], ['kit.id'], name=op.f('fk_kit_thing_kit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kit_thing')),
    sa.UniqueConstraint('act_id', name=op.f('uq_kit_thing_act_id'))
    )
    with op.batch_alter_table('kit_thing', schema=None) as batch_op:
        batch_op.create_index('ix_kit_thing_kit_id', ['kit_id'], unique=False)
        batch_op.create_index('uq_kit_thing_in_it', ['device_id'], unique=True, sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))



def downgrade():
    with op.batch_alter_table('kit_thing', schema=None) as batch_op:
        batch_op.drop_index('uq_kit_thing_in_it', sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))
        batch_op.drop_index('ix_kit_thing_kit_id')

    op.drop_table('kit_thing')
    with op.batch_alter_table('kit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kit_centre_id'))

    op.drop_table('kit')
    with op.batch_alter_table('delivery_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_item_line_id'))

    op.drop_table('delivery_item')
    with op.batch_alter_table('supply_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supply_move_device_id'))

    op.drop_table('supply_move')
    op.drop_table('stock_take_expected')
    with op.batch_alter_table('sim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sim_device_id'))
        batch_op.drop_index(batch_op.f('ix_sim_centre_id'))

    op.drop_table('sim')
    with op.batch_alter_table('sighting', schema=None) as batch_op:
        batch_op.drop_index('ix_sighting_take_id_device_id_id')

    op.drop_table('sighting')
    with op.batch_alter_table('preparation_tick', schema=None) as batch_op:
        batch_op.drop_index('ix_preparation_tick_device_id_id')

    op.drop_table('preparation_tick')
    with op.batch_alter_table('delivery_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_line_delivery_id'))

    op.drop_table('delivery_line')
    with op.batch_alter_table('supply_stock', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supply_stock_centre_id'))

    op.drop_table('supply_stock')
    with op.batch_alter_table('stock_take', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stock_take_centre_id'))

    op.drop_table('stock_take')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_centre_id'))

    op.drop_table('delivery')
    op.drop_table('supply')
