"""What funders are asked to pay, and what each euro became. Money is whole cents; shares are derived, never stored."""
