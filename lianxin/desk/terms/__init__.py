"""Pages of a change of term 换届: prepare, fill the lists, look at what will change, set the hour, undo."""
