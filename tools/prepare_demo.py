#!/usr/bin/env python3
"""What a person does between two runs of the demo: delegates the zone, pushes an image."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sandbox.client import Sandbox  # noqa: E402


def main():
    sandbox = Sandbox(os.environ["AWS_ENDPOINT_URL"])
    sandbox.delegate("dougust.com")
    print("== The zone dougust.com was delegated.")
    digest = sandbox.push_image("dougust-production-api", "v1", region="us-east-1")
    print(f"== An image was pushed: dougust-production-api:v1, {digest}.")


if __name__ == "__main__":
    main()
