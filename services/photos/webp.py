"""Opens a WebP with one copy of its picture in memory, where Pillow needs four.

Pillow takes every WebP for an animation: two canvases in the decoder, its bytes, the image.
libwebp, which Pillow has loaded, decodes a still one right into the memory the image then uses.
"""

import ctypes
from mmap import mmap
from typing import TYPE_CHECKING, Protocol, cast

from PIL import Image, ImageFile, WebPImagePlugin, _webp

if TYPE_CHECKING:
    from PIL._imaging import PixelAccess


class _Decode(Protocol):
    """`WebPDecodeRGBAInto` of libwebp's decode.h: fills a buffer, gives NULL when it cannot."""

    def __call__(
        self, data: bytes, data_bytes: int, pixels: object, pixels_bytes: int, row_bytes: int, /
    ) -> int | None: ...


def _libwebp_decode() -> _Decode | None:
    """Find the function in the libraries that Pillow's own module is linked with."""
    try:
        function = ctypes.CDLL(_webp.__file__).WebPDecodeRGBAInto
    except (AttributeError, OSError):
        return None
    size, pointer = ctypes.c_size_t, ctypes.c_void_p
    function.argtypes = (ctypes.c_char_p, size, pointer, size, ctypes.c_int)
    function.restype = pointer
    return cast("_Decode", function)


_decode = _libwebp_decode()


class WebPFile(WebPImagePlugin.WebPImageFile):
    """Pillow's plugin with another way to the pixels; a picture without alpha becomes RGBX.

    What libwebp's plain decoder does not take (an animation of one frame), and all where it cannot
    be reached (a Pillow linked statically), goes through Pillow's decoder with three copies.
    """

    def load(self) -> "PixelAccess | None":
        """Decode once, and let go of the file and the decoder.

        Raises:
            OSError: The file is damaged.
        """
        if self._im is None:
            assert self.fp is not None  # noqa: S101  (it is closed by nobody but us)
            self.fp.seek(0)
            pixels = _still(self.fp.read(), self.size) or self._get_next()[0]
            if self._exclusive_fp:
                self.fp.close()
            self.fp = None
            # Not needed any more, and its canvases are the two other copies.
            del self._decoder
            self._mode = self.rawmode
            self.im = Image.frombuffer(self.mode, self.size, pixels, "raw", self.mode, 0, 1).im
            self.readonly = 1
        return ImageFile.ImageFile.load(self)


def _still(data: bytes, size: tuple[int, int]) -> bytearray | None:
    """Decode a still picture to 4 bytes a pixel, red first."""
    if _decode is None:
        return None
    width, height = size
    # Its pages come into being as libwebp writes to them; a bytearray would be filled with zeros
    # first, with all other threads waiting.
    pixels = mmap(-1, width * height * 4)
    buffer = (ctypes.c_char * len(pixels)).from_buffer(pixels)
    if not _decode(data, len(data), buffer, len(pixels), width * 4):
        return None
    # Pillow takes every buffer, but the types it declares have few.
    return cast("bytearray", pixels)


def register_webp_opener() -> None:
    """Have Pillow open WebP files this way."""
    Image.register_open(WebPFile.format, WebPFile)
