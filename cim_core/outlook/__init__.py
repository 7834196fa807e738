"""How near another placement is, and what would move an LEA there."""
