"""imports

Revision ID: 0008
Revises: 0007
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('known_headers',
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('fingerprint', Plain, nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('category', Plain, nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_known_headers_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'kind', 'fingerprint', name=op.f('pk_known_headers'))
    )
    op.create_table('table_import',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('name', Plain, nullable=False),
    sa.Column('program', Plain, nullable=False),
    sa.Column('sha256', Plain, nullable=False),
    sa.Column('fingerprint', Plain, nullable=False),
    sa.Column('file_id', REF, nullable=False),
    sa.Column('made_by', REF, nullable=False),
    sa.Column('made_at', MomentType(), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('category', Plain, nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('job_id', REF, nullable=True),
    sa.Column('ended_at', MomentType(), nullable=True),
    sa.Column('report', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_table_import_centre_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_table_import_file_id')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_table_import_job_id')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_table_import_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_table_import')),
    sa.UniqueConstraint('uuid', name=op.f('uq_table_import_uuid'))
    )
    with op.batch_alter_table('table_import', schema=None) as batch_op:
        batch_op.create_index('ix_table_import_centre_id_id', ['centre_id', 'id'], unique=False)


def downgrade():
    op.drop_table('table_import')
    op.drop_table('known_headers')
