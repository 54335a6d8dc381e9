"""Ask libjpeg, which Pillow has loaded, what it thinks of a JPEG.

libjpeg fills in what is missing or broken in a picture and warns; Pillow does not pass its
warnings on. So a JPEG that Pillow has decoded is decoded once more here, at 1/8 scale, only to
listen.

The structures are the beginnings of those in libjpeg's jpeglib.h, which are the same in every
version since 6b (1998); version and size are what the library itself says they are.
"""

import ctypes
import os
from collections.abc import Sequence
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char, c_int, c_long, c_uint, c_void_p
from functools import cache

from PIL import _imaging

MAX_WARNINGS = 100
"""As many are kept; what is that broken needs no more."""

_SCALE = 8
_LIB_VERSION, _STRUCT_BYTES = 62, 632
"""Where the asking begins; libjpeg-turbo as Pillow brings it, on 64 bits."""
_ROOM_BYTES = 4096
_MESSAGE_BYTES = 200
"""JMSG_LENGTH_MAX: the longest message with its end mark."""
_EXIT_CODE = 70

_OnError = CFUNCTYPE(None, c_void_p)
_OnMessage = CFUNCTYPE(None, c_void_p, c_int)
_Format = CFUNCTYPE(None, c_void_p, c_char * _MESSAGE_BYTES)


class _Errors(Structure):
    """`jpeg_error_mgr`."""

    _fields_ = (
        ("error_exit", _OnError),
        ("emit_message", _OnMessage),
        ("output_message", c_void_p),
        ("format_message", _Format),
        ("reset_error_mgr", c_void_p),
        ("msg_code", c_int),
        ("msg_parm", c_int * 20),
        ("trace_level", c_int),
        ("num_warnings", c_long),
        ("tables", c_void_p * 8),
    )


class _Decoder(Structure):
    """`jpeg_decompress_struct`, as far as it is read and written here."""

    _fields_ = (
        ("err", c_void_p),
        ("others", c_void_p * 3),
        ("is_decompressor", c_int),
        ("global_state", c_int),
        ("src", c_void_p),
        ("image_width", c_uint),
        ("image_height", c_uint),
        ("num_components", c_int),
        ("jpeg_color_space", c_int),
        ("out_color_space", c_int),
        ("scale_num", c_uint),
        ("scale_denom", c_uint),
        ("output_gamma", ctypes.c_double),
        ("choices", c_int * 12),
        ("output_width", c_uint),
        ("output_height", c_uint),
        ("out_color_components", c_int),
        ("output_components", c_int),
        ("rest", c_char * _ROOM_BYTES),
    )


def warnings_of(data: bytes) -> Sequence[str]:
    """Decode a JPEG and return libjpeg's warnings, in English as it words them.

    Args:
        data: A JPEG that Pillow has decoded without an error. One that libjpeg gives up on ends
            the process: its error handler must not return, and there is nowhere to jump to.

    Returns:
        The first `MAX_WARNINGS` of them; none where the library cannot be reached (a Pillow that
        is linked statically).
    """
    library = _library()
    if library is None:
        return ()
    found: list[str] = []

    def listen(decoder: int, level: int) -> None:
        if level < 0 and len(found) < MAX_WARNINGS:
            found.append(_text(errors, decoder))

    def give_up(_decoder: int) -> None:
        os._exit(_EXIT_CODE)

    errors, decoder = _Errors(), _Decoder()
    decoder.err = library.jpeg_std_error(byref(errors))
    errors.error_exit, errors.emit_message = _OnError(give_up), _OnMessage(listen)
    library.jpeg_CreateDecompress(byref(decoder), *_version_and_size(library))
    try:
        _read_all(library, decoder, data)
    finally:
        library.jpeg_destroy_decompress(byref(decoder))
    return found


def _read_all(library: ctypes.CDLL, decoder: _Decoder, data: bytes) -> None:
    library.jpeg_mem_src(byref(decoder), data, len(data))
    library.jpeg_read_header(byref(decoder), 1)
    decoder.scale_num, decoder.scale_denom = 1, _SCALE
    library.jpeg_start_decompress(byref(decoder))
    row = ctypes.create_string_buffer(decoder.output_width * decoder.output_components)
    rows = (c_void_p * 1)(ctypes.addressof(row))
    for _ in range(decoder.output_height):
        library.jpeg_read_scanlines(byref(decoder), rows, 1)
    library.jpeg_finish_decompress(byref(decoder))


def _text(errors: _Errors, decoder: int) -> str:
    words = (c_char * _MESSAGE_BYTES)()
    errors.format_message(decoder, words)
    return words.value.decode("ascii", "replace")


@cache
def _library() -> ctypes.CDLL | None:
    """Find libjpeg among the libraries that Pillow's own module is linked with."""
    try:
        library = ctypes.CDLL(_imaging.__file__)
        library.jpeg_std_error.restype = c_void_p
        library.jpeg_std_error.argtypes = [POINTER(_Errors)]
        decoder = POINTER(_Decoder)
        library.jpeg_CreateDecompress.argtypes = [decoder, c_int, ctypes.c_size_t]
        library.jpeg_mem_src.argtypes = [decoder, ctypes.c_char_p, ctypes.c_ulong]
        library.jpeg_read_header.argtypes = [decoder, c_int]
        library.jpeg_start_decompress.argtypes = [decoder]
        library.jpeg_read_scanlines.argtypes = [decoder, c_void_p, c_uint]
        library.jpeg_finish_decompress.argtypes = [decoder]
        library.jpeg_destroy_decompress.argtypes = [decoder]
    except (AttributeError, OSError):
        return None
    return library


@cache
def _version_and_size(library: ctypes.CDLL) -> tuple[int, int]:
    """Ask the library for its version and the size of its structure.

    It compares both before anything else and names its own in the error; after that error it may
    be returned from, as only the structure is cleared, which has room enough here.
    """
    asked = (_LIB_VERSION, _STRUCT_BYTES)
    answered = dict(zip(asked, asked, strict=True))
    errors, decoder = _Errors(), _Decoder()

    def correct(_decoder: int) -> None:
        # The error says what is right and what was given.
        answered[errors.msg_parm[1]] = errors.msg_parm[0]

    decoder.err = library.jpeg_std_error(byref(errors))
    errors.error_exit = _OnError(correct)
    library.jpeg_CreateDecompress(byref(decoder), *asked)
    library.jpeg_destroy_decompress(byref(decoder))
    version, size = (answered[given] for given in asked)
    return version, size
