"""What is said: messages and their texts, how numbers are rounded, and the gate before what is shown."""
