# Що обирає програма, по реченню на кожну відповідь: setting-<ключ>-<відповідь>.

# Prices

setting-spare-cent-largest-remainder = Зайва копійка розподіленої знижки дістається рядку, частку якого округлено найбільше.
setting-spare-cent-first-line = Зайва копійка розподіленої знижки дістається першому рядку.
setting-spare-cent-last-line = Зайва копійка розподіленої знижки дістається останньому рядку.
setting-discount-rounding-once = Відсоткова знижка округлюється один раз за всіма її рядками.
setting-discount-rounding-line = Відсоткова знижка округлюється в кожному рядку.
setting-discount-rounding-piece = Відсоткова знижка округлюється на кожній штуці.
setting-discount-rounding-price = Округлюється нова ціна штуки, а не знижка.
setting-rounding-direction-half-up = Знижки округлюються до найближчої копійки, пів копійки — вгору.
setting-rounding-direction-down = Знижки округлюються вниз.
setting-rounding-direction-up = Знижки округлюються вгору.
setting-floored-discount-sums-move = Якщо рядок не може прийняти частину суми, її приймають інші рядки; частина відсоткової знижки пропадає.
setting-floored-discount-moves = Частину знижки, якої рядок не може прийняти, приймають інші рядки.
setting-floored-discount-lost = Частина знижки, якої рядок не може прийняти, пропадає.
setting-percentages-compound = Кожен наступний відсоток рахується від того, що лишилося після попередніх.
setting-percentages-add = Відсотки додаються: кожен рахується від початкової ціни.
setting-percentages-best = З кількох відсотків на одному рядку діє найкращий.
setting-order-priority = Знижки застосовуються за пріоритетом, потім за ідентифікатором.
setting-order-lines-first = Знижки на окремі рядки застосовуються раніше за знижки на весь чек.
setting-choosing-best-for-member = Зі знижок, що виключають одна одну, діють найвигідніші для учасника.
setting-choosing-best-for-shop = Зі знижок, що виключають одна одну, діють найдешевші для магазину.
setting-choosing-in-order = Зі знижок, що виключають одна одну, діє перша за порядком; у групі — та, що на цю мить дає найбільше.
setting-exclusivity-value = Виняткова знижка діє, якщо дає більше, ніж усі інші разом.
setting-exclusivity-priority = Виняткова знижка діє сама, навіть якщо дає менше.
setting-threshold-handed-in = Поріг порівнюється із сумою товарів до знижок.
setting-threshold-after-discounts = Поріг порівнюється з тим, що лишилося після попередніх знижок.
setting-threshold-paid-goods = Поріг порівнюється із сумою товарів до знижок, але без тих, що стали безкоштовними.
setting-shared-discount-by-amount = Сума розподіляється між рядками за їхньою вартістю.
setting-shared-discount-by-quantity = Сума розподіляється між рядками за кількістю.
setting-shared-discount-least-earned = Сума спершу знімається з рядків, за які бали не нараховуються.
setting-limited-pieces-untouched = Друге правило на кілька штук спершу бере ті, яких не торкнулося інше таке правило.
setting-limited-pieces-lowered = Друге правило на кілька штук спершу бере ті, що вже подешевшали.
setting-set-pieces-once = Штука входить лише в один набір.
setting-set-pieces-again = Штука може входити в кілька наборів.
setting-empty-rule-not-used = Правило, якому не було чого знизити, вважається невикористаним.
setting-empty-rule-used = Правило, якому не було чого знизити, вважається використаним.
setting-free-piece-cheapest = У наборі безкоштовні найдешевші штуки.
setting-free-piece-dearest = У наборі безкоштовні найдорожчі штуки.
setting-free-piece-receipt-order = У наборі безкоштовні останні штуки за порядком чека.
setting-free-sets-each = Безкоштовні штуки вибираються в кожному наборі.
setting-free-sets-together = Безкоштовні штуки вибираються за всіма наборами разом.
setting-free-pieces-among = Безкоштовні штуки — з тих, що є в чеку.
setting-free-pieces-added = Безкоштовні штуки видаються понад куплені.
setting-set-repeats-as-often-as-it-fits = Набір складається стільки разів, скільки вийде.
setting-set-repeats-once = Набір складається в чеку один раз.
setting-set-discount-whole-set = Знижка набору лежить на всіх його штуках за їхньою вартістю, зокрема при поверненні.
setting-set-discount-free-pieces = Знижка набору лежить лише на безкоштовних або здешевлених штуках, зокрема при поверненні.

# Payment and codes

setting-code-use-after-void-given-back = Купон скасованого чека можна використати знову, якщо його строк не минув.
setting-code-use-after-void-kept = Купон скасованого чека лишається використаним.
setting-invalid-code-only-that-code = Недійсний код нічого не дає; решта чека лишається чинною.
setting-invalid-code-refuse-receipt = Через недійсний код відхиляється весь чек.
setting-code-case-ignored = Малі й великі літери коду рівні, схожі знаки пробачаються.
setting-code-case-matters = Малі й великі літери коду різняться.
setting-certificate-pays-all = Подарунковий сертифікат оплачує все, крім сертифікатів, зокрема й доставку.
setting-certificate-pays-goods-only = Подарунковий сертифікат оплачує лише товари.
setting-payment-means-together = Бали й сертифікати можуть оплачувати один чек разом.
setting-payment-means-one-means = Чек оплачується або балами, або сертифікатами.
setting-certificates-per-receipt-any = Один чек можуть оплачувати кілька сертифікатів.
setting-certificates-per-receipt-one = Чек може оплачувати один сертифікат.
setting-mixed-refund-in-proportion = Оплачене сертифікатом і грошима повертається кожному в його частці.
setting-mixed-refund-certificate-first = Оплачене сертифікатом і грошима повертається спершу на сертифікат.
setting-mixed-refund-money-first = Оплачене сертифікатом і грошима повертається спершу грошима.
setting-paid-with-points-earns-nothing = За оплачене балами бали не нараховуються.
setting-paid-with-points-earns = За оплачене балами бали теж нараховуються.
setting-paid-with-certificate-earns = Оплачене сертифікатом приносить бали й вважається покупкою; його продаж — ні.
setting-paid-with-certificate-earns-nothing = За оплачене сертифікатом бали не нараховуються.

# Earning

setting-earning-base-after-discounts = Бали нараховуються на суму до сплати.
setting-earning-base-after-line-discounts = Бали нараховуються на ціни після знижок на рядки; знижки на весь чек їх не зменшують.
setting-earning-base-before-discounts = Бали нараховуються на ціни до знижок.
setting-earning-tax-with-tax = На податок у ціні бали теж нараховуються.
setting-earning-tax-without-tax = На податок у ціні бали не нараховуються.
setting-reward-discount-lowers-base = На знижку за винагородою бали не нараховуються.
setting-reward-discount-keeps-base = На знижку за винагородою бали нараховуються, ніби її сплачено.
setting-points-only-receipt-earns-nothing = Чек, повністю оплачений балами, не приносить фіксованих балів.
setting-points-only-receipt-earns = Чек, повністю оплачений балами, приносить фіксовані бали.
setting-own-points-later = Бали можна витратити починаючи з наступного чека.
setting-own-points-same-receipt = Бали можна витратити в тому самому чеку, за який їх нараховано.
setting-points-rounding-each-award = Бали округлюються в кожному нарахуванні.
setting-points-rounding-receipt = Бали округлюються один раз за чек.
setting-multipliers-multiply = Множники перемножуються: 1,5 і 2 дають 3.
setting-multipliers-add = Множники додають свої надбавки: 1,5 і 2 дають 2,5.
setting-multipliers-highest = З кількох множників діє найбільший.
setting-fixed-points-not-multiplied = Фіксовані бали не множаться.
setting-fixed-points-multiplied = Фіксовані бали за чеки теж множаться.

# Returns

setting-spend-order-soonest-to-end = Першими витрачаються бали, що згоряють раніше.
setting-spend-order-oldest = Першими витрачаються найстаріші бали.
setting-spent-points-on-return-with-product = Витрачені бали повертаються разом із товаром, який вони оплатили.
setting-spent-points-on-return-in-proportion = Витрачені бали повертаються за часткою поверненої частини чека.
setting-spent-points-on-return-whole-return-only = Витрачені бали повертаються з останньою штукою чека.
setting-restored-points-original-end = Повернені бали згоряють у свій попередній строк.
setting-restored-points-new-end = Повернені бали живуть так, ніби нараховані в день повернення.
setting-voided-receipts-not-counted = Повністю повернений чек не вважається візитом.
setting-voided-receipts-counted = Повністю повернений чек усе одно вважається візитом.
setting-earned-points-on-return-in-proportion = Повернення забирає частку балів, нараховану за повернене.
setting-earned-points-on-return-on-what-is-kept = Після повернення лишаються бали, які принесло б залишене.

# Tiers and limits

setting-over-budget-stop = Нарахування, більше за залишок ліміту, не видається.
setting-over-budget-cut = Нарахування, більше за залишок ліміту, зменшується до залишку.

# `symbolon describe`

describe-settings = Що обирає ця програма. Відмінне від звичайного позначено зірочкою *.
describe-stacking = Межі знижок
stacking-most-rules = { $count ->
    [one] У чеку діє не більше { $count } знижки.
    [few] У чеку діє не більше { $count } знижок.
    [many] У чеку діє не більше { $count } знижок.
   *[other] У чеку діє не більше { $count } знижки.
}
stacking-no-most-rules = У чеку може діяти будь-яка кількість знижок.
stacking-most-percent = Усі знижки разом знімають із товарів не більше { $percent }.
stacking-no-most-percent = Сума всіх знижок не обмежена.
stacking-margin-floor = Жодна знижка не опускає ціну нижче за собівартість із маржею { $percent }, якщо собівартість відома.
stacking-no-margin-floor = Знижки не зважають на собівартість товарів.
stacking-effort = { $count ->
    [one] Щоб знайти найкраще поєднання знижок, порівнюється до { $count } набору.
    [few] Щоб знайти найкраще поєднання знижок, порівнюється до { $count } наборів.
    [many] Щоб знайти найкраще поєднання знижок, порівнюється до { $count } наборів.
   *[other] Щоб знайти найкраще поєднання знижок, порівнюється до { $count } набору.
}

# Люди

setting-attribution-before-first-purchase = Хто привів учасника, записують до його першої покупки.
setting-attribution-any-time = Хто привів учасника, можна записати будь-коли.
setting-transferred-points-original-end = Бали від іншого учасника згоряють тоді, коли згоріли б у нього.
setting-transferred-points-new-end = Бали від іншого учасника згоряють так, ніби їх зароблено в день переказу.
# Ігри

setting-preferences-not-kept = Що любить кожен учасник, не зберігається.
setting-preferences-by-category = Зберігається, скільки кожен учасник купує в кожній категорії.
