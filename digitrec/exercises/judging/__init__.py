"""What is right in single tasks, told in another way than their solutions, and usual mistakes."""
