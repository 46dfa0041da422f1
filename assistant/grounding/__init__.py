"""Is a sentence supported by passages?"""

SUPPORTED = 0.5


def support(s, p, embed=None):
    return 0.0


def is_supported(s, p):
    return True
