# Stempler, gevinster, overraskelser, milepæler og premier.
effect-taste = Kjøpt etter kategori: { $list }
effect-send-prize = { $by }: { $gift } går til { $member }
reason-stamped = { $stamps } av { $of } på kortet
reason-card-filled = et kort med { $of } er fullt
reason-won = vunnet: { $prize } (trukket { $number }, det vinner under { $below })
reason-not-won = ikke vunnet (trukket { $number }, det vinner under { $below })
reason-prizes-gone = alle premiene er delt ut
reason-drawn-when-booked = det trekkes når kjøpet bokføres
reason-surprised = en overraskelse: { $prize }
reason-surprised-liked = en overraskelse til en som liker { $category }: { $prize }
reason-milestone = dette er medlem nummer { $members }
reason-prize-received = plass { $place }: { $prize }
