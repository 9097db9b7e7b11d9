"""A synthetic catalog of any size, made from a seed: the same seed and size give the same one."""
