# The name alone is read.
