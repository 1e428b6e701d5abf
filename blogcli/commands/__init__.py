"""What the user types: parse, call one service, show. One module per noun, or per room of a large one."""
