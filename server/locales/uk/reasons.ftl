# Чому щось було дано або не дано. Перед кожним реченням стоїть назва правила.

reason-line = { $about } — { $sentence }
reason-about-receipt = Чек
reason-earned-fixed = { $amount }
reason-earned-steps = { $amount }: { $steps ->
        [one] { $steps } повний крок
        [few] { $steps } повні кроки
        [many] { $steps } повних кроків
       *[other] { $steps } повного кроку
    } по { $per } у сумі { $basis }, кожен — { $give }
reason-earned-rate = { $amount }: { $give } за { $per } від суми { $basis }
reason-earned-percent = { $amount }: { $percent } від { $basis }
reason-on-some-lines = множник діє лише на частину позицій
rounding-down = заокруглено вниз
rounding-up = заокруглено вгору
rounding-half-up = заокруглено до найближчого, половина вгору
rounding-half-even = заокруглено до найближчого, половина до парного
reason-multiplied = множить нараховане за іншими правилами: { $points } { $times }
reason-discounted-percent = знижка { $amount }: { $percent } від { $basis }
reason-discounted-sum = знижка { $amount } від суми { $basis } (щонайбільше { $sum })
reason-discounted-price = знижка { $amount } від суми { $basis }: ціна за одиницю { $price }
reason-discounted-free = одна одиниця безкоштовно: знижка { $amount } від суми { $basis }
reason-discounted-percent-of-lowest = знижка { $amount } від суми { $basis }: на { $percent } нижче за найнижчу ціну за останні 30 днів
reason-discounted-price-list = знижка { $amount } від суми { $basis }: ціни за списком
reason-discounted-set = знижка { $amount } від суми { $basis }: купівля { $buy }, у подарунок { $get }, × { $times }
reason-discounted-bundle = знижка { $amount } від суми { $basis }: набір × { $times }
reason-offered = запропоновано на касі: «{ $offer }»
reason-redeemed = списано: { $amount }
reason-debt-repaid = з нарахованого пішло на погашення боргу: { $amount }
reason-tier-up = підвищення з «{ $from }» до «{ $to }»
reason-tier-down = пониження з «{ $from }» до «{ $to }»
reason-not-yet = не дано: почне діяти { $from }
reason-over = не дано: перестало діяти { $until }
reason-weekday = не дано: лише в ці дні: { $days }
reason-hour = не дано: лише в ці години: { $hours }
reason-condition = не дано, не виконано умову: { $condition }
reason-condition-unknown = не дано: не виконано умову
reason-nothing-to-count = нічого не дало: у чеку немає нічого відповідного
reason-below-step = нічого не дало: до { $step } бракує { $missing } (є { $basis })
reason-nothing-left = нічого не дало із суми { $basis }
reason-limit-reached = не дано: з { $from } використано { $times ->
        [one] { $times } раз
        [few] { $times } рази
        [many] { $times } разів
       *[other] { $times } раза
    }, більше не можна
quota-times = { $times ->
    [one] { $times } раз
    [few] { $times } рази
    [many] { $times } разів
   *[other] { $times } раза
}
quota-per-all = на всіх
quota-per-member = на одного учасника
quota-per-location = на точку «{ $scope }»
quota-per-till = на касу «{ $scope }»
quota-per-cashier = на касира «{ $scope }»
quota-per-code = на один код
reason-quota-reached = не дано: ліміт вичерпано ({ $most } { $per })
reason-quota-reached-since = не дано: ліміт вичерпано ({ $most } { $per }, з { $from })
reason-quota-too-small = не дано: належить { $wanted }, а від ліміту лишилося { $left }
reason-quota-cut = { $given } замість { $wanted }: більше від ліміту не лишилося
reason-quota-alert = використано { $used } з { $most } { $per }; попередження задано від { $alert }
reason-held = відкладено до { $until }
reason-excluded = не дано: з групи «{ $group }» діє лише одне правило, а «{ $by }» дає більше або стоїть раніше
reason-not-combined = не дано: не поєднується з «{ $by }»
reason-too-many-discounts = не дано: в одному чеку діє не більше знижок, ніж { $most }
reason-about-discounts = Знижки
reason-stacked-for-member = { $amount } — більше взаємовиключні знижки разом дати не можуть (перевірено поєднань: { $tried })
reason-stacked-for-shop = { $amount } — менше взаємовиключні знижки разом дати не можуть (перевірено поєднань: { $tried })
reason-stacked-for-member-bound = { $amount } — найкраще з перевірених поєднань ({ $tried }); жодне інше не дасть більше за { $bound }
reason-stacked-for-shop-bound = { $amount } — найменше з перевірених поєднань ({ $tried }); жодне інше не дасть менше за { $bound }
reason-floored = не дано { $amount }: ціна впала б нижче за дозволену
reason-cut = не дано { $amount }: більше за найбільшу дозволену знижку
reason-gift-added = видано в подарунок (× { $times })
reason-announced = ще ні: почнеться { $from }
reason-not-for-members = не дано: лише для покупців, які не беруть участі в програмі
reason-not-for-guests = не дано: лише для учасників
reason-not-enough = неможливо: потрібно — { $needed }, доступно — { $available }
reason-and-pending = , в очікуванні — { $amount }
reason-unmatched = для { $quantity } од. не знайшлося покупки; за них нічого не знято
reason-reversed = знято: { $amount }
reason-of-that-lapsed = з них уже згоріло і вдруге не знімається: { $amount }
reason-of-that-owed = з них лишається боргом, який погасять наступні нарахування: { $amount }
reason-of-that-forgiven = з них пробачено: { $amount }
reason-restored = повернено з попереднім терміном: { $amount }
reason-refunded = до повернення { $amount }
reason-expired = згоріло: { $amount }, термін сплив { $date }
reason-adjusted = { $amount }, хто: { $actor }, причина: «{ $reason }»
reason-earned-fixed-times = { $amount }: фіксовано { $give }
reason-multipliers-added = надбавки додаються
reason-multipliers-highest = з кількох на одній позиції діє лише найбільший
reason-outdone = не застосовано: діє лише найбільший множник, а «{ $by }» більший
reason-at-least = нараховано { $amount }, це найменше за чек
reason-at-most = нараховано { $amount }, це найбільше за чек
reason-at-most-per-receipt = нараховано { $amount }, більше за один чек не належить
reason-at-most-per-day = нараховано { $amount }, більше за день не належить
reason-at-most-per-month = нараховано { $amount }, більше за місяць не належить
reason-withheld = з повернення утримано { $money }: цих балів уже немає ({ $amount })
reason-renewed = повернено з новим терміном: { $amount }, { $expiry }
reason-released = доступно з { $from }: { $amount }
reason-tier-set = призначено рівень «{ $tier }»; хто: { $actor }; причина: «{ $reason }»
reason-tier-set-until = призначено рівень «{ $tier }» по { $date } включно; хто: { $actor }; причина: «{ $reason }»
reason-tier-set-free = призначення рівня знято; хто: { $actor }; причина: «{ $reason }»

# До якого часу діють бали.
expiry-never = безстроково
expiry-date = до { $date } включно
expiry-idle = згорять через { $period } після останньої активності
period-days = { $count ->
        [one] { $count } день
        [few] { $count } дні
        [many] { $count } днів
       *[other] { $count } дня
    }
period-weeks = { $count ->
        [one] { $count } тиждень
        [few] { $count } тижні
        [many] { $count } тижнів
       *[other] { $count } тижня
    }
period-months = { $count ->
        [one] { $count } місяць
        [few] { $count } місяці
        [many] { $count } місяців
       *[other] { $count } місяця
    }
period-years = { $count ->
        [one] { $count } рік
        [few] { $count } роки
        [many] { $count } років
       *[other] { $count } року
    }

weekday-1 = понеділок
weekday-2 = вівторок
weekday-3 = середа
weekday-4 = четвер
weekday-5 = пʼятниця
weekday-6 = субота
weekday-7 = неділя

# Що записано.
effect-join = Вступ до програми: { $kind }
effect-visit = Історія за { $date }: відвідування { $visits }, витрачено { $spent }
effect-discount = { $by }: знижка { $amount }
effect-offer = { $by }: запропоновано на касі
effect-earn = Нараховано: { $amount } ({ $by }), { $expiry }
effect-earn-pending = Нараховано: { $amount } ({ $by }), доступно з { $from }, { $expiry }
effect-repay = На погашення боргу: { $amount }
effect-spend = Списано: { $amount } ({ $by })
effect-free-item = { $by }: одна одиниця безкоштовно
effect-free-gift = { $by }: у подарунок одне на вибір — { $products } (× { $pieces })
effect-benefit = Надано привілей: { $benefit }
effect-benefit-until = Надано привілей до { $date } включно: { $benefit }
effect-benefit-revoked = Відкликано привілей: { $benefit }
effect-count = { $by }: використань { $change } за період з { $from }
effect-hold = Резерв: усе, що спише покупка, утримано до { $until }
effect-end-hold = Резерв: підтверджено
effect-counted = { $by }: використано з ліміту { $per }: { $amount }
effect-count-back = { $by }: повернено до ліміту { $per }: { $amount }
effect-expire = Згоріло: { $amount }, термін сплив { $date }
effect-return-line = Позиція { $line }: повернено { $quantity }, до повернення { $amount }
effect-voided = Скасовано повністю: { $of }
effect-reverse = Знято: { $amount }
effect-restore = Повернено: { $amount }
effect-give = Нараховано: { $amount }; хто: { $actor }; причина: «{ $reason }»
effect-take = Знято: { $amount }; хто: { $actor }; причина: «{ $reason }»
effect-tier = { $ladder }: { $from } → { $to }
effect-earn-awaiting = Нараховано: { $amount } ({ $by }), чекає на подію «{ $event }», { $expiry }
effect-release = { $event }: { $points } доступні з { $from }
effect-tier-set = { $ladder }: призначено рівень «{ $tier }»; хто: { $actor }; причина: «{ $reason }»
effect-tier-set-until = { $ladder }: призначено рівень «{ $tier }» по { $date } включно; хто: { $actor }; причина: «{ $reason }»
effect-tier-set-free = { $ladder }: призначення рівня знято; хто: { $actor }; причина: «{ $reason }»

member-kind-person = приватна особа
member-kind-company = компанія
member-kind-employee = працівник

# Чому запис не зроблено.
refusal-no-programme = На той час не діяла жодна програма.
refusal-no-member = Такого учасника немає.
refusal-already-member = Цей учасник уже є.
refusal-no-lines = У чеку немає позицій.
refusal-too-many-lines = У чеку забагато позицій, можна щонайбільше { $most }.
refusal-negative-price = У позиції { $line } ціна менша за нуль.
refusal-quantity-not-positive = У позиції { $line } кількість має бути більшою за нуль.
refusal-name-too-long = Задовге значення: «{ $what }».
refusal-number-too-large = Завелике число.
refusal-date-out-of-range = Дата поза межами календаря.
refusal-unknown-reward = У програмі немає винагороди «{ $reward }».
refusal-unknown-action = У програмі немає дії «{ $action }».
refusal-unknown-points = У програмі немає балів «{ $points }».
refusal-unknown-attribute = У програмі немає властивості «{ $attribute }».
refusal-wrong-attribute-type = Значення «{ $attribute }» не того типу, який указано в програмі.
refusal-reward-needs-receipt = «{ $reward }» зменшує суму чека, тому потрібен чек.
refusal-reward-not-possible = Винагороду отримати не можна. { $reason }
refusal-unknown-activity = У цього учасника немає запису { $activity }.
refusal-not-reversible = Запис { $activity } такого виду скасувати не можна.
refusal-already-voided = Запис { $activity } уже скасовано.
refusal-unknown-event = У програмі немає події «{ $event }».
refusal-unknown-ladder = У програмі немає шкали рівнів «{ $ladder }».
refusal-unknown-tier = У шкалі немає рівня «{ $tier }».
refusal-ends-before-today = Останній день уже минув.
refusal-unknown-line = У чеку немає позиції { $line }.
refusal-more-than-bought = Позиція { $line }: повертається більше, ніж куплено; можна повернути ще { $left }.
refusal-nothing-returned = Нічого не повертається.
refusal-counter-not-at-hand = Ліміти для цього чека прочитати не вдалося; спробуйте ще раз.
refusal-hold-too-long = Покупку відкладають щонайменше на хвилину й щонайбільше на { $most } хв.
refusal-hold-ended = Резерв { $activity } підтверджено, скасовано або він минув.
refusal-hold-differs = Чек відрізняється від того, що відкладено під { $activity }.
refusal-amount-zero = Сума дорівнює нулю.
refusal-reason-missing = Укажіть причину та імʼя.
refusal-not-enough-to-take = Стільки балів зняти не можна, їх менше.
refusal-not-enough-to-take-of = Стільки балів зняти не можна, доступно: { $available }.
