"""The `.safetensors` format, as much of it as a LoRA file needs.

Layout: 8 bytes little-endian length of the header, the header (JSON: tensor name -> dtype, shape,
data_offsets; plus `__metadata__`, a map of strings), then the bytes of the tensors.
"""

import json
import struct
from collections.abc import Mapping

_LENGTH = struct.Struct("<Q")
_ALIGNMENT = 8
MAX_HEADER_BYTES = 100_000_000
"""The limit of the reference implementation."""


class SafetensorsError(ValueError):
    """The bytes are no safetensors file."""


def write_safetensors(metadata: Mapping[str, str], tensors: Mapping[str, list[float]]) -> bytes:
    """A file with these strings and these one-dimensional float32 tensors."""
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    body = b""
    for name, values in tensors.items():
        data = struct.pack(f"<{len(values)}f", *values)
        offsets = [len(body), len(body) + len(data)]
        header[name] = {"dtype": "F32", "shape": [len(values)], "data_offsets": offsets}
        body += data
    head = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    head += b" " * (-len(head) % _ALIGNMENT)  # Readers map the tensors, so they start aligned.
    return _LENGTH.pack(len(head)) + head + body


def read_metadata(data: bytes) -> dict[str, str]:
    """The `__metadata__` of a file, after a check that its tensors fit its size.

    Raises:
        SafetensorsError: The bytes are no safetensors file, or a cut one.
    """
    header = _header(data)
    metadata = header.pop("__metadata__", {})
    body_bytes = len(data) - _LENGTH.size - _header_length(data)
    if max((_end(entry) for entry in header.values()), default=0) != body_bytes:
        raise SafetensorsError("the tensors do not fill the file")
    if not isinstance(metadata, dict):
        raise SafetensorsError("the metadata is no map")
    return {str(key): str(value) for key, value in metadata.items()}


def _header_length(data: bytes) -> int:
    if len(data) < _LENGTH.size:
        raise SafetensorsError("shorter than its length field")
    length: int = _LENGTH.unpack_from(data)[0]
    if length > min(MAX_HEADER_BYTES, len(data) - _LENGTH.size):
        raise SafetensorsError("the header is longer than the file")
    return length


def _header(data: bytes) -> dict[str, object]:
    raw = data[_LENGTH.size : _LENGTH.size + _header_length(data)]
    try:
        header = json.loads(raw)
    except ValueError as error:
        raise SafetensorsError("the header is no JSON") from error
    if not isinstance(header, dict):
        raise SafetensorsError("the header is no object")
    return header


def _end(entry: object) -> int:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or not isinstance(offsets[1], int):
        raise SafetensorsError("a tensor without offsets")
    return offsets[1]
