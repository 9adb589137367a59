"""signatures

Revision ID: 0014
Revises: 0013
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = Plain
MOMENT = MomentType()

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None



def upgrade():
    op.add_column('organisation', sa.Column('address', TEXT, nullable=False, server_default=''))
    op.add_column('organisation', sa.Column('privacy_contact', TEXT, nullable=False, server_default=''))
    op.add_column('centre', sa.Column('cap_cents', sa.BigInteger(), nullable=True))
    op.add_column('centre', sa.Column('terms', TEXT, nullable=False, server_default=''))
    op.create_table('agreement_text',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('sha256', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_agreement_text_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_agreement_text_centre_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_text')),
    sa.UniqueConstraint('act_id', name=op.f('uq_agreement_text_act_id')),
    sa.UniqueConstraint('centre_id', 'number', name=op.f('uq_agreement_text_centre_id_number'))
    )
    op.create_table('paper_form',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('version', TEXT, nullable=False),
    sa.Column('printed_act_id', REF, nullable=False),
    sa.Column('used_act_id', REF, nullable=True),
    sa.Column('spoilt_act_id', REF, nullable=True),
    sa.CheckConstraint("used_act_id IS NULL OR spoilt_act_id IS NULL", name=op.f('ck_paper_form_used_or_spoilt')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_paper_form_centre_id')),
    sa.ForeignKeyConstraint(['printed_act_id'], ['act.id'], name=op.f('fk_paper_form_printed_act_id')),
    sa.ForeignKeyConstraint(['spoilt_act_id'], ['act.id'], name=op.f('fk_paper_form_spoilt_act_id')),
    sa.ForeignKeyConstraint(['used_act_id'], ['act.id'], name=op.f('fk_paper_form_used_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_form')),
    sa.UniqueConstraint('centre_id', 'id', name=op.f('uq_paper_form_centre_id_id')),
    sa.UniqueConstraint('centre_id', 'number', name=op.f('uq_paper_form_centre_id_number')),
    sa.UniqueConstraint('used_act_id', name=op.f('uq_paper_form_used_act_id')),
    sa.UniqueConstraint('spoilt_act_id', name=op.f('uq_paper_form_spoilt_act_id'))
    )
    op.create_table('signing_paper',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('loan_id', REF, nullable=True),
    sa.Column('hand_over_id', REF, nullable=True),
    sa.Column('form_id', REF, nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('file_id', REF, nullable=False),
    sa.Column('version', TEXT, nullable=False),
    sa.Column('words', sa.Text(), nullable=True),
    sa.CheckConstraint("(loan_id IS NULL) <> (hand_over_id IS NULL)", name=op.f('ck_signing_paper_one_of_both')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_signing_paper_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'form_id'], ['paper_form.centre_id', 'paper_form.id'], name=op.f('fk_signing_paper_centre_id_form_id')),
    sa.ForeignKeyConstraint(['centre_id', 'hand_over_id'], ['hand_over.centre_id', 'hand_over.id'], name=op.f('fk_signing_paper_centre_id_hand_over_id')),
    sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_signing_paper_centre_id_loan_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_signing_paper_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_paper')),
    sa.UniqueConstraint('centre_id', 'id', name=op.f('uq_signing_paper_centre_id_id')),
    sa.UniqueConstraint('form_id', name=op.f('uq_signing_paper_form_id')),
    sa.UniqueConstraint('hand_over_id', name=op.f('uq_signing_paper_hand_over_id')),
    sa.UniqueConstraint('act_id', name=op.f('uq_signing_paper_act_id')),
    sa.UniqueConstraint('file_id', name=op.f('uq_signing_paper_file_id'))
    )
    prepared = sa.text("form_id IS NULL")
    op.create_index('uq_signing_paper_loan', 'signing_paper', ['loan_id'], unique=True, sqlite_where=prepared, postgresql_where=prepared)
    op.create_table('signature',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('loan_id', REF, nullable=True),
    sa.Column('hand_over_id', REF, nullable=True),
    sa.Column('paper_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('seal_id', REF, nullable=False),
    sa.Column('way', TEXT, nullable=False),
    sa.Column('capacity', TEXT, nullable=False),
    sa.Column('known', TEXT, nullable=False),
    sa.Column('copy_given', TEXT, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('device_at', MOMENT, nullable=True),
    sa.Column('staff', REF, nullable=False),
    sa.Column('name', TEXT, nullable=True),
    sa.Column('mark', sa.Text(), nullable=True),
    sa.Column('salt', TEXT, nullable=True),
    sa.Column('destroyed_at', MOMENT, nullable=True),
    sa.CheckConstraint("(loan_id IS NULL) <> (hand_over_id IS NULL)", name=op.f('ck_signature_one_of_both')),
    sa.CheckConstraint("way IN ('drawn', 'typed', 'paper')", name=op.f('ck_signature_way_known')),
    sa.CheckConstraint("capacity IN ('borrower', 'co_borrower', 'guardian', 'other')", name=op.f('ck_signature_capacity_known')),
    sa.CheckConstraint("known IN ('team', 'document', 'referent')", name=op.f('ck_signature_known_known')),
    sa.CheckConstraint("copy_given IN ('paper', 'mail', 'none')", name=op.f('ck_signature_copy_given_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_signature_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'hand_over_id'], ['hand_over.centre_id', 'hand_over.id'], name=op.f('fk_signature_centre_id_hand_over_id')),
    sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_signature_centre_id_loan_id')),
    sa.ForeignKeyConstraint(['centre_id', 'paper_id'], ['signing_paper.centre_id', 'signing_paper.id'], name=op.f('fk_signature_centre_id_paper_id')),
    sa.ForeignKeyConstraint(['seal_id'], ['seal.id'], name=op.f('fk_signature_seal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('uuid', name=op.f('uq_signature_uuid')),
    sa.UniqueConstraint('act_id', name=op.f('uq_signature_act_id')),
    sa.UniqueConstraint('seal_id', name=op.f('uq_signature_seal_id'))
    )
    op.create_index('ix_signature_loan_id', 'signature', ['loan_id'], unique=False)
    op.create_index('ix_signature_hand_over_id', 'signature', ['hand_over_id'], unique=False)


def downgrade():
    op.drop_table('signature')
    op.drop_table('signing_paper')
    op.drop_table('paper_form')
    op.drop_table('agreement_text')
    op.drop_column('centre', 'terms')
    op.drop_column('centre', 'cap_cents')
    op.drop_column('organisation', 'privacy_contact')
    op.drop_column('organisation', 'address')
