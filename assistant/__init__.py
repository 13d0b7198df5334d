"""The musician: values in, values out, no files, no sockets."""
