## A copy of one's data

export-start = 📦 Get a copy of my data
export-stop = ✕ Stop
export-working =
    📦 <b>I am putting a copy of your data together</b>
    It comes here as a zip, or as several. You can leave the chat meanwhile.
export-gathered = Files: { $done } of { $all }
export-parts-sent = { $count ->
    [one] One part has been sent.
   *[other] { $count } parts have been sent.
}
export-done = 📦 The copy of your data is complete. { $parts ->
    [one] It is in the zip below.
   *[other] It is in the { $parts } zips below.
}
export-cancelled = 📦 OK, I have stopped. { $parts ->
    [0] Nothing was sent.
   *[other] What was sent stays in this chat.
}
export-failed = 📦 The copy of your data could not be finished, and that is our fault. What was sent stays in this chat. Please send /export once more; if it keeps happening, tell the operator with /support.
export-part = 📦 Part { $number } of your data. More is coming.
export-only-part = 📦 Your data. README.txt in it says what each file is.
export-last-part = 📦 Part { $number } of your data, the last one. README.txt in it says what each file is.
export-missing = { $count ->
    [one] ⚠️ One file is missing or smaller than it was; README.txt names it.
   *[other] ⚠️ { $count } files are missing or smaller than they were; README.txt names them.
}
error-export-under-way = A copy of your data is being put together already. It comes here when it is ready.
error-export-too-soon = You have had a copy of your data today. You can get the next one from { $at } (UTC) on.

## README.txt of the copy

export-readme =
    YOUR DATA
    What this bot keeps of the Telegram user { $id }, as it was on { DATETIME($date, dateStyle: "long") } (UTC).
    If it came in several zips, unpack all of them into one folder.
export-readme-files = WHAT IS WHAT
export-readme-photo = photos/ – your photos as you sent them to Telegram: { $count }
export-readme-picture = pictures/ – the pictures that were made for you, in full size: { $count }
export-readme-enlarged = pictures/…-larger – the same pictures, enlarged: { $count }
export-readme-weights = models/….safetensors – your models (LoRA), by their trigger words: { $count }
export-readme-config = models/….json – the settings they were trained with: { $count }
export-readme-file-data = data.json – everything in one file, for programs: settings, consents, trainings, models, loans, prompts, seeds, choices, ratings, what you have searched for and written to the operator. It says which file belongs to what.
export-readme-file-pictures = pictures.csv – a table of the pictures with prompt, seed, choices and rating. Any spreadsheet opens it.
export-readme-file-consents = consents.csv – what you have agreed to, when, and in which wording
export-readme-links = TOO LARGE FOR A MESSAGE. Please download these soon, and keep the addresses to yourself: whoever has one can open the file.
export-readme-links-last = { $days ->
    [one] They work for a day.
   *[other] They work for { $days } days.
}
export-readme-missing = NOT HERE, OR NOT AS IT WAS
export-problem-gone = nobody has this file any more
export-problem-unavailable = it could not be fetched, though we tried several times; it may work tomorrow
export-problem-smaller = the original is gone; this is the smaller one that Telegram shows
export-readme-not =
    WHAT IS NOT IN HERE
    The prepared copies of your photos at fal.ai, which are deleted there after some days; the numbers that the photo check keeps of each photo; the operator's answers to you, which are in this chat; and nothing of anybody else.
