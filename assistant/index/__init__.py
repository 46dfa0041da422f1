"""Indexes: `build_index` makes a generation, `Index.open` reads the current one."""
