# Почему что-то было дано или не дано. Перед каждым предложением стоит название правила.

reason-line = { $about } — { $sentence }
reason-about-receipt = Чек
reason-earned-fixed = { $amount }
reason-earned-steps = { $amount }: { $steps ->
        [one] { $steps } полный шаг
        [few] { $steps } полных шага
        [many] { $steps } полных шагов
       *[other] { $steps } полного шага
    } по { $per } в сумме { $basis }, каждый — { $give }
reason-earned-rate = { $amount }: { $give } за { $per } от суммы { $basis }
reason-earned-percent = { $amount }: { $percent } от { $basis }
reason-on-some-lines = множитель действует только на часть позиций
rounding-down = округлено вниз
rounding-up = округлено вверх
rounding-half-up = округлено до ближайшего, половина вверх
rounding-half-even = округлено до ближайшего, половина к чётному
reason-multiplied = умножает начисленное по другим правилам: { $points } { $times }
reason-discounted-percent = скидка { $amount }: { $percent } от { $basis }
reason-discounted-sum = скидка { $amount } с суммы { $basis } (не более { $sum })
reason-discounted-price = скидка { $amount } с суммы { $basis }: цена за единицу { $price }
reason-discounted-free = одна единица бесплатно: скидка { $amount } с суммы { $basis }
reason-discounted-percent-of-lowest = скидка { $amount } с суммы { $basis }: на { $percent } ниже самой низкой цены за последние 30 дней
reason-discounted-price-list = скидка { $amount } с суммы { $basis }: цены по списку
reason-discounted-set = скидка { $amount } с суммы { $basis }: покупка { $buy }, в подарок { $get }, × { $times }
reason-discounted-bundle = скидка { $amount } с суммы { $basis }: набор × { $times }
reason-offered = предложено на кассе: «{ $offer }»
reason-redeemed = списано: { $amount }
reason-debt-repaid = из начисленного пошло в счёт долга: { $amount }
reason-tier-up = повышение с «{ $from }» до «{ $to }»
reason-tier-down = понижение с «{ $from }» до «{ $to }»
reason-not-yet = не дано: начнёт действовать { $from }
reason-over = не дано: перестало действовать { $until }
reason-weekday = не дано: только в эти дни: { $days }
reason-hour = не дано: только в эти часы: { $hours }
reason-condition = не дано, не выполнено условие: { $condition }
reason-condition-unknown = не дано: не выполнено условие
reason-nothing-to-count = ничего не дало: в чеке нет ничего подходящего
reason-below-step = ничего не дало: до { $step } не хватает { $missing } (есть { $basis })
reason-nothing-left = ничего не дало с суммы { $basis }
reason-limit-reached = не дано: с { $from } использовано { $times ->
        [one] { $times } раз
        [few] { $times } раза
        [many] { $times } раз
       *[other] { $times } раза
    }, больше нельзя
quota-times = { $times ->
    [one] { $times } раз
    [few] { $times } раза
    [many] { $times } раз
   *[other] { $times } раза
}
quota-per-all = на всех
quota-per-member = на одного участника
quota-per-location = на точку «{ $scope }»
quota-per-till = на кассу «{ $scope }»
quota-per-cashier = на кассира «{ $scope }»
quota-per-code = на один код
reason-quota-reached = не дано: лимит исчерпан ({ $most } { $per })
reason-quota-reached-since = не дано: лимит исчерпан ({ $most } { $per }, с { $from })
reason-quota-too-small = не дано: полагается { $wanted }, а от лимита осталось { $left }
reason-quota-cut = { $given } вместо { $wanted }: больше от лимита не осталось
reason-quota-alert = использовано { $used } из { $most } { $per }; предупреждение задано от { $alert }
reason-held = отложено до { $until }
reason-excluded = не дано: из группы «{ $group }» действует только одно правило, а «{ $by }» даёт больше или стоит раньше
reason-not-combined = не дано: не сочетается с «{ $by }»
reason-too-many-discounts = не дано: в одном чеке действует не больше скидок, чем { $most }
reason-about-discounts = Скидки
reason-stacked-for-member = { $amount } — больше взаимоисключающие скидки вместе дать не могут (проверено сочетаний: { $tried })
reason-stacked-for-shop = { $amount } — меньше взаимоисключающие скидки вместе дать не могут (проверено сочетаний: { $tried })
reason-stacked-for-member-bound = { $amount } — лучшее из проверенных сочетаний ({ $tried }); никакое другое не даст больше { $bound }
reason-stacked-for-shop-bound = { $amount } — наименьшее из проверенных сочетаний ({ $tried }); никакое другое не даст меньше { $bound }
reason-floored = не дано { $amount }: цена упала бы ниже допустимой
reason-cut = не дано { $amount }: больше наибольшей разрешённой скидки
reason-gift-added = выдано в подарок (× { $times })
reason-announced = ещё нет: начнётся { $from }
reason-not-for-members = не дано: только для покупателей, которые не участвуют в программе
reason-not-for-guests = не дано: только для участников
reason-not-enough = невозможно: нужно — { $needed }, доступно — { $available }
reason-and-pending = , в ожидании — { $amount }
reason-unmatched = для { $quantity } ед. не нашлось покупки; за них ничего не снято
reason-reversed = снято: { $amount }
reason-of-that-lapsed = из них уже сгорело и второй раз не снимается: { $amount }
reason-of-that-owed = из них остаётся долгом, который погасят следующие начисления: { $amount }
reason-of-that-forgiven = из них прощено: { $amount }
reason-restored = возвращено с прежним сроком: { $amount }
reason-refunded = к возврату { $amount }
reason-expired = сгорело: { $amount }, срок вышел { $date }
reason-adjusted = { $amount }, кто: { $actor }, причина: «{ $reason }»
reason-earned-fixed-times = { $amount }: фиксированно { $give }
reason-multipliers-added = прибавки складываются
reason-multipliers-highest = из нескольких на одной позиции действует только наибольший
reason-outdone = не применено: действует только наибольший множитель, а «{ $by }» больше
reason-at-least = начислено { $amount }, это наименьшее за чек
reason-at-most = начислено { $amount }, это наибольшее за чек
reason-at-most-per-receipt = начислено { $amount }, больше за один чек не положено
reason-at-most-per-day = начислено { $amount }, больше за день не положено
reason-at-most-per-month = начислено { $amount }, больше за месяц не положено
reason-withheld = из возврата удержано { $money }: этих баллов уже нет ({ $amount })
reason-renewed = возвращено с новым сроком: { $amount }, { $expiry }
reason-released = доступно с { $from }: { $amount }
reason-tier-set = назначен уровень «{ $tier }»; кто: { $actor }; причина: «{ $reason }»
reason-tier-set-until = назначен уровень «{ $tier }» по { $date } включительно; кто: { $actor }; причина: «{ $reason }»
reason-tier-set-free = назначение уровня снято; кто: { $actor }; причина: «{ $reason }»

# До каких пор действуют баллы.
expiry-never = бессрочно
expiry-date = до { $date } включительно
expiry-idle = сгорят через { $period } после последней активности
period-days = { $count ->
        [one] { $count } день
        [few] { $count } дня
        [many] { $count } дней
       *[other] { $count } дня
    }
period-weeks = { $count ->
        [one] { $count } неделю
        [few] { $count } недели
        [many] { $count } недель
       *[other] { $count } недели
    }
period-months = { $count ->
        [one] { $count } месяц
        [few] { $count } месяца
        [many] { $count } месяцев
       *[other] { $count } месяца
    }
period-years = { $count ->
        [one] { $count } год
        [few] { $count } года
        [many] { $count } лет
       *[other] { $count } года
    }

weekday-1 = понедельник
weekday-2 = вторник
weekday-3 = среда
weekday-4 = четверг
weekday-5 = пятница
weekday-6 = суббота
weekday-7 = воскресенье

# Что записано.
effect-join = Вступление в программу: { $kind }
effect-visit = История за { $date }: посещения { $visits }, потрачено { $spent }
effect-discount = { $by }: скидка { $amount }
effect-offer = { $by }: предложено на кассе
effect-earn = Начислено: { $amount } ({ $by }), { $expiry }
effect-earn-pending = Начислено: { $amount } ({ $by }), доступно с { $from }, { $expiry }
effect-repay = В счёт долга: { $amount }
effect-spend = Списано: { $amount } ({ $by })
effect-free-item = { $by }: одна единица бесплатно
effect-free-gift = { $by }: в подарок одно на выбор — { $products } (× { $pieces })
effect-benefit = Предоставлена привилегия: { $benefit }
effect-benefit-until = Предоставлена привилегия до { $date } включительно: { $benefit }
effect-benefit-revoked = Отозвана привилегия: { $benefit }
effect-count = { $by }: использований { $change } за период с { $from }
effect-hold = Резерв: всё, что спишет покупка, удержано до { $until }
effect-end-hold = Резерв: подтверждён
effect-counted = { $by }: использовано из лимита { $per }: { $amount }
effect-count-back = { $by }: возвращено в лимит { $per }: { $amount }
effect-expire = Сгорело: { $amount }, срок вышел { $date }
effect-return-line = Позиция { $line }: возвращено { $quantity }, к возврату { $amount }
effect-voided = Отменено целиком: { $of }
effect-reverse = Снято: { $amount }
effect-restore = Возвращено: { $amount }
effect-give = Начислено: { $amount }; кто: { $actor }; причина: «{ $reason }»
effect-take = Снято: { $amount }; кто: { $actor }; причина: «{ $reason }»
effect-tier = { $ladder }: { $from } → { $to }
effect-earn-awaiting = Начислено: { $amount } ({ $by }), ждёт события «{ $event }», { $expiry }
effect-release = { $event }: { $points } доступны с { $from }
effect-tier-set = { $ladder }: назначен уровень «{ $tier }»; кто: { $actor }; причина: «{ $reason }»
effect-tier-set-until = { $ladder }: назначен уровень «{ $tier }» по { $date } включительно; кто: { $actor }; причина: «{ $reason }»
effect-tier-set-free = { $ladder }: назначение уровня снято; кто: { $actor }; причина: «{ $reason }»

member-kind-person = частное лицо
member-kind-company = компания
member-kind-employee = сотрудник

# Почему запись не сделана.
refusal-no-programme = В этот момент не действовала ни одна программа.
refusal-no-member = Такого участника нет.
refusal-already-member = Этот участник уже есть.
refusal-no-lines = В чеке нет позиций.
refusal-too-many-lines = В чеке слишком много позиций, можно не более { $most }.
refusal-negative-price = В позиции { $line } цена меньше нуля.
refusal-quantity-not-positive = В позиции { $line } количество должно быть больше нуля.
refusal-name-too-long = Слишком длинное значение: «{ $what }».
refusal-number-too-large = Слишком большое число.
refusal-date-out-of-range = Дата вне пределов календаря.
refusal-unknown-reward = В программе нет вознаграждения «{ $reward }».
refusal-unknown-action = В программе нет действия «{ $action }».
refusal-unknown-points = В программе нет баллов «{ $points }».
refusal-unknown-attribute = В программе нет свойства «{ $attribute }».
refusal-wrong-attribute-type = Значение «{ $attribute }» не того типа, который указан в программе.
refusal-reward-needs-receipt = «{ $reward }» уменьшает сумму чека, поэтому нужен чек.
refusal-reward-not-possible = Вознаграждение получить нельзя. { $reason }
refusal-unknown-activity = У этого участника нет записи { $activity }.
refusal-not-reversible = Запись { $activity } такого вида отменить нельзя.
refusal-already-voided = Запись { $activity } уже отменена.
refusal-unknown-event = В программе нет события «{ $event }».
refusal-unknown-ladder = В программе нет шкалы уровней «{ $ladder }».
refusal-unknown-tier = В шкале нет уровня «{ $tier }».
refusal-ends-before-today = Последний день уже прошёл.
refusal-unknown-line = В чеке нет позиции { $line }.
refusal-more-than-bought = Позиция { $line }: возвращается больше, чем куплено; можно вернуть ещё { $left }.
refusal-nothing-returned = Ничего не возвращается.
refusal-counter-not-at-hand = Лимиты для этого чека прочитать не удалось; повторите попытку.
refusal-hold-too-long = Покупку откладывают не меньше чем на минуту и не больше чем на { $most } мин.
refusal-hold-ended = Резерв { $activity } подтверждён, отменён или истёк.
refusal-hold-differs = Чек отличается от того, что отложено под { $activity }.
refusal-amount-zero = Сумма равна нулю.
refusal-reason-missing = Укажите причину и имя.
refusal-not-enough-to-take = Столько баллов снять нельзя, их меньше.
refusal-not-enough-to-take-of = Столько баллов снять нельзя, доступно: { $available }.
