# Обрамление каждой страницы.
skip-to-content = Перейти к содержанию
nav-label = Главное меню
nav-overview = Обзор
nav-members = Участники
search-label = Найти участника или чек
search-placeholder = Телефон, карта или номер чека
search-button = Найти
language-label = Язык:
sign-out = Выйти
demo-badge = Демонстрация: данные вымышлены
footer-version = версия { $number }
footer-zone = Время по часовому поясу { $zone }
pager-label = Страницы списка
pager-first = В начало
pager-next = Дальше

# Обзор.
overview-programme = { $programme }, версия { $version }, действует с { $from }
overview-programme-first = { $programme }, версия { $version }, действует для всех чеков
overview-members = Участники
overview-members-definition = Все, кто вступил в программу
overview-receipts = Чеки
overview-receipts-definition = Все записанные, включая чеки гостей
overview-returns = Возвраты
overview-returns-definition = Возвраты и полностью отменённые чеки
overview-counted-at = Подсчитано { $at }
overview-latest-receipts = Последние чеки
overview-no-receipts = Чеков ещё нет. Отправьте первый:
overview-latest-members = Новые участники
overview-all-members = Все участники
overview-empty = Что делать дальше
overview-empty-receipt = Отправьте первый чек. Он появится здесь вместе с баллами и объяснением, за что они начислены.
overview-empty-demo = Или сначала осмотритесь в вымышленном магазине:

# Что стало с баллами.
points-issued = Начислено
points-issued-definition = По правилам программы
points-redeemed = Списано
points-redeemed-definition = На вознаграждения, за вычетом возвращённого
points-expired = Сгорело
points-expired-definition = Не использовано в срок, по уже сделанным записям
points-reversed = Снято
points-reversed-definition = После возвратов и отмен
points-adjusted = Вручную
points-adjusted-definition = Начислено сотрудниками, за вычетом снятого
points-outstanding = Остаток у участников
points-outstanding-definition = Баллы участников вместе с ожидающими, за вычетом долгов

# Списки участников и чеков.
members-count = { $count ->
        [one] { $count } участник
        [few] { $count } участника
        [many] { $count } участников
       *[other] { $count } участника
    }
members-none = Участников ещё нет.
member-member = Участник
member-kind = Вид
member-joined = В программе с
member-available = Доступно
receipt-number = Чек
receipt-time = Время
receipt-member = Участник
receipt-guest = Гость
receipt-total = К оплате
receipt-points = Баллы

# Участник.
member-id = Идентификатор
identifier-phone = Телефон
identifier-email = Эл. почта
identifier-card = Карта
identifier-external = Номер в другой системе
member-benefits = Привилегии
member-rewards = Вознаграждения
member-timeline = Что произошло
member-timeline-empty = Пока ничего не произошло.
member-facts-at = Состояние на { $at }
balance-available = Доступно сейчас
balance-counted = Учитываются, но не списываются
balance-pending = В ожидании: { $amount }, доступно с { $from }
balance-awaiting = В ожидании: { $amount }, до события «{ $event }»
balance-owed = Долг: { $amount }; его погасят следующие начисления
balance-expires = Ближайшее сгорание: { $amount }, действует до { $date } включительно
tier-missing = До уровня «{ $tier }» осталось: { $missing }
tier-progress = { $reached } из { $from }
tier-highest = Самый высокий уровень
benefit-of-tier = на уровне «{ $tier }»
benefit-granted = предоставлена { $date }
reward-possible = Можно получить
reward-progress = { $have } из { $cost }
lots-title = Баллы по партиям
lots-definition = Начисленное за один раз — партия со своим сроком.
lots-order-soonest-to-end = Первыми списываются партии, срок которых ближе.
lots-order-oldest = Первыми списываются самые старые партии.
lots-number = Партия
lots-kind = Вид баллов
lots-left = Осталось
lots-left-of = { $left } из { $granted }
lots-earned-on = Начислено
lots-available-at = В ожидании до { $from }
lots-awaits = Ждёт события «{ $event }»
lots-ends = Действует до
lots-ends-when-idle = если до тех пор не будет активности

# Что произошло.
happened-joining = Вступление в программу
happened-import = Перенесён из прежней программы; участник с { $since }
happened-receipt = Чек { $number }
happened-return-of = Возврат по чеку { $number }
happened-return = Возврат без чека
happened-void-of = Чек { $number } отменён полностью
happened-hold = Покупка отложена
happened-void = Полная отмена
happened-redemption = Вознаграждение: { $reward }
happened-given = Начисление вручную
happened-tier-set = Уровень назначен вручную
happened-taken = Снятие вручную
happened-expiry = Сгорание
happened-is-voided = отменено
happened-why = Почему?
happened-judged-by = По версии программы { $number }.

# Чек.
receipt-title = Чек { $number }
receipt-location = Место
receipt-till = Касса
receipt-id = Идентификатор
receipt-lines = Что куплено
line-product = Товар
line-quantity = Количество
line-unit-price = Цена
line-discount = Скидка
line-to-pay = К оплате
line-returned = Возвращено
receipt-gross = До скидок
receipt-discount = Скидки
receipt-to-pay = К оплате
receipt-refunded = Возвращено позже
receipt-earned = Начислено
receipt-spent = Списано
receipt-reasons = Что дано и почему
receipt-no-reasons = Ни одно правило программы не касается этого чека.
receipt-judged-by = По программе «{ $programme }», версия { $number }.
receipt-returns = Что возвращено

# Когда показать нечего.
not-found-title = Ничего не найдено
not-found-text = Такой страницы нет, или этот ключ её не открывает.
not-found-search = По запросу «{ $search }» нет ни участника, ни чека. Введите номер телефона, карты или чека целиком.
error-title = Что-то пошло не так на нашей стороне
error-text = Попробуйте ещё раз. Если ошибка повторится, сообщите тому, кто обслуживает этот сервер.
error-reference = По этому номеру найдут причину:
sign-in-title = Вход
sign-in-key = Ключ доступа
sign-in-help = Создаётся командой symbolon key
sign-in-wrong = Такого ключа нет, или он больше не действует.
sign-in-button = Войти
