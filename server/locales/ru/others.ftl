# Что действие одного участника значит для другого.
effect-send = { $by }: { $amount } — участнику { $member }
effect-recall = { $amount } — отзываются у участника { $member }
reason-received = получено { $amount }
reason-received-from = получено { $amount } от участника { $member }
reason-sent = { $amount } — участнику { $member }
reason-recalled = { $amount } — отзываются у участника { $member }
happened-incoming = От другого участника
