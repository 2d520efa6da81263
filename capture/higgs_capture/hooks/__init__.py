"""What is wrapped: one module a stack, and what they share."""
