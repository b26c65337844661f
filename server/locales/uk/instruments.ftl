# Купони, подарункові сертифікати й те, що сплачено балами та сертифікатами.

reason-about-code = Код { $position }
reason-code-not-valid = цей код недійсний
reason-code-unknown = недійсний: такого коду ніхто не знає
reason-code-used = недійсний: уже використаний
reason-code-expired = недійсний: строк минув
reason-code-not-yet = недійсний: строк ще не почався
reason-code-blocked = недійсний: заблокований
reason-code-returned = недійсний: його продаж скасовано
reason-code-not-active = недійсний: не активований
reason-code-not-yours = недійсний: виданий іншому учасникові
reason-code-not-for-this = не використаний: у цьому чеку для нього нічого немає
reason-code-twice = не використаний: той самий код показано двічі
reason-code-only-one = не використаний: чек сплачують одним сертифікатом
reason-coupon-not-shown = не надано: лише за купоном
reason-coupon-used = використаний для «{ $rule }»
reason-coupon-issued = видано купон: { $coupon }
reason-coupon-issued-until = видано купон: { $coupon }, по { $date } включно
reason-coupon-use-given-back = можна використати знову
reason-coupon-use-kept = лишається використаним, як задано в програмі
reason-coupon-use-ended = лишається використаним: він більше не діє
reason-issued-coupon-kept = тим часом використаний і не вилучається
reason-certificate-sold = проданий за { $face }
reason-certificate-sold-inactive = проданий за { $face }, ще не активований
reason-instrument-taken-back = вилучений і більше не діє
reason-paid-with-certificate = сплачено { $amount }; залишок { $left }
reason-refilled = повернуто на сертифікат: { $amount }
reason-refilled-ended = повернуто на сертифікат, який більше не діє: { $amount }
reason-paid-with-points = { $points } сплатили { $amount }
reason-points-do-not-pay = неможливо: цими балами чеки не сплачують
reason-not-whole-steps = неможливо: лише кратно { $step }
reason-more-than-points-may-pay = неможливо: це сплатило б { $pays }, а так можна сплатити щонайбільше { $most } ({ $percent })

effect-coupon-used = { $by }: купон використано
effect-coupon-given-back = { $by }: використання купона повернуто
effect-coupon-issued = { $by }: видано купон: { $coupon }
effect-certificate-sold = Позиція { $line }: продано сертифікат на { $face }
effect-paid-with-points = { $points } сплатили { $amount }
effect-paid-with-certificate = Сертифікатом сплачено { $amount }
effect-refill = Повернуто на сертифікат: { $amount }
effect-instrument-taken-back = Сертифікат або купон вилучено

refusal-too-many-codes = Забагато кодів або платежів; можливо щонайбільше { $most }.
refusal-code-refused = Чек не проведено через код { $position }: { $why }.
refusal-payment-not-possible = Так сплатити не можна. { $reason }
refusal-paid-twice = Бали «{ $points }» указано у двох платежах; укажіть їх один раз.
refusal-one-means-only = Бали й сертифікати не сплачують один чек разом.
refusal-certificate-not-for-sale = Позиція { $line } не може продати цей сертифікат: не підходить ціна, кількість або стан.
refusal-certificate-used = Сертифікат із позиції { $line } уже використано, і його не можна повернути.

receipt-paid = Сплачено балами та сертифікатами
