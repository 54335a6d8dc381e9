## Панель под вопросом об описании и под результатом

panel-title = ⚙️ <b>Какими будут ваши картинки</b>
panel-title-result = ⚙️ <b>То же описание, ваши параметры</b>
panel-result = <i>{ $prompt }</i>
panel-model = Модель: <b>{ $model }</b>
panel-second = Вместе с: <b>{ $name }</b>, сила { $scale }
panel-second-honest = 👥 Двое на одной картинке: не могу обещать, что оба будут похожи на себя. Опишите, что делают оба, и сначала попробуйте одну картинку. В готовых идеях всегда один человек.
panel-second-lost = 👥 Второго человека, которого вы выбрали, больше нельзя добавить на картинку. Выберите другого или делайте картинки без него, а пока ничего не делается.
two-names = { $first } и { $second }
ask-second =
    <b>👥 Кого ещё добавить на картинку?</b>
    Эти модели сочетаются с выбранной. Делайте только такие картинки, на которые согласились бы оба.
panel-shape = Формат: <b>{ $shape }</b>
panel-size-standard = Размер: <b>обычный</b>, { $width }×{ $height }
panel-size-hd = Размер: <b>HD</b>, { $width }×{ $height }
panel-count = Картинок: <b>{ $count }</b>
panel-scale = Сила сходства: <b>{ $scale }</b>
panel-scale-own = Сила сходства: <b>{ $scale }</b>, у этой модели
panel-seed-new = Вариант: <b>каждый раз новый</b>
panel-seed-kept = Вариант: <b>{ $seed }</b>, закреплён
panel-form = Генератор прочтёт: <code>{ $opening }…</code>
panel-price = 💵 Это будет стоить <b>{ $price }</b>.
panel-remembered = Я запомню это и для следующих картинок.

panel-open = ⚙️ Параметры
panel-button-second = 👥 Добавить второго человека
panel-button-second-leave = ✖️ Убрать{ $name ->
    [none] {" "}второго человека
   *[other] {": "}{ $name }
}
panel-button-size-standard = Обычный{ $price ->
    [none] {""}
   *[other] {" · "}{ $price }
}
panel-button-size-hd = HD{ $price ->
    [none] {""}
   *[other] {" · "}{ $price }
}
panel-button-scale = Сила { $scale }
panel-button-seed-new = 🎲 Новый вариант
panel-button-seed-keep = 📌 Закрепить вариант
panel-make = 🎨 Сделать{ $price ->
    [none] {""}
   *[other] {" "}за { $price }
}

error-unknown-option = Я не знаю параметра { $option }. Есть такие: --ar 9:16 (формат), --size hd (размер), -n 2 (сколько картинок), --scale 0.8 (сила), --seed 7 (вариант). Пришлите, пожалуйста, описание ещё раз.
error-bad-option-value = Значение { $value } для { $option } не подходит. Можно: { $allowed }. Пришлите, пожалуйста, описание ещё раз.
error-missing-option-value = После { $option } нужно значение: { $allowed }. Пришлите, пожалуйста, описание ещё раз.
error-repeated-option = Параметр { $option } указан дважды. Оставьте, пожалуйста, что-то одно и пришлите описание ещё раз.
