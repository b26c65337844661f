# Календарь, привилегии, поручения, членство и кредит.
occasion-birthday = День рождения
occasion-anniversary = Годовщина
occasion-tenure = Стаж: { $period }
occasion-inactive = Нет покупок: { $period }
occasion-before-expiry = Скоро сгорят ({ $period }): { $points }
occasion-day-end = Конец дня
occasion-week-end = Конец недели
occasion-month-end = Конец месяца
occasion-quarter-end = Конец квартала
occasion-year-end = Конец года
occasion-tier-review = Пересмотр уровня: { $ladder }
occasion-before-membership-end = Скоро закончится ({ $period }): { $membership }
effect-occasion = { $what } ({ $date })
effect-benefit-used = Использовано: { $benefit }
effect-benefit-use-back = Использование возвращено: { $benefit }
effect-task-opened = Выполнить до { $date }: { $what }
effect-task-done = Выполнено: { $what }
effect-task-dropped = Больше не нужно: { $what }
effect-membership-paid = { $membership }: оплачено { $fee }, { $from } – { $until }
effect-membership-ended = { $membership }: прекращено, к возврату { $amount }
effect-advance = { $credit }: авансом { $amount }
effect-set-off-payment = { $credit }: зачтено из платежа { $amount }
effect-set-off-balance = { $credit }: зачтено с баланса { $amount }
reason-occasion = наступило { $date }
reason-benefit-granted = даёт привилегию «{ $benefit }»
reason-benefit-uses = { $count ->
    [one] даёт привилегию «{ $benefit }» { $count } раз
    [few] даёт привилегию «{ $benefit }» { $count } раза
    [many] даёт привилегию «{ $benefit }» { $count } раз
   *[other] даёт привилегию «{ $benefit }» { $count } раза
}
reason-benefit-until = { $given }, до { $date } включительно
reason-benefit-used = использовано
reason-benefit-used-left = { $count ->
    [one] использовано; можно ещё { $count } раз
    [few] использовано; можно ещё { $count } раза
    [many] использовано; можно ещё { $count } раз
   *[other] использовано; можно ещё { $count } раза
}
reason-task-opened = выполнить до { $date }
reason-task-done = выполнено, отметил { $actor }
reason-task-done-note = выполнено, отметил { $actor }: { $note }
reason-task-late = { $count ->
    [one] выполнено с опозданием на { $count } день, отметил { $actor }
    [few] выполнено с опозданием на { $count } дня, отметил { $actor }
    [many] выполнено с опозданием на { $count } дней, отметил { $actor }
   *[other] выполнено с опозданием на { $count } дня, отметил { $actor }
}
reason-task-late-note = { $count ->
    [one] выполнено с опозданием на { $count } день, отметил { $actor }: { $note }
    [few] выполнено с опозданием на { $count } дня, отметил { $actor }: { $note }
    [many] выполнено с опозданием на { $count } дней, отметил { $actor }: { $note }
   *[other] выполнено с опозданием на { $count } дня, отметил { $actor }: { $note }
}
reason-membership-paid = оплачено { $fee }, { $from } – { $until }
reason-membership-ended = прекращено досрочно, к возврату { $amount }
reason-advanced = авансом { $amount }; не зачтено { $open } при лимите { $most }
reason-set-off = зачтено { $amount }; не зачтено { $open }
happened-benefit-use = Использовано: { $benefit }
happened-fulfilment = Поручение выполнено
happened-membership-payment = Оплачено членство: { $membership }
happened-advance = Аванс: { $credit }
happened-set-off = Зачёт: { $credit }
refusal-occasion-not-due = Событие «{ $occasion }» не наступило: его не ждёт ни одно правило или оно уже записано.
refusal-unknown-benefit = В программе нет привилегии «{ $benefit }».
refusal-not-entitled = У участника нет привилегии «{ $benefit }».
refusal-benefit-used-up = Привилегия «{ $benefit }» исчерпана.
refusal-benefit-used-up-from = { $count ->
    [one] Привилегия «{ $benefit }» использована { $count } раз за период с { $from }; больше нельзя.
    [few] Привилегия «{ $benefit }» использована { $count } раза за период с { $from }; больше нельзя.
    [many] Привилегия «{ $benefit }» использована { $count } раз за период с { $from }; больше нельзя.
   *[other] Привилегия «{ $benefit }» использована { $count } раза за период с { $from }; больше нельзя.
}
refusal-unknown-task = По { $activity } ничего выполнять не нужно, или это уже выполнено.
refusal-unknown-membership = В программе нет членства «{ $membership }».
refusal-unknown-credit = В программе нет кредита «{ $credit }».
refusal-over-credit = Это больше, чем позволяет лимит «{ $credit }».
refusal-over-credit-of = Лимит «{ $credit }» — { $most }; не зачтено { $open }.
refusal-nothing-advanced = По «{ $credit }» столько не выдано.
