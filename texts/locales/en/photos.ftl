## Training: photos

ask-photos =
    <b>Now send { $min } to { $max } photos</b>, one by one or as albums. { $recommended } or more is best.

    ✅ 1–4: one person, face sharp and well lit; different angles, expressions, clothes and places
    🚫 5 blurred, 6 too dark, 7 two people, 8 dark glasses. No filters and no near-copies either.

    Sent <b>as files</b>, photos keep their full quality (JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP).

photos-counter = <b>Photos accepted: { $accepted }</b> ({ $min } to { $max } needed)
photos-checking = ⏳ checking { $count ->
    [one] { $count } photo
   *[other] { $count } photos
}…
photos-refused = ❌ <b>Not accepted: { $count }</b>
photos-refused-earlier = Not accepted earlier: { $count }
photos-refused-line = { $which } – { $reason }
photos-refused-more = … and { $count } more
photo-number = photo { $number }
photo-number-at-start = Photo { $number }
photos-repeats = 🔁 { $count ->
    [one] { $count } photo was
   *[other] { $count } photos were
} sent twice; once is enough.
photos-near = 👯 { $which } is almost the same as { $other }.
photos-near-advice = They are accepted; photos that differ more make a better model.
photos-need-more = { $count ->
    [one] { $count } more photo
   *[other] { $count } more photos
}, and we can go on.
photos-enough = Enough to go on. More photos make a better likeness: { $recommended } or more is best.
photos-plenty = Enough to go on. Press Done, or add more.
photos-full = That is all I can take. Press Done.
photos-done = ✅ Done
photos-remove-last = ↩️ Remove last
photos-start-over = 🗑 Start over
photos-start-over-ask = <b>Remove all { $count ->
    [one] { $count } photo
   *[other] { $count } photos
}?</b> You would have to send them again.
photos-remove-all = 🗑 Remove all
photos-keep = ← Keep them
photos-kept = OK, the photos stay.
photos-done-soon = ⏳ The last photos are being checked; then we go on.
photos-before-consent = 📸 I can train a model on this photo and others of you.
photos-before-consent-try = 📸 From this photo I can make a first picture of you right away, and with a few more I can train a model.
photos-wait-for-consent = 📸 Got it. Only your consent is missing: please press the button above.
photos-taken-down = <b>{ $count ->
    [one] { $count } photo
   *[other] { $count } photos
} ready.</b>
photo-removed = Removed.
photos-none = There is no photo here that I can use yet. Please send some first.
photos-removed = All photos removed. Send new ones.
expects-photos = I'm waiting for photos now: send them as photos, albums or files. When you have enough, press Done under the counter. To take some out, write for example: remove 3, 7.

refusal-too_big = over 20 MB; send a smaller file
refusal-too_small = too small ({ $width }×{ $height }); the short side must be at least { $min_side_px } pixels
refusal-too_many_pixels = more than { $max_megapixels } megapixels; send a smaller version
refusal-too_heavy = more than { $max_megapixels } megapixels in this format; send it as an ordinary (not progressive) JPEG, or a smaller version
refusal-extreme_shape = too long and thin ({ $width }×{ $height }); send an ordinary photo
refusal-unreadable = can't be opened; the file may be damaged
refusal-uncheckable = could not be checked in two tries; save it as an ordinary JPEG, or send another photo
refusal-animated = animated; send a still photo
refusal-gif = a GIF is not a photo; send a still photo
refusal-video = a video is not a photo; send a still photo
refusal-pdf = a PDF is not a photo; send the photo itself
refusal-foreign_photo = I can't open { $found } files; export it as JPEG in your photo app and send that
refusal-not_a_photo = not a photo; send JPEG, PNG, WebP, HEIC, AVIF, TIFF or BMP
refusal-duplicate = { $number ->
    [unknown] exactly the same as another photo
   *[other] the same picture as photo { $number }
}
refusal-no_face = I see nobody here; send a photo that shows your face
refusal-too_many = there are already { $max } photos, which is the most I can take
refusal-gone = no longer at Telegram; send it again
refusal-lost = no longer available when the training began
