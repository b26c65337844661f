# Hva et medlems handling betyr for et annet medlem.
effect-send = { $by }: { $amount } går til { $member }
effect-recall = { $amount } trekkes tilbake fra { $member }
reason-received = { $amount } mottatt
reason-received-from = { $amount } mottatt fra { $member }
reason-sent = { $amount } går til { $member }
reason-recalled = { $amount } trekkes tilbake fra { $member }
happened-incoming = Fra et annet medlem
