"""Wrong answers to the tasks of notebook 2, and what each is told."""


def context() -> dict:
    """What the cells of the notebook have made before the tasks."""
    return {}


WRONG = {
    "weight_count": [
        ("weight_count = 784 * 64 + 64 * 10", "also has a bias"),
        ("weight_count = 784 * 64 + 64", "the second one has weights"),
        ("weight_count = 118_282", "two layers of 128"),
        ("weight_count = 'many'", "expected one number"),
    ],
}
