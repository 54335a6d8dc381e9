## Drafts that were left behind

draft-reminder =
    <b>Would you like to go on?</b>
    Your training{ $name ->
        [none] {""}
       *[other] {" "}“{ $name }”
    } was not started: { $count ->
        [one] { $count } photo is
       *[other] { $count } photos are
    } here ({ $min } to { $max } needed). I keep this draft until { DATETIME($until, dateStyle: "long") }.
