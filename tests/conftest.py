"""What every test can ask for; each part tells in its own module how."""

pytest_plugins = [
    "tests.harness.tally",
    "tests.harness.databases",
    "tests.harness.live",
    "tests.harness.browser",
    "tests.harness.worlds",
]
