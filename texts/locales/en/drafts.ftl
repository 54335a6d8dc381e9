## Drafts that were left behind

draft-reminder =
    <b>Would you like to go on?</b>
    Your training{ $name ->
        [none] {""}
       *[other] {" "}“{ $name }”
    } was not started: { $count } of { $min }–{ $max } photos { $count ->
        [one] is
       *[other] are
    } here. I keep this draft until { DATETIME($until, dateStyle: "long") }.
