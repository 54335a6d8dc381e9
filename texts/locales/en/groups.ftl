## Pictures in groups: what a group reads

group-caption = 🎨 By { $name }: { $prompt }
group-caption-nameless = 🎨 { $prompt }
group-none-made = No picture came of this one. I have written why in our private chat.
group-to-private = 💬 Private chat
group-closed = I can't write in the group any more where you asked for this picture, so here it is.
group-refused-allow = Before I make pictures of you here, I need your yes. Please give it in our private chat.
group-refused-again = Please confirm in our private chat once more that I may make pictures of you here.
group-refused-model = You have no model to make pictures with right now. Let's see to that in our private chat.
group-refused-words =
    I can't make a picture of these words. Write in plain words what it should show, for example:
    <code>/generate@{ $bot } portrait in a red coat, autumn park</code>
group-refused-private = I can't make this one right now. Let's settle that in our private chat.
group-refused-later = I can't make pictures right now. Please try again a little later.

## The same in private

groups-terms =
    👥 <b>Pictures in groups</b>
    In a group that I am in, I make one picture of you when you write
    <code>/generate@{ $bot } portrait in a red coat</code>
    It is made with the model and the options you used last.

    <b>Everyone in the group sees the picture, your name and your words</b>, and only the group's admins can delete it there. It is in your gallery, too.{ $price ->
        [none] {""}
       *[other] {" "}One picture costs { $price } now. If that becomes more, I ask you again before making any.
    }

    You can turn this off at any time here or in /settings.
groups-balance = You have { $stars } ⭐; /buy brings more.
groups-allowed = ✅ You have allowed it.
groups-dearer = It costs more than you have agreed to, so I make none until you confirm.
groups-allow = ✅ Allow{ $price ->
    [none] {""}
   *[other] {" · "}{ $price }
}
groups-stop = 🚫 Turn off
groups-on = Pictures in groups are on.
groups-off = Pictures in groups are off.
groups-without-model = 👥 <b>Pictures in groups</b> are made with your model, and you have none yet. Train one, and then you can allow them in /settings.
privacy-groups = <b>Pictures in groups</b>, if you allow them: everyone in the group sees them with your name and words, and they stay there. Here we keep the numbers of the group and of the message that asked, until you delete your data.
command-group-generate = Make a picture of you and show it here
