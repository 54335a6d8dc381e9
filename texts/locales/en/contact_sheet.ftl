## Training: the contact sheet of the photos

photos-show = 🖼 Show photos
sheet-is-made = One moment…
sheet-caption =
    <b>Your photos</b>: ✅ { $accepted }{ $flawed ->
        [0] {""}
       *[other] {" "}· ⚠️ { $flawed }
    }{ $refused ->
        [0] {""}
       *[other] {" "}· ❌ { $refused }
    }
    To take some out, write their numbers, like this: <code>remove 3, 7</code>
numbers-removed = { $count ->
    [one] Photo { $numbers } is removed.
   *[other] Photos { $numbers } are removed.
} The other numbers stay as they are.

tile-pending = checking…
tile-too_big = over 20 MB
tile-too_small = too small
tile-too_many_pixels = too many pixels
tile-too_heavy = too many pixels for its format
tile-extreme_shape = too long and thin
tile-unreadable = can't be opened
tile-uncheckable = can't be checked
tile-animated = it moves
tile-gif = a GIF
tile-video = a video
tile-pdf = a PDF
tile-foreign_photo = export it as JPEG
tile-not_a_photo = not a photo
tile-duplicate = same as another
tile-no_face = nobody in it
tile-too_many = one too many
tile-lost = not available any more
tile-gone = not in Telegram any more
