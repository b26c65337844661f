# Dates and times. The spaces that must not break are U+00A0.

date = { $day } { $month } { $year } г.
date-short = { $day } { $month } { $year }
moment = { $date }, { $time }

# As it stands in a date: the form that goes with the number of the day.
month-of-date-1 = января
month-of-date-2 = февраля
month-of-date-3 = марта
month-of-date-4 = апреля
month-of-date-5 = мая
month-of-date-6 = июня
month-of-date-7 = июля
month-of-date-8 = августа
month-of-date-9 = сентября
month-of-date-10 = октября
month-of-date-11 = ноября
month-of-date-12 = декабря

month-short-1 = янв.
month-short-2 = февр.
month-short-3 = мар.
month-short-4 = апр.
month-short-5 = мая
month-short-6 = июн.
month-short-7 = июл.
month-short-8 = авг.
month-short-9 = сент.
month-short-10 = окт.
month-short-11 = нояб.
month-short-12 = дек.
