# Календар, привілеї, доручення, членство й кредит.
occasion-birthday = День народження
occasion-anniversary = Річниця
occasion-tenure = Стаж: { $period }
occasion-inactive = Немає покупок: { $period }
occasion-before-expiry = Скоро згорять ({ $period }): { $points }
occasion-day-end = Кінець дня
occasion-week-end = Кінець тижня
occasion-month-end = Кінець місяця
occasion-quarter-end = Кінець кварталу
occasion-year-end = Кінець року
occasion-tier-review = Перегляд рівня: { $ladder }
occasion-before-membership-end = Скоро закінчиться ({ $period }): { $membership }
effect-occasion = { $what } ({ $date })
effect-benefit-used = Використано: { $benefit }
effect-benefit-use-back = Використання повернено: { $benefit }
effect-task-opened = Виконати до { $date }: { $what }
effect-task-done = Виконано: { $what }
effect-task-dropped = Більше не потрібно: { $what }
effect-membership-paid = { $membership }: сплачено { $fee }, { $from } – { $until }
effect-membership-ended = { $membership }: припинено, до повернення { $amount }
effect-advance = { $credit }: авансом { $amount }
effect-set-off-payment = { $credit }: зараховано з платежу { $amount }
effect-set-off-balance = { $credit }: зараховано з балансу { $amount }
reason-occasion = настало { $date }
reason-benefit-granted = дає привілей «{ $benefit }»
reason-benefit-uses = { $count ->
    [one] дає привілей «{ $benefit }» { $count } раз
    [few] дає привілей «{ $benefit }» { $count } рази
    [many] дає привілей «{ $benefit }» { $count } разів
   *[other] дає привілей «{ $benefit }» { $count } рази
}
reason-benefit-until = { $given }, до { $date } включно
reason-benefit-used = використано
reason-benefit-used-left = { $count ->
    [one] використано; можна ще { $count } раз
    [few] використано; можна ще { $count } рази
    [many] використано; можна ще { $count } разів
   *[other] використано; можна ще { $count } рази
}
reason-task-opened = виконати до { $date }
reason-task-done = виконано, позначив { $actor }
reason-task-done-note = виконано, позначив { $actor }: { $note }
reason-task-late = { $count ->
    [one] виконано із запізненням на { $count } день, позначив { $actor }
    [few] виконано із запізненням на { $count } дні, позначив { $actor }
    [many] виконано із запізненням на { $count } днів, позначив { $actor }
   *[other] виконано із запізненням на { $count } дні, позначив { $actor }
}
reason-task-late-note = { $count ->
    [one] виконано із запізненням на { $count } день, позначив { $actor }: { $note }
    [few] виконано із запізненням на { $count } дні, позначив { $actor }: { $note }
    [many] виконано із запізненням на { $count } днів, позначив { $actor }: { $note }
   *[other] виконано із запізненням на { $count } дні, позначив { $actor }: { $note }
}
reason-membership-paid = сплачено { $fee }, { $from } – { $until }
reason-membership-ended = припинено достроково, до повернення { $amount }
reason-advanced = авансом { $amount }; не зараховано { $open } за ліміту { $most }
reason-set-off = зараховано { $amount }; не зараховано { $open }
happened-benefit-use = Використано: { $benefit }
happened-fulfilment = Доручення виконано
happened-membership-payment = Сплачено членство: { $membership }
happened-advance = Аванс: { $credit }
happened-set-off = Залік: { $credit }
refusal-occasion-not-due = Подія «{ $occasion }» не настала: на неї не чекає жодне правило або її вже записано.
refusal-unknown-benefit = У програмі немає привілею «{ $benefit }».
refusal-not-entitled = Учасник не має привілею «{ $benefit }».
refusal-benefit-used-up = Привілей «{ $benefit }» вичерпано.
refusal-benefit-used-up-from = { $count ->
    [one] Привілей «{ $benefit }» використано { $count } раз за період з { $from }; більше не можна.
    [few] Привілей «{ $benefit }» використано { $count } рази за період з { $from }; більше не можна.
    [many] Привілей «{ $benefit }» використано { $count } разів за період з { $from }; більше не можна.
   *[other] Привілей «{ $benefit }» використано { $count } рази за період з { $from }; більше не можна.
}
refusal-unknown-task = За { $activity } нічого виконувати не потрібно, або це вже виконано.
refusal-unknown-membership = У програмі немає членства «{ $membership }».
refusal-unknown-credit = У програмі немає кредиту «{ $credit }».
refusal-over-credit = Це більше, ніж дозволяє ліміт «{ $credit }».
refusal-over-credit-of = Ліміт «{ $credit }» — { $most }; не зараховано { $open }.
refusal-nothing-advanced = За «{ $credit }» стільки не видано.
