"""search

Revision ID: 0004
Revises: 0003
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain
from app.inventory import search
from app.words import in_order

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('device_word',
    sa.Column('device_id', REF, nullable=False),
    sa.Column('word', Plain, nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_device_word_device_id')),
    sa.PrimaryKeyConstraint('device_id', 'word', name=op.f('pk_device_word'))
    )
    op.create_index('ix_device_word_word_device_id', 'device_word', ['word', 'device_id'], unique=False)
    op.create_table('known_word',
    sa.Column('word', Plain, nullable=False),
    sa.PrimaryKeyConstraint('word', name=op.f('pk_known_word'))
    )
    op.create_index('ix_device_state_folded_id', 'device', ['state', 'folded', 'id'], unique=False)
    op.create_index('ix_device_due_back_on_id', 'device', ['due_back_on', 'id'], unique=False)
    _fill(op.get_bind())


def _fill(connection):
    """The words of what is there already. An index is derived: the splitting of today is the right one."""
    device_word = sa.table('device_word', sa.column('device_id'), sa.column('word'))
    known_word = sa.table('known_word', sa.column('word'))
    spoken = connection.execute(sa.text(
        "SELECT d.id, d.code, d.name, k.name, m.name, m.number, d.serial_number, d.inventory_number"
        " FROM device d JOIN device_model m ON m.id = d.model_id JOIN maker k ON k.id = m.maker_id"
    )).all()
    rows = [{'device_id': row[0], 'word': word} for row in spoken for word in sorted(search.words_of(*row[1:]))]
    known = sorted({row['word'] for row in rows if search.is_known_by_letters(row['word'])})
    if rows:
        connection.execute(sa.insert(device_word), rows)
    if known:
        connection.execute(sa.insert(known_word), [{'word': word} for word in known])
    named = [{'number': row[0], 'folded': in_order(row[2])} for row in spoken]
    if named:
        connection.execute(sa.text("UPDATE device SET folded = :folded WHERE id = :number"), named)


def downgrade():
    op.drop_index('ix_device_due_back_on_id', table_name='device')
    op.drop_index('ix_device_state_folded_id', table_name='device')
    op.drop_table('known_word')
    op.drop_table('device_word')
