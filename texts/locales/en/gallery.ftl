## The gallery

menu-gallery = 🖼 Gallery
command-gallery = Your pictures
gallery-about =
    👤 { $model } · { $year }-{ $month }-{ $day }
    🌱 Seed { $seed }
gallery-about-photo =
    📷 From one photo · { $year }-{ $month }-{ $day }
    🌱 Seed { $seed }
gallery-words = 🔎 “{ $words }”
gallery-send = 📤 Send to chat
gallery-repeat = 🔁 Make another
gallery-delete = 🗑 Delete
gallery-favourites-off = ★ Favourites only
gallery-favourites-on = ✅ Favourites only
gallery-all-models = 🗂 All models
gallery-one-model = 🗂 { $name }

## Search

gallery-search = 🔎 Search
gallery-search-off = ✕ Clear search
ask-search =
    <b>What should I look for?</b>
    Write one or several words of the prompt.
expects-search = Please write words of the prompt to look for, as a text message.

## Nothing to show

gallery-empty =
    <b>Your gallery is empty so far.</b>
    Every picture I make for you is kept here.
gallery-nothing-found = No picture has “{ $words }” in its prompt. Try fewer or other words.
gallery-no-favourites = There are no favourites here. Press ☆ under a picture you like, and you will find it here.
gallery-nothing-left = No pictures are left here.
gallery-all = ← All pictures

## Delete

gallery-delete-ask =
    <b>Delete this picture?</b>
    It leaves your gallery for good.

    What may remain: at fal.ai the file, as long as the operator's account keeps files; in Telegram this chat, where you can delete messages yourself.
gallery-keep = ← Keep it
gallery-delete-sure = 🗑 Delete for good
gallery-deleted = 🗑 The picture is deleted.
inline-none = ☆ No favourites yet: mark some
inline-none-found = 🔍 No favourite with these words
