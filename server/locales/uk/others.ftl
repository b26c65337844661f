# Що дія одного учасника означає для іншого.
effect-send = { $by }: { $amount } — учаснику { $member }
effect-recall = { $amount } — відкликаються в учасника { $member }
reason-received = отримано { $amount }
reason-received-from = отримано { $amount } від учасника { $member }
reason-sent = { $amount } — учаснику { $member }
reason-recalled = { $amount } — відкликаються в учасника { $member }
happened-incoming = Від іншого учасника
