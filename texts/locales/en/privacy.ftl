## Privacy

privacy =
    <b>What is kept, where and how long</b>

    <b>Here</b>, until you delete it: your Telegram id and language; Telegram's references to the photos you sent (not the photos) and, to notice repeats, a grey thumbnail of each, 32×32 pixels; to advise you on them, a dozen numbers about the face in each, such as its width and brightness, by which nobody can be recognised, and how much the pictures of a model look like them, in percent; your consent with its date; names, trigger words and addresses of your models; your prompts and what you search for in them; of a key that you made for programs, its digest; what you and the operator write to each other with /support, and Telegram's references to what is attached; where the operator keeps copies, the files of your models and pictures. A training that was not started is kept for 7 days after you last worked on it. Photos are fetched only to check, prepare and compare them, without location and camera data, and never stay on our disk.

    <b>At fal.ai</b>, where models are trained and pictures are made: the prepared photos for { $days ->
        [one] one day
       *[other] { $days } days
    }; your prompts and our requests for up to 30 days; the model and the pictures as long as the operator's fal account keeps files. Whoever has the address of a file there can open it.

    <b>At a language model</b>, where the operator uses one to put prompts into English: the words of a new prompt, by way of fal.ai and OpenRouter, without your name, trigger word or photos.

    <b>At Telegram</b>: this chat, as with everyone. Photos that a program or a page of yours sends go into it, and nowhere else.

    Nobody else gets anything. /export sends you a copy of all this: your photos as you sent them, pictures in full size, prompts with their seeds, model files, ratings and consents. It is put together part by part in a private folder of ours, which is emptied when the part is sent. /deletemydata deletes all your data here. If the operator has closed the bot to you, your id stays on that list.
privacy-wording = Wording of { DATETIME($date, dateStyle: "long") }.
privacy-consent = You last agreed to the use of your photos on { DATETIME($date, dateStyle: "long") } (UTC). To take it back, delete the model, or everything with /deletemydata.
forget-ask =
    <b>Delete all your data?</b>
    Your models, drafts, prompts and settings here will be gone for good; a training that runs is stopped.
ask-remains =
    What may remain: at fal.ai the photos for up to { $days ->
        [one] one day
       *[other] { $days } days
    }, requests for up to 30 days, and model and picture files as long as the operator's account keeps them; in Telegram this chat, which you can clear yourself.
ask-remains-erased =
    At fal.ai our requests are deleted, too, with the files they made; if some have to stay there, I'll say so. What may remain: at fal.ai the photos for up to { $days ->
        [one] one day
       *[other] { $days } days
    }, and words of yours that were put into English there for up to 30 days; in Telegram this chat, which you can clear yourself.
forget-groups = 👥 Pictures that I have sent into groups stay there: what was sent more than two days ago I can't delete. Ask the admins of the group to delete them.
forget-keep = ← Keep everything
forget-sure = 🗑 Delete everything
forget-kept = Everything is as it was.
forget-done =
    <b>Deleted on { DATETIME($date, dateStyle: "long") }.</b>
    Your models, drafts, prompts and settings are gone from here. If you write again, we start fresh.
forget-remains =
    What may remain: at fal.ai the photos for up to { $days ->
        [one] one day
       *[other] { $days } days
    }, requests for up to 30 days, and model and picture files as long as the operator's account keeps them; in Telegram this chat, which you can clear yourself. The operator's totals of what was made stay, without your name.
forget-remains-erased =
    What may remain: at fal.ai the photos for up to { $days ->
        [one] one day
       *[other] { $days } days
    }, and words of yours that were put into English there for up to 30 days; in Telegram this chat, which you can clear yourself. The operator's totals of what was made stay, without your name.
receipt-deleted = Deleted here: models: { $models }, pictures: { $pictures }, references to photos: { $photos }.
receipt-groups =
    { $count ->
        [one] Not deleted in Telegram: one picture that I have sent into a group. Only the admins of the group can delete it there.
       *[other] Not deleted in Telegram: { $count } pictures that I have sent into groups. Only the admins of the groups can delete them there.
    }
receipt-requests =
    { $count ->
        [one] Not deleted at fal.ai: one request that we sent there. fal keeps it until { DATETIME($date, dateStyle: "long") } at the latest.
       *[other] Not deleted at fal.ai: { $count } requests that we sent there. fal keeps them until { DATETIME($date, dateStyle: "long") } at the latest.
    }
receipt-erasing =
    { $count ->
        [one] ⏳ One request is still being deleted at fal.ai.
       *[other] ⏳ { $count } requests are still being deleted at fal.ai.
    }
receipt-erased =
    { $count ->
        [one] Deleted at fal.ai: one request, with the files it made.
       *[other] Deleted at fal.ai: { $count } requests, with the files they made.
    }
receipt-under-way =
    { $count ->
        [one] ⏳ One job at fal.ai is still being stopped.
       *[other] ⏳ { $count } jobs at fal.ai are still being stopped.
    }
receipt-not-stopped =
    { $count ->
        [one] ⚠️ One job at fal.ai could not be stopped. What it makes will stay at fal.ai and not come here.
       *[other] ⚠️ { $count } jobs at fal.ai could not be stopped. What they make will stay at fal.ai and not come here.
    }
message-cleared = 🗑 Deleted
