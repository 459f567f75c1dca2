"""What goes on inside a network, as arrays: `figures` draws it, `widgets` let a reader ask."""
