# Coupons, gift certificates, and what points and certificates pay.

reason-about-code = Code { $position }
reason-code-not-valid = this code is not valid
reason-code-unknown = not valid: nobody knows this code
reason-code-used = not valid: used already
reason-code-expired = not valid: its time is over
reason-code-not-yet = not valid: its time has not begun
reason-code-blocked = not valid: it is blocked
reason-code-returned = not valid: its sale was taken back
reason-code-not-active = not valid: it is not activated
reason-code-not-yours = not valid: it was issued to another member
reason-code-not-for-this = not used: there is nothing on this receipt for it
reason-code-twice = not used: the same code was shown twice
reason-code-only-one = not used: one certificate pays for a receipt
reason-coupon-not-shown = not given: only with a coupon
reason-coupon-used = used for “{ $rule }”
reason-coupon-issued = a coupon was issued: { $coupon }
reason-coupon-issued-until = a coupon was issued: { $coupon }, until { $date } inclusive
reason-coupon-use-given-back = can be used again
reason-coupon-use-kept = stays used, as the programme says
reason-coupon-use-ended = stays used, because it does not count any more
reason-issued-coupon-kept = was used meanwhile and is not taken back
reason-certificate-sold = sold for { $face }
reason-certificate-sold-inactive = sold for { $face }, not activated yet
reason-instrument-taken-back = taken back; it does not count any more
reason-paid-with-certificate = paid { $amount }; { $left } is left on it
reason-refilled = { $amount } back on the certificate
reason-refilled-ended = { $amount } back on the certificate, which does not count any more
reason-paid-with-points = { $points } paid { $amount }
reason-points-do-not-pay = not possible: these points do not pay for receipts
reason-not-whole-steps = not possible: only whole multiples of { $step }
reason-more-than-points-may-pay = not possible: it would pay { $pays }, and at most { $most } can be paid so ({ $percent })

effect-coupon-used = { $by }: coupon used
effect-coupon-given-back = { $by }: use of the coupon given back
effect-coupon-issued = { $by }: coupon issued: { $coupon }
effect-certificate-sold = Line { $line }: certificate of { $face } sold
effect-paid-with-points = { $points } paid { $amount }
effect-paid-with-certificate = A certificate paid { $amount }
effect-refill = { $amount } back on the certificate
effect-instrument-taken-back = Certificate or coupon taken back

refusal-too-many-codes = Too many codes or payments; at most { $most } are possible.
refusal-code-refused = The receipt is not booked, because of code { $position }: { $why }.
refusal-payment-not-possible = It cannot be paid so. { $reason }
refusal-paid-twice = “{ $points }” are named by two payments; name them once.
refusal-one-means-only = Points and certificates do not pay for one receipt together.
refusal-certificate-not-for-sale = Line { $line } cannot sell this certificate: its price, its number or its state does not fit.
refusal-certificate-used = The certificate on line { $line } was used already and cannot come back.

receipt-paid = Paid with points and certificates
