## Оставленные черновики

draft-reminder =
    <b>Продолжим?</b>
    Обучение{ $name ->
        [none] {""}
       *[other] {" "}«{ $name }»
    } так и не запущено: { $count ->
        [one] загружено { $count } фото
        [few] загружены { $count } фото
       *[other] загружено { $count } фото
    } (нужно от { $min } до { $max }). Я храню черновик до { DATETIME($until, dateStyle: "long") }
