# Завершение программы.
about-ending = Программа завершается
occasion-ending = Программа завершена
reason-ending-announced = последний день начисления – { $earning }, последний день списания – { $spending }
reason-earning-over = последний день начисления – { $date }, он прошёл
reason-ended-with-programme = с завершением программы сгорело: { $amount }
reason-converted = пересчитано: { $amount } → { $given }
reason-too-few-to-convert = слишком мало для пересчёта: { $amount }
reason-debt-ended = долг списан: { $amount }
reason-debt-ended-for = долг списан: { $amount }; взамен снято: { $back }
effect-convert = Пересчитано при завершении программы: { $amount } → { $given }
effect-end-debt = Долг списан: { $amount }
effect-end-debt-for = Долг списан: { $amount }; взамен снято: { $back }
refusal-programme-ended = Программа завершена: последний день, когда её баллы можно было потратить, – { $date }.
points-converted = Пересчитано
points-converted-definition = Во что превратились другие баллы при завершении программы, за вычетом того, во что превратились эти
