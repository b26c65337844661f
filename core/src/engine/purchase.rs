//! The decision about a receipt: candidates, price, pay, earn, progress.

use super::activity::{CODES_MAX, LINES_MAX, NAME_BYTES_MAX, Purchase, REWARDS_MAX};
use super::codes::{self, Valid};
use super::contacts::{self, Person};
use super::counters::CounterKey;
use super::decision::{Decision, Effect, Outcome, Reason, Refusal, add};
use super::earn;
use super::ending;
use super::entitlement;
use super::facts::DecisionFacts;
use super::games;
use super::pay;
use super::payment::{self, Paid};
use super::price;
use super::progress;
use super::quotas::{Place, Quotas, quotas_of};
use super::schedule;
use super::shared;
use super::staff;
use super::working::WorkingLots;
use super::{Candidates, Context};
use crate::programme::{Audience, Limit, OwnPoints, Rule, Trigger};
use crate::values::{Key, Money, Rounding, line_amount};
use jiff::civil::Date;
use smallvec::SmallVec;

/// A receipt while it is decided. The stages fill it in order.
pub(super) struct Checkout<'a> {
    pub context: Context<'a>,
    pub purchase: &'a Purchase,
    pub facts: DecisionFacts<'a>,
    /// What is left to pay of each line.
    pub net: Vec<Money>,
    /// What discounts left behind besides lower prices.
    pub marks: price::Marks,
    /// The limits of the rules that hold.
    pub quotas: Quotas<'a>,
    /// Shared counters besides those of limits that were looked at, with what is used of them.
    pub seen: Vec<(CounterKey, i64)>,
    /// It is only held, and not booked yet.
    pub is_held: bool,
    /// The codes that hold.
    pub codes: Vec<Valid<'a>>,
    /// What points and certificates paid.
    pub paid: Paid,
    /// Whose a part of what is earned may be.
    pub person: Option<Person>,
    pub working: Option<WorkingLots<'a>>,
    pub effects: Vec<Effect>,
    pub reasons: Vec<Reason>,
}

/// What the rules that hold do besides taking something off and giving points. Most receipts
/// find nothing of it, and need not look for it again and again.
#[derive(Default)]
struct Besides {
    offers: bool,
    issues: bool,
    shares: bool,
    grants: bool,
    plays: bool,
    counts: bool,
    hides: bool,
}

impl Besides {
    fn of(matched: &[Matched<'_>]) -> Self {
        let mut besides = Self::default();
        for Matched { rule, .. } in matched {
            besides.offers |= rule.offer.is_some();
            besides.issues |= rule.issue.is_some();
            besides.shares |= rule.share.is_some();
            besides.grants |= rule.benefit.is_some();
            besides.plays |= rule.plays();
            besides.counts |= rule.limit.is_some();
            besides.hides |= rule.hidden;
        }
        besides
    }
}

/// The rules whose conditions hold, which are nearly always few.
type AllMatched<'a> = SmallVec<[Matched<'a>; 16]>;

/// A rule whose conditions hold, and whether it has given anything yet.
pub(super) struct Matched<'a> {
    pub rule: &'a Rule,
    pub gave: bool,
    pub excluded: bool,
}

/// What each line of a receipt costs; most receipts have few lines.
type Amounts = SmallVec<[Money; 32]>;

pub fn decide_purchase(
    context: Context<'_>,
    purchase: &Purchase,
    candidates: Candidates,
) -> Result<Decision, Refusal> {
    decide(context, purchase, candidates, false)
}

/// Decides a receipt, or one that is only held.
pub(super) fn decide(
    context: Context<'_>,
    purchase: &Purchase,
    candidates: Candidates,
    is_held: bool,
) -> Result<Decision, Refusal> {
    let mut amounts = Amounts::new();
    check_purchase(purchase, &mut amounts)?;
    let person = contacts::check_receipt(&context, purchase)?;
    let mut checkout = Checkout {
        net: amounts.to_vec(),
        marks: price::Marks::default(),
        quotas: Quotas::default(),
        seen: Vec::new(),
        is_held,
        codes: Vec::new(),
        paid: Paid::default(),
        person,
        working: context.member.map(|state| WorkingLots::new(context.programme, state, context.at)),
        context,
        purchase,
        facts: DecisionFacts::new(context.programme, context.member, context.at),
        effects: Vec::with_capacity(16),
        reasons: Vec::with_capacity(32),
    };
    checkout.facts.add_receipt(purchase, &amounts);
    if let Some(working) = &mut checkout.working {
        working.expire(&mut checkout.effects, &mut checkout.reasons)?;
    }
    // Most receipts show no code and are paid in money alone: they pay nothing for the rest.
    let is_plain = shared::is_plain(purchase);
    if !is_plain {
        checkout.codes = codes::check_codes(&context, &purchase.codes, &mut checkout.reasons)?;
    }
    let mut matched = AllMatched::new();
    match_rules(&mut checkout, candidates, &mut matched)?;
    ending::announce(&mut checkout);
    let gives_for_later = !ending::stops_giving(&mut checkout, &matched);
    price::discount(&mut checkout, &mut matched)?;
    // What may be spent on the receipt that earns it is earned before any reward is taken.
    let earns_first = context.programme.settings.own_points == OwnPoints::SameReceipt;
    if earns_first && gives_for_later {
        earn::earn_on_receipt(&mut checkout, &mut matched)?;
    }
    pay::redeem_claims(&mut checkout)?;
    if !is_plain {
        codes::sell_certificates(&mut checkout, &amounts)?;
        payment::pay(&mut checkout)?;
    }
    if !earns_first && gives_for_later {
        earn::earn_on_receipt(&mut checkout, &mut matched)?;
    }
    let besides = Besides::of(&matched);
    if besides.offers {
        progress::offer(&mut checkout, &mut matched);
    }
    if besides.issues && gives_for_later {
        codes::issue_on_receipt(&mut checkout, &mut matched)?;
    }
    if besides.shares && gives_for_later {
        earn::share_on_receipt(&mut checkout, &mut matched)?;
    }
    if besides.grants && gives_for_later {
        entitlement::grant_on_receipt(&mut checkout, &mut matched)?;
    }
    if !is_plain {
        codes::use_coupons(&mut checkout, &matched)?;
    }
    if besides.plays && gives_for_later {
        games::play_on_receipt(&mut checkout, &mut matched)?;
    }
    games::fill_cards(&mut checkout)?;
    games::count_tastes(&mut checkout)?;
    if besides.counts {
        progress::count_uses(&mut checkout, &matched)?;
    }
    staff::credit_enrolment(&mut checkout)?;
    progress::visit(&mut checkout)?;
    if besides.hides && candidates == Candidates::Indexed {
        hush(&mut checkout, &matched);
    }
    let mut counters = checkout.count_quotas(&matched)?;
    counters.append(&mut checkout.seen);
    let Checkout { facts, net, effects, reasons, .. } = checkout;
    Ok(Decision { at: context.at, day: facts.day, net, counters, effects, reasons })
}

pub fn matching_rules(context: Context<'_>, purchase: &Purchase) -> Result<Vec<u32>, Refusal> {
    let mut amounts = Amounts::new();
    check_purchase(purchase, &mut amounts)?;
    let mut facts = DecisionFacts::new(context.programme, context.member, context.at);
    facts.add_receipt(purchase, &amounts);
    let mut holding = Vec::new();
    for position in context.programme.index.purchase_candidates(&facts, std::iter::empty()) {
        let Some(rule) = context.programme.rules.get(position as usize) else { continue };
        if why_not(&context, &facts, rule)?.is_none() {
            holding.push(position);
        }
    }
    Ok(holding)
}

/// Takes the reasons away of hidden rules that matched and gave nothing after all.
fn hush(checkout: &mut Checkout<'_>, matched: &[Matched<'_>]) {
    for candidate in matched.iter().filter(|candidate| candidate.rule.hidden && !candidate.gave) {
        checkout.reasons.retain(|reason| reason.about != candidate.rule.key);
    }
}

impl<'a> Checkout<'a> {
    /// Adds a reason. There is one place for it, because every stage says something: what is
    /// written out again at each of them crowds the rest of a decision out of the processor.
    #[inline(never)]
    pub fn say(&mut self, about: &Key, outcome: Outcome) {
        add(&mut self.reasons, || Reason { about: about.clone(), outcome });
    }

    /// Where the receipt was written, and with which code of a rule's coupon.
    pub fn place(&self, coupon: Option<usize>) -> (&'a Purchase, Option<String>) {
        let shown = coupon.and_then(|coupon| {
            let of_coupon = |valid: &&Valid<'_>| valid.definition == coupon;
            self.codes.iter().find(of_coupon)
        });
        let code = shown.map(|valid| match valid.instrument {
            Some((instrument, _)) => instrument.to_string(),
            None => "public".to_owned(),
        });
        (self.purchase, code)
    }

    /// Whether no limit of a rule is used up; a reason says which one is, but not to those who
    /// should not read of the rule.
    fn is_within_quotas(
        &mut self,
        rule: &'a Rule,
        candidates: Candidates,
    ) -> Result<bool, Refusal> {
        if !rule.is_under_quotas() {
            return Ok(true);
        }
        let (purchase, code) = self.place(rule.coupon);
        let place = Place::of(purchase, code.as_deref());
        let counted = quotas_of(&self.context, &rule.key, &rule.quotas, rule.campaign);
        let (context, day) = (&self.context, self.facts.day);
        let reached = self.quotas.open(context, &place, day, &rule.key, counted)?;
        let within = reached.is_none();
        if let Some(outcome) = reached
            && (!rule.hidden || candidates == Candidates::All)
        {
            self.say(&rule.key, outcome);
        }
        Ok(within)
    }

    /// Counts what the limited rules gave, and says which counters were looked at.
    fn count_quotas(&mut self, matched: &[Matched<'_>]) -> Result<Vec<(CounterKey, i64)>, Refusal> {
        let mut quotas = std::mem::take(&mut self.quotas);
        if quotas.is_empty() {
            return Ok(Vec::new());
        }
        let limited = |candidate: &&Matched<'_>| candidate.gave && candidate.rule.is_under_quotas();
        for candidate in matched.iter().filter(limited) {
            let key = &candidate.rule.key;
            if let Some(off) = given_by(&self.effects, key)? {
                quotas.take(key, off)?;
            }
        }
        let seen = quotas.seen();
        quotas.count(&mut self.effects, &mut self.reasons);
        Ok(seen)
    }
}

/// What a rule took off, where it gave anything at all.
pub(super) fn given_by(effects: &[Effect], key: &Key) -> Result<Option<Money>, Refusal> {
    let mut off: Option<Money> = None;
    for effect in effects {
        let (by, amount) = match effect {
            Effect::Discount { by, amount, .. } => (by, *amount),
            Effect::Offer { by }
            | Effect::Earn { by, .. }
            | Effect::FreeItem { by, .. }
            | Effect::IssueCoupon { by, .. }
            | Effect::Send { by, .. }
            | Effect::GrantBenefit { by, .. }
            | Effect::Spend { by, .. } => (by, Money::ZERO),
            _ => continue,
        };
        if by == key {
            off = Some(off.unwrap_or_default().plus(amount)?);
        }
    }
    Ok(off)
}

/// Refuses what no till can mean, and prices the lines.
fn check_purchase(purchase: &Purchase, amounts: &mut Amounts) -> Result<(), Refusal> {
    if purchase.lines.is_empty() {
        return Err(Refusal::NoLines);
    }
    if purchase.lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines { most: LINES_MAX });
    }
    if purchase.rewards.len() > REWARDS_MAX {
        return Err(Refusal::NameTooLong { what: "rewards".to_owned() });
    }
    if purchase.codes.len() > CODES_MAX || purchase.pay.len() > CODES_MAX {
        return Err(Refusal::TooManyCodes { most: CODES_MAX });
    }
    let too_long =
        |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > NAME_BYTES_MAX);
    if too_long(&purchase.location) || too_long(&purchase.till) || too_long(&purchase.cashier) {
        return Err(Refusal::NameTooLong { what: "location".to_owned() });
    }
    amounts.reserve(purchase.lines.len());
    let mut total = Money::ZERO;
    for (position, line) in purchase.lines.iter().enumerate() {
        if !line.quantity.is_positive() {
            return Err(Refusal::QuantityNotPositive { line: position });
        }
        if line.unit_price < Money::ZERO {
            return Err(Refusal::NegativePrice { line: position });
        }
        if line.product.len() > NAME_BYTES_MAX || too_long(&line.category) || too_long(&line.brand)
        {
            return Err(Refusal::NameTooLong { what: "product".to_owned() });
        }
        let amount = line_amount(line.unit_price, line.quantity, Rounding::HalfUp)?;
        total = total.plus(amount)?;
        amounts.push(amount);
    }
    Ok(())
}

/// The rules that hold for this receipt, in the order in which they apply.
fn match_rules<'a>(
    checkout: &mut Checkout<'a>,
    candidates: Candidates,
    matched: &mut AllMatched<'a>,
) -> Result<(), Refusal> {
    let programme = checkout.context.programme;
    let found = match candidates {
        Candidates::Indexed => {
            let coupons = checkout.codes.iter().map(|valid| valid.definition);
            programme.index.purchase_candidates(&checkout.facts, coupons)
        }
        Candidates::All => programme.index.all_of(Trigger::Purchase),
    };
    matched.reserve(found.len());
    for position in found {
        let Some(rule) = programme.rules.get(position as usize) else { continue };
        let why_not = if codes::has_coupon(checkout, rule) {
            why_not(&checkout.context, &checkout.facts, rule)
        } else {
            Ok(Some(Outcome::CouponNotShown))
        };
        // Looked at where it is: to move it costs more than most conditions do.
        match why_not {
            Ok(None) => {
                if checkout.is_within_quotas(rule, candidates)? {
                    matched.push(Matched { rule, gave: false, excluded: false });
                }
            }
            // Nobody reads of a hidden rule before it strikes, but who explains all of them.
            Ok(Some(_)) if rule.hidden && candidates == Candidates::Indexed => {}
            Ok(Some(outcome)) => {
                checkout.say(&rule.key, outcome);
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(())
}

/// Why a rule does not hold, or nothing where it does.
pub(super) fn why_not(
    context: &Context<'_>,
    facts: &DecisionFacts<'_>,
    rule: &Rule,
) -> Result<Option<Outcome>, Refusal> {
    match (rule.audience, context.member) {
        (Audience::Members, None) => return Ok(Some(Outcome::NotForGuests)),
        (Audience::Guests, Some(_)) => return Ok(Some(Outcome::NotForMembers)),
        _ => {}
    }
    if let Some(miss) = schedule::misses(&rule.schedule, &context.programme.zone, context.at) {
        return Ok(Some(schedule::announced(rule, context, miss)?));
    }
    let is_late = price::late_condition(rule, context.programme.settings.threshold).is_some();
    if let Some(condition) = rule.when.as_ref().filter(|_| !is_late)
        && let Some(part) = condition.first_failing(facts, None)?
    {
        let part = u32::try_from(part).unwrap_or(u32::MAX);
        return Ok(Some(Outcome::ConditionFalse { part }));
    }
    limit_reached(context, facts.day, &rule.key, rule.limit)
}

/// The first day of the period that a limit counts in.
pub(super) fn limit_period(
    context: &Context<'_>,
    day: Date,
    limit: Limit,
) -> Result<Date, Refusal> {
    match limit.every {
        Some(unit) => Ok(unit.first_day(day)?),
        // A limit for ever counts from one day that never changes for a member.
        None => Ok(context.member.map_or(day, |member| member.joined)),
    }
}

pub(super) fn limit_reached(
    context: &Context<'_>,
    day: Date,
    of: &Key,
    limit: Option<Limit>,
) -> Result<Option<Outcome>, Refusal> {
    let (Some(limit), Some(member)) = (limit, context.member) else { return Ok(None) };
    let from = limit_period(context, day, limit)?;
    let reached = member.used(of, from) >= limit.times;
    Ok(reached.then_some(Outcome::LimitReached { times: limit.times, from }))
}
