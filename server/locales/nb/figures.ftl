# Dates and times. The spaces that must not break are U+00A0.

date = { $day }. { $month } { $year }
date-short = { $day }. { $month } { $year }
moment = { $date } kl. { $time }

# As it stands in a date: the form that goes with the number of the day.
month-of-date-1 = januar
month-of-date-2 = februar
month-of-date-3 = mars
month-of-date-4 = april
month-of-date-5 = mai
month-of-date-6 = juni
month-of-date-7 = juli
month-of-date-8 = august
month-of-date-9 = september
month-of-date-10 = oktober
month-of-date-11 = november
month-of-date-12 = desember

month-short-1 = jan.
month-short-2 = feb.
month-short-3 = mars
month-short-4 = apr.
month-short-5 = mai
month-short-6 = juni
month-short-7 = juli
month-short-8 = aug.
month-short-9 = sep.
month-short-10 = okt.
month-short-11 = nov.
month-short-12 = des.
