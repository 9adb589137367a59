"""models

Revision ID: 0006
Revises: 0005
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = Plain
MOMENT = MomentType()

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('category', sa.Column('checklist', sa.JSON(), nullable=True))
    op.add_column('category', sa.Column('wipe_steps', sa.Text(), nullable=True))
    op.add_column('device_model', sa.Column('updates_until', sa.Date(), nullable=True))
    op.add_column('device_model', sa.Column('safety', sa.Text(), nullable=True))
    op.add_column('device', sa.Column('warranty_until', sa.Date(), nullable=True))
    pointing('device', 'replaced_by_id', 'device')

    op.create_table('recall',
    sa.Column('id', REF, nullable=False),
    sa.Column('model_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('reason', TEXT, nullable=False),
    sa.Column('lifted_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_recall_act_id')),
    sa.ForeignKeyConstraint(['model_id'], ['device_model.id'], name=op.f('fk_recall_model_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall')),
    sa.UniqueConstraint('act_id', name=op.f('uq_recall_act_id'))
    )
    op.create_index('ix_recall_model_id_id', 'recall', ['model_id', 'id'], unique=False)
    pointing('hold', 'recall_id', 'recall')
    op.create_index(op.f('ix_hold_recall_id'), 'hold', ['recall_id'], unique=False)

    op.create_table('device_identifier',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('value', TEXT, nullable=False),
    sa.Column('key', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_device_identifier_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_identifier')),
    sa.UniqueConstraint('device_id', 'kind', 'key', name=op.f('uq_device_identifier_device_id_kind_key'))
    )
    op.create_index(op.f('ix_device_identifier_key'), 'device_identifier', ['key'], unique=False)
    alone = sa.text("kind IN ('imei', 'iccid', 'mac')")
    op.create_index('uq_device_identifier_alone', 'device_identifier', ['kind', 'key'], unique=True, sqlite_where=alone, postgresql_where=alone)

    op.create_table('category_field',
    sa.Column('id', REF, nullable=False),
    sa.Column('category_code', TEXT, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('folded', TEXT, nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.CheckConstraint("kind IN ('text', 'number', 'date', 'choice', 'yes_no')", name=op.f('ck_category_field_kind_known')),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_category_field_category_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category_field'))
    )
    stands = sa.text('ended_at IS NULL')
    op.create_index('uq_category_field_standing', 'category_field', ['category_code', 'folded'], unique=True, sqlite_where=stands, postgresql_where=stands)

    op.create_table('device_detail',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('field_id', REF, nullable=False),
    sa.Column('value', TEXT, nullable=False),
    sa.Column('folded', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_device_detail_device_id')),
    sa.ForeignKeyConstraint(['field_id'], ['category_field.id'], name=op.f('fk_device_detail_field_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_detail')),
    sa.UniqueConstraint('device_id', 'field_id', name=op.f('uq_device_detail_device_id_field_id'))
    )
    op.create_index('ix_device_detail_field_id_value', 'device_detail', ['field_id', 'value'], unique=False)

    op.create_table('attachment',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('file_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('title', TEXT, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("kind IN ('photo', 'document')", name=op.f('ck_attachment_kind_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_attachment_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_attachment_device_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_attachment_file_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_attachment_gone_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('act_id', name=op.f('uq_attachment_act_id')),
    sa.UniqueConstraint('file_id', name=op.f('uq_attachment_file_id'))
    )
    op.create_index('ix_attachment_device_id_id', 'attachment', ['device_id', 'id'], unique=False)


def pointing(table, column, to):
    """A new column that points to another table. On SQLite a named key wants the table copied."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(column, REF, nullable=True))
        batch.create_foreign_key(f"fk_{table}_{column}", to, [column], ["id"])


def downgrade():
    op.drop_table('attachment')
    op.drop_table('device_detail')
    op.drop_table('category_field')
    op.drop_table('device_identifier')
    for table, column in (('hold', 'recall_id'), ('device', 'replaced_by_id')):
        with op.batch_alter_table(table) as batch:
            if column == 'recall_id':
                batch.drop_index('ix_hold_recall_id')
            batch.drop_column(column)
    op.drop_table('recall')
    op.drop_column('device', 'warranty_until')
    op.drop_column('device_model', 'safety')
    op.drop_column('device_model', 'updates_until')
    op.drop_column('category', 'wipe_steps')
    op.drop_column('category', 'checklist')
