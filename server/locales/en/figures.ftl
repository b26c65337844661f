# Dates and times. The spaces that must not break are U+00A0.

date = { $day } { $month } { $year }
date-short = { $day } { $month } { $year }
moment = { $date }, { $time }

# As it stands in a date: the form that goes with the number of the day.
month-of-date-1 = January
month-of-date-2 = February
month-of-date-3 = March
month-of-date-4 = April
month-of-date-5 = May
month-of-date-6 = June
month-of-date-7 = July
month-of-date-8 = August
month-of-date-9 = September
month-of-date-10 = October
month-of-date-11 = November
month-of-date-12 = December

month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = June
month-short-7 = July
month-short-8 = Aug
month-short-9 = Sept
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
