# Купоны, подарочные сертификаты и то, что оплачено баллами и сертификатами.

reason-about-code = Код { $position }
reason-code-not-valid = этот код недействителен
reason-code-unknown = недействителен: такого кода никто не знает
reason-code-used = недействителен: уже использован
reason-code-expired = недействителен: срок истёк
reason-code-not-yet = недействителен: срок ещё не начался
reason-code-blocked = недействителен: заблокирован
reason-code-returned = недействителен: его продажа отменена
reason-code-not-active = недействителен: не активирован
reason-code-not-yours = недействителен: выдан другому участнику
reason-code-not-for-this = не использован: в этом чеке для него ничего нет
reason-code-twice = не использован: тот же код предъявлен дважды
reason-code-only-one = не использован: чек оплачивается одним сертификатом
reason-coupon-not-shown = не дано: только по купону
reason-coupon-used = использован для «{ $rule }»
reason-coupon-issued = выдан купон: { $coupon }
reason-coupon-issued-until = выдан купон: { $coupon }, по { $date } включительно
reason-coupon-use-given-back = можно использовать снова
reason-coupon-use-kept = остаётся использованным, как задано в программе
reason-coupon-use-ended = остаётся использованным: он больше не действует
reason-issued-coupon-kept = тем временем использован и не изымается
reason-certificate-sold = продан за { $face }
reason-certificate-sold-inactive = продан за { $face }, ещё не активирован
reason-instrument-taken-back = изъят и больше не действует
reason-paid-with-certificate = оплачено { $amount }; остаток { $left }
reason-refilled = возвращено на сертификат: { $amount }
reason-refilled-ended = возвращено на сертификат, который больше не действует: { $amount }
reason-paid-with-points = { $points } оплатили { $amount }
reason-points-do-not-pay = невозможно: этими баллами чеки не оплачивают
reason-not-whole-steps = невозможно: только кратно { $step }
reason-more-than-points-may-pay = невозможно: это оплатило бы { $pays }, а так можно оплатить не более { $most } ({ $percent })

effect-coupon-used = { $by }: купон использован
effect-coupon-given-back = { $by }: использование купона возвращено
effect-coupon-issued = { $by }: выдан купон: { $coupon }
effect-certificate-sold = Позиция { $line }: продан сертификат на { $face }
effect-paid-with-points = { $points } оплатили { $amount }
effect-paid-with-certificate = Сертификатом оплачено { $amount }
effect-refill = Возвращено на сертификат: { $amount }
effect-instrument-taken-back = Сертификат или купон изъят

refusal-too-many-codes = Слишком много кодов или платежей; возможно не более { $most }.
refusal-code-refused = Чек не проведён из-за кода { $position }: { $why }.
refusal-payment-not-possible = Так оплатить нельзя. { $reason }
refusal-paid-twice = Баллы «{ $points }» указаны в двух платежах; укажите их один раз.
refusal-one-means-only = Баллы и сертификаты не оплачивают один чек вместе.
refusal-certificate-not-for-sale = Позиция { $line } не может продать этот сертификат: не подходит цена, количество или состояние.
refusal-certificate-used = Сертификат из позиции { $line } уже использован и не может быть возвращён.

receipt-paid = Оплачено баллами и сертификатами
