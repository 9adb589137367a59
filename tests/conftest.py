"""What every test can ask for; each part tells in its own module how."""

import gc

# A worker makes as many objects as a thousand houses: looked through every seven hundred, they cost a twelfth of its time.
gc.set_threshold(20_000, 20, 20)

pytest_plugins = [
    "tests.harness.tally",
    "tests.harness.databases",
    "tests.harness.live",
    "tests.harness.browser",
    "tests.harness.worlds",
]
