"""Numeric kernels: ndarrays in, ndarrays or small frozen dataclasses out; nothing but numpy is imported here."""
