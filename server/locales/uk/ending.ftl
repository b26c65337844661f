# Завершення програми.
about-ending = Програма завершується
occasion-ending = Програму завершено
reason-ending-announced = останній день нарахування – { $earning }, останній день списання – { $spending }
reason-earning-over = останній день нарахування – { $date }, він минув
reason-ended-with-programme = із завершенням програми згоріло: { $amount }
reason-converted = перераховано: { $amount } → { $given }
reason-too-few-to-convert = замало для перерахунку: { $amount }
reason-debt-ended = борг списано: { $amount }
reason-debt-ended-for = борг списано: { $amount }; натомість знято: { $back }
effect-convert = Перераховано при завершенні програми: { $amount } → { $given }
effect-end-debt = Борг списано: { $amount }
effect-end-debt-for = Борг списано: { $amount }; натомість знято: { $back }
refusal-programme-ended = Програму завершено: останній день, коли її бали можна було витратити, – { $date }.
points-converted = Перераховано
points-converted-definition = На що перетворилися інші бали при завершенні програми, за вирахуванням того, на що перетворилися ці
