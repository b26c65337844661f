# What one member's activity means for another.
effect-send = { $by }: { $amount } go to { $member }
effect-recall = { $amount } are taken back from { $member }
reason-received = { $amount } received
reason-received-from = { $amount } received from { $member }
reason-sent = { $amount } go to { $member }
reason-recalled = { $amount } are taken back from { $member }
happened-incoming = From somebody else
