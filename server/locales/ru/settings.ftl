# Что выбирает программа, по предложению на каждый ответ: setting-<ключ>-<ответ>.

# Prices

setting-spare-cent-largest-remainder = Лишняя копейка распределённой скидки достаётся строке, доля которой округлена сильнее всего.
setting-spare-cent-first-line = Лишняя копейка распределённой скидки достаётся первой строке.
setting-spare-cent-last-line = Лишняя копейка распределённой скидки достаётся последней строке.
setting-discount-rounding-once = Процентная скидка округляется один раз по всем её строкам.
setting-discount-rounding-line = Процентная скидка округляется в каждой строке.
setting-discount-rounding-piece = Процентная скидка округляется на каждой штуке.
setting-discount-rounding-price = Округляется новая цена штуки, а не скидка.
setting-rounding-direction-half-up = Скидки округляются до ближайшей копейки, полкопейки — вверх.
setting-rounding-direction-down = Скидки округляются вниз.
setting-rounding-direction-up = Скидки округляются вверх.
setting-floored-discount-sums-move = Если строка не может принять часть суммы, её принимают другие строки; часть процентной скидки пропадает.
setting-floored-discount-moves = Часть скидки, которую строка не может принять, принимают другие строки.
setting-floored-discount-lost = Часть скидки, которую строка не может принять, пропадает.
setting-percentages-compound = Каждый следующий процент считается от того, что осталось после предыдущих.
setting-percentages-add = Проценты складываются: каждый считается от первоначальной цены.
setting-percentages-best = Из нескольких процентов на одной строке действует лучший.
setting-order-priority = Скидки применяются по приоритету, затем по идентификатору.
setting-order-lines-first = Скидки на отдельные строки применяются раньше скидок на весь чек.
setting-choosing-best-for-member = Из взаимоисключающих скидок действуют те, которые выгоднее участнику.
setting-choosing-best-for-shop = Из взаимоисключающих скидок действуют те, которые дешевле магазину.
setting-choosing-in-order = Из взаимоисключающих скидок действует первая по порядку; в группе — та, что в этот момент даёт больше.
setting-exclusivity-value = Исключительная скидка действует, если даёт больше, чем все остальные вместе.
setting-exclusivity-priority = Исключительная скидка действует одна, даже если даёт меньше.
setting-threshold-handed-in = Порог сравнивается с суммой товаров до скидок.
setting-threshold-after-discounts = Порог сравнивается с тем, что осталось после предыдущих скидок.
setting-threshold-paid-goods = Порог сравнивается с суммой товаров до скидок, но без тех, что стали бесплатными.
setting-shared-discount-by-amount = Сумма распределяется по строкам по их стоимости.
setting-shared-discount-by-quantity = Сумма распределяется по строкам по количеству.
setting-shared-discount-least-earned = Сумма сначала снимается со строк, за которые баллы не начисляются.
setting-limited-pieces-untouched = Второе правило на несколько штук сначала берёт те, которых не коснулось другое такое правило.
setting-limited-pieces-lowered = Второе правило на несколько штук сначала берёт те, что уже подешевели.
setting-set-pieces-once = Штука входит только в один набор.
setting-set-pieces-again = Штука может входить в несколько наборов.
setting-empty-rule-not-used = Правило, которому нечего было снизить, считается неиспользованным.
setting-empty-rule-used = Правило, которому нечего было снизить, считается использованным.
setting-free-piece-cheapest = В наборе бесплатны самые дешёвые штуки.
setting-free-piece-dearest = В наборе бесплатны самые дорогие штуки.
setting-free-piece-receipt-order = В наборе бесплатны последние штуки по порядку чека.
setting-free-sets-each = Бесплатные штуки выбираются в каждом наборе.
setting-free-sets-together = Бесплатные штуки выбираются по всем наборам вместе.
setting-free-pieces-among = Бесплатные штуки — из тех, что есть в чеке.
setting-free-pieces-added = Бесплатные штуки выдаются сверх купленных.
setting-set-repeats-as-often-as-it-fits = Набор составляется столько раз, сколько получится.
setting-set-repeats-once = Набор составляется в чеке один раз.
setting-set-discount-whole-set = Скидка набора лежит на всех его штуках по их стоимости, в том числе при возврате.
setting-set-discount-free-pieces = Скидка набора лежит только на бесплатных или подешевевших штуках, в том числе при возврате.

# Payment and codes

setting-code-use-after-void-given-back = Купон аннулированного чека можно использовать снова, если его срок не истёк.
setting-code-use-after-void-kept = Купон аннулированного чека остаётся использованным.
setting-invalid-code-only-that-code = Недействительный код ничего не даёт; остальной чек остаётся в силе.
setting-invalid-code-refuse-receipt = Из-за недействительного кода отклоняется весь чек.
setting-code-case-ignored = Строчные и прописные буквы кода равны, похожие знаки прощаются.
setting-code-case-matters = Строчные и прописные буквы кода различаются.
setting-certificate-pays-all = Подарочный сертификат оплачивает всё, кроме сертификатов, в том числе доставку.
setting-certificate-pays-goods-only = Подарочный сертификат оплачивает только товары.
setting-payment-means-together = Баллы и сертификаты могут оплачивать один чек вместе.
setting-payment-means-one-means = Чек оплачивается либо баллами, либо сертификатами.
setting-certificates-per-receipt-any = Один чек могут оплачивать несколько сертификатов.
setting-certificates-per-receipt-one = Чек может оплачивать один сертификат.
setting-mixed-refund-in-proportion = Оплаченное сертификатом и деньгами возвращается каждому в его доле.
setting-mixed-refund-certificate-first = Оплаченное сертификатом и деньгами возвращается сначала на сертификат.
setting-mixed-refund-money-first = Оплаченное сертификатом и деньгами возвращается сначала деньгами.
setting-paid-with-points-earns-nothing = За оплаченное баллами баллы не начисляются.
setting-paid-with-points-earns = За оплаченное баллами баллы тоже начисляются.
setting-paid-with-certificate-earns = Оплаченное сертификатом приносит баллы и считается покупкой; его продажа — нет.
setting-paid-with-certificate-earns-nothing = За оплаченное сертификатом баллы не начисляются.

# Earning

setting-earning-base-after-discounts = Баллы начисляются на сумму к оплате.
setting-earning-base-after-line-discounts = Баллы начисляются на цены после скидок на строки; скидки на весь чек их не уменьшают.
setting-earning-base-before-discounts = Баллы начисляются на цены до скидок.
setting-earning-tax-with-tax = На налог в цене баллы тоже начисляются.
setting-earning-tax-without-tax = На налог в цене баллы не начисляются.
setting-reward-discount-lowers-base = На скидку по вознаграждению баллы не начисляются.
setting-reward-discount-keeps-base = На скидку по вознаграждению баллы начисляются, как если бы она была оплачена.
setting-points-only-receipt-earns-nothing = Чек, полностью оплаченный баллами, не приносит фиксированных баллов.
setting-points-only-receipt-earns = Чек, полностью оплаченный баллами, приносит фиксированные баллы.
setting-own-points-later = Баллы можно потратить начиная со следующего чека.
setting-own-points-same-receipt = Баллы можно потратить в том же чеке, за который они начислены.
setting-points-rounding-each-award = Баллы округляются в каждом начислении.
setting-points-rounding-receipt = Баллы округляются один раз за чек.
setting-multipliers-multiply = Множители перемножаются: 1,5 и 2 дают 3.
setting-multipliers-add = Множители складывают свои прибавки: 1,5 и 2 дают 2,5.
setting-multipliers-highest = Из нескольких множителей действует наибольший.
setting-fixed-points-not-multiplied = Фиксированные баллы не умножаются.
setting-fixed-points-multiplied = Фиксированные баллы за чеки тоже умножаются.

# Returns

setting-spend-order-soonest-to-end = Первыми тратятся баллы, которые сгорают раньше.
setting-spend-order-oldest = Первыми тратятся самые старые баллы.
setting-spent-points-on-return-with-product = Потраченные баллы возвращаются вместе с товаром, который они оплатили.
setting-spent-points-on-return-in-proportion = Потраченные баллы возвращаются по доле возвращённой части чека.
setting-spent-points-on-return-whole-return-only = Потраченные баллы возвращаются с последней штукой чека.
setting-restored-points-original-end = Возвращённые баллы сгорают в свой прежний срок.
setting-restored-points-new-end = Возвращённые баллы живут так, будто начислены в день возврата.
setting-voided-receipts-not-counted = Полностью возвращённый чек не считается визитом.
setting-voided-receipts-counted = Полностью возвращённый чек всё равно считается визитом.
setting-earned-points-on-return-in-proportion = Возврат забирает долю баллов, начисленную за возвращённое.
setting-earned-points-on-return-on-what-is-kept = После возврата остаются баллы, которые принесло бы оставленное.

# Tiers and limits

setting-over-budget-stop = Начисление, которое больше остатка лимита, не выдаётся.
setting-over-budget-cut = Начисление, которое больше остатка лимита, уменьшается до остатка.

# `symbolon describe`

describe-settings = Что выбирает эта программа. Отличия от обычного отмечены звёздочкой *.
describe-stacking = Границы скидок
stacking-most-rules = { $count ->
    [one] В чеке действует не больше { $count } скидки.
    [few] В чеке действует не больше { $count } скидок.
    [many] В чеке действует не больше { $count } скидок.
   *[other] В чеке действует не больше { $count } скидок.
}
stacking-no-most-rules = В чеке может действовать любое число скидок.
stacking-most-percent = Все скидки вместе снимают с товаров не больше { $percent }.
stacking-no-most-percent = Сумма всех скидок не ограничена.
stacking-margin-floor = Никакая скидка не опускает цену ниже себестоимости с маржой { $percent }, если себестоимость известна.
stacking-no-margin-floor = Скидки не учитывают себестоимость товаров.
stacking-effort = { $count ->
    [one] Чтобы найти лучшее сочетание скидок, сравнивается до { $count } набора.
    [few] Чтобы найти лучшее сочетание скидок, сравнивается до { $count } наборов.
    [many] Чтобы найти лучшее сочетание скидок, сравнивается до { $count } наборов.
   *[other] Чтобы найти лучшее сочетание скидок, сравнивается до { $count } набора.
}

# Люди

setting-attribution-before-first-purchase = Кто привёл участника, записывают до его первой покупки.
setting-attribution-any-time = Кто привёл участника, можно записать в любое время.
setting-transferred-points-original-end = Баллы от другого участника сгорают тогда же, когда сгорели бы у него.
setting-transferred-points-new-end = Баллы от другого участника сгорают так, будто заработаны в день перевода.
# Игры

setting-preferences-not-kept = Что любит каждый участник, не хранится.
setting-preferences-by-category = Хранится, сколько каждый участник покупает в каждой категории.
