# Обрамлення кожної сторінки.
skip-to-content = Перейти до вмісту
nav-label = Головне меню
nav-overview = Огляд
nav-members = Учасники
search-label = Знайти учасника або чек
search-placeholder = Телефон, картка або номер чека
search-button = Знайти
language-label = Мова:
sign-out = Вийти
demo-badge = Демонстрація: дані вигадані
footer-version = версія { $number }
footer-zone = Час за часовим поясом { $zone }
pager-label = Сторінки списку
pager-first = На початок
pager-next = Далі

# Огляд.
overview-programme = { $programme }, версія { $version }, діє з { $from }
overview-programme-first = { $programme }, версія { $version }, діє для всіх чеків
overview-members = Учасники
overview-members-definition = Усі, хто вступив до програми
overview-receipts = Чеки
overview-receipts-definition = Усі записані, разом із чеками гостей
overview-returns = Повернення
overview-returns-definition = Повернення та повністю скасовані чеки
overview-counted-at = Підраховано { $at }
overview-latest-receipts = Останні чеки
overview-no-receipts = Чеків ще немає. Надішліть перший:
overview-latest-members = Нові учасники
overview-all-members = Усі учасники
overview-empty = Що робити далі
overview-empty-receipt = Надішліть перший чек. Він зʼявиться тут разом із балами та поясненням, за що їх нараховано.
overview-empty-demo = Або спершу роззирніться у вигаданому магазині:

# Що сталося з балами.
points-issued = Нараховано
points-issued-definition = За правилами програми
points-redeemed = Списано
points-redeemed-definition = На винагороди, за вирахуванням поверненого
points-expired = Згоріло
points-expired-definition = Не використано вчасно, за вже зробленими записами
points-reversed = Знято
points-reversed-definition = Після повернень і скасувань
points-adjusted = Вручну
points-adjusted-definition = Нараховано працівниками, за вирахуванням знятого
points-outstanding = Залишок в учасників
points-outstanding-definition = Бали учасників разом з очікуваними, за вирахуванням боргів

# Списки учасників і чеків.
members-count = { $count ->
        [one] { $count } учасник
        [few] { $count } учасники
        [many] { $count } учасників
       *[other] { $count } учасника
    }
members-none = Учасників ще немає.
member-member = Учасник
member-kind = Вид
member-joined = У програмі з
member-available = Доступно
receipt-number = Чек
receipt-time = Час
receipt-member = Учасник
receipt-guest = Гість
receipt-total = До сплати
receipt-points = Бали

# Учасник.
member-id = Ідентифікатор
identifier-phone = Телефон
identifier-email = Ел. пошта
identifier-card = Картка
identifier-external = Номер в іншій системі
member-benefits = Привілеї
member-rewards = Винагороди
member-timeline = Що сталося
member-timeline-empty = Поки нічого не сталося.
member-facts-at = Стан на { $at }
balance-available = Доступно зараз
balance-counted = Враховуються, але не списуються
balance-pending = В очікуванні: { $amount }, доступно з { $from }
balance-awaiting = В очікуванні: { $amount }, до події «{ $event }»
balance-owed = Борг: { $amount }; його погасять наступні нарахування
balance-expires = Найближче згоряння: { $amount }, діє до { $date } включно
tier-missing = До рівня «{ $tier }» лишилося: { $missing }
tier-progress = { $reached } з { $from }
tier-highest = Найвищий рівень
benefit-of-tier = на рівні «{ $tier }»
benefit-granted = надано { $date }
reward-possible = Можна отримати
reward-progress = { $have } з { $cost }
lots-title = Бали за партіями
lots-definition = Нараховане за один раз — партія зі своїм терміном.
lots-order-soonest-to-end = Першими списуються партії, термін яких ближчий.
lots-order-oldest = Першими списуються найстаріші партії.
lots-number = Партія
lots-kind = Вид балів
lots-left = Лишилося
lots-left-of = { $left } з { $granted }
lots-earned-on = Нараховано
lots-available-at = В очікуванні до { $from }
lots-awaits = Чекає на подію «{ $event }»
lots-ends = Діє до
lots-ends-when-idle = якщо до того не буде активності

# Що сталося.
happened-joining = Вступ до програми
happened-import = Перенесено з попередньої програми; учасник з { $since }
happened-receipt = Чек { $number }
happened-return-of = Повернення за чеком { $number }
happened-return = Повернення без чека
happened-void-of = Чек { $number } скасовано повністю
happened-hold = Покупку відкладено
happened-void = Повне скасування
happened-redemption = Винагорода: { $reward }
happened-given = Нарахування вручну
happened-tier-set = Рівень призначено вручну
happened-taken = Зняття вручну
happened-expiry = Згоряння
happened-is-voided = скасовано
happened-why = Чому?
happened-judged-by = За версією програми { $number }.

# Чек.
receipt-title = Чек { $number }
receipt-location = Місце
receipt-till = Каса
receipt-id = Ідентифікатор
receipt-lines = Що куплено
line-product = Товар
line-quantity = Кількість
line-unit-price = Ціна
line-discount = Знижка
line-to-pay = До сплати
line-returned = Повернено
receipt-gross = До знижок
receipt-discount = Знижки
receipt-to-pay = До сплати
receipt-refunded = Повернено пізніше
receipt-earned = Нараховано
receipt-spent = Списано
receipt-reasons = Що дано і чому
receipt-no-reasons = Жодне правило програми не стосується цього чека.
receipt-judged-by = За програмою «{ $programme }», версія { $number }.
receipt-returns = Що повернено

# Коли показати нічого.
not-found-title = Нічого не знайдено
not-found-text = Такої сторінки немає, або цей ключ її не відкриває.
not-found-search = За запитом «{ $search }» немає ні учасника, ні чека. Введіть номер телефону, картки або чека повністю.
error-title = Щось пішло не так на нашому боці
error-text = Спробуйте ще раз. Якщо помилка повториться, повідомте того, хто обслуговує цей сервер.
error-reference = За цим номером знайдуть причину:
sign-in-title = Вхід
sign-in-key = Ключ доступу
sign-in-help = Створюється командою symbolon key
sign-in-wrong = Такого ключа немає, або він більше не діє.
sign-in-button = Увійти
