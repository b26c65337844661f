# Dates and times. The spaces that must not break are U+00A0.

date = { $day } { $month } { $year } р.
date-short = { $day } { $month } { $year }
moment = { $date }, { $time }

# As it stands in a date: the form that goes with the number of the day.
month-of-date-1 = січня
month-of-date-2 = лютого
month-of-date-3 = березня
month-of-date-4 = квітня
month-of-date-5 = травня
month-of-date-6 = червня
month-of-date-7 = липня
month-of-date-8 = серпня
month-of-date-9 = вересня
month-of-date-10 = жовтня
month-of-date-11 = листопада
month-of-date-12 = грудня

month-short-1 = січ.
month-short-2 = лют.
month-short-3 = бер.
month-short-4 = квіт.
month-short-5 = трав.
month-short-6 = черв.
month-short-7 = лип.
month-short-8 = серп.
month-short-9 = вер.
month-short-10 = жовт.
month-short-11 = лист.
month-short-12 = груд.
